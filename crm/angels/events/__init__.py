"""Pitch nights: planned, invited to, held, and what came of them."""
