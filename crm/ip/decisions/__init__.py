"""The log of strategic decisions: the question, what was known then, what was decided, and what became of it."""
