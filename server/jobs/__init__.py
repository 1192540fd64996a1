"""Background jobs: started by the journal or the clock, not by a person."""
