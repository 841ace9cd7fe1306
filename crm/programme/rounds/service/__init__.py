"""Preparing rounds, and publishing them."""
