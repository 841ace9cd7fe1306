"""Intellectual property as a trade: what a readiness assessment leads to."""
