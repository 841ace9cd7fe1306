"""What a readiness assessment leads to: the next actions, and who can help with each."""
