"""Reads of the programme: rounds, and the applications to them."""
