"""Versioned question sets, the answers to them, and what they say a business needs."""
