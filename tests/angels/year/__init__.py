"""The network's year."""
