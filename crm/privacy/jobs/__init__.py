"""The timed work of retention, and the demonstration."""
