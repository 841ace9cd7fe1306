"""The verbs of the angel network."""
