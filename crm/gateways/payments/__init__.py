"""Payments by card, by Stripe."""
