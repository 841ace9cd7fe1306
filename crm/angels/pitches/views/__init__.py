"""The pages of pitches."""
