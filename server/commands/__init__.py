"""The commands behind `scripts/`: one module each."""
