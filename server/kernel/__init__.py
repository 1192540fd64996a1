"""What every room stands on: time, text, numbers, refusals and the unit of work; nothing of reform work."""
