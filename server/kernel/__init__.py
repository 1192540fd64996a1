"""What every package builds on: time, text, numbers, refusals and the unit of work; no domain knowledge."""
