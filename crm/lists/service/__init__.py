"""What is done with the lists of businesses."""
