"""The worker’s part in feeds, and the feeds of the demonstration."""
