"""The verbs of pitches."""
