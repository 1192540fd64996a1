"""The mini-program in a browser: phones for every person of the demo city."""
