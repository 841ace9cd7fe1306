"""What is counted: here, every sum that a business sought, and whether it was found."""
