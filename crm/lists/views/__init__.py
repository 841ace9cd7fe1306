"""The pages of the lists of businesses."""
