"""The door: what both counters share. Arriving, reading, answering, and the wire contract written from the types."""
