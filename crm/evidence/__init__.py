"""What is counted: what help came to, and every sum that a business sought and whether it was found."""
