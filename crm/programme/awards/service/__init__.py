"""What is done with awards."""
