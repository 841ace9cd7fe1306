"""Assessing applications: panel, allocation, scores, moderation, ranking and packs."""
