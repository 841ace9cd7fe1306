"""The rules of the angel network, pure."""
