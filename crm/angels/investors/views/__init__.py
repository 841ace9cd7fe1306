"""The pages about investors."""
