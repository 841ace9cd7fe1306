"""The verbs of feeds: asking for one, reading it, taking it in, and taking that back."""
