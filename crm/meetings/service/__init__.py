"""Arranging appointments, and holding workshops."""
