"""What the field says of pitches."""
