"""The pages of the angel network."""
