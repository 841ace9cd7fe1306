"""Asks, tried."""
