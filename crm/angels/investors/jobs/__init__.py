"""Commands and timed work about investors."""
