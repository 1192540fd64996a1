"""The trial: a whole city on one machine, started by one command and gone when it stops."""
