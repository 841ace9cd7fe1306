"""Introductions: an investor asks, a business agrees, and both see each other's contacts at one moment."""
