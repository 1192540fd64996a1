"""The counter for time: no person asks, the journal or the clock does."""
