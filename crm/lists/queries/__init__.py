"""What the lists of businesses are read by."""
