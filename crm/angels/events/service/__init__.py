"""The verbs of pitch nights."""
