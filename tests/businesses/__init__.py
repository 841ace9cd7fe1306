"""Businesses, tried."""
