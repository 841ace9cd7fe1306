"""What the field says of introductions."""
