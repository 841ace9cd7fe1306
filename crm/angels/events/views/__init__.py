"""The pages of pitch nights."""
