"""What is true of the members and raises of a network on a day."""
