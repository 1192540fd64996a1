"""What answers requests: the door, the phones' API and the office's console."""
