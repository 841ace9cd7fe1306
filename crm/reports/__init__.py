"""What Action 6 came to, for those who must account for it: a room that reads all others and is read by none."""
