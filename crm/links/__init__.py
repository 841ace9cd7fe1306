"""One-time links: a way in, or an answer, for whoever holds the letter."""
