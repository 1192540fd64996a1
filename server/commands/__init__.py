"""What `scripts/` starts: one module each."""
