"""The mini-program in a browser: a phone on the desk, in the hands of whomever of the demo city one likes."""
