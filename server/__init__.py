"""督察通: what the office does."""
