"""Forms of the angel network."""
