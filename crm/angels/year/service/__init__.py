"""Writing to several members or founders at once."""
