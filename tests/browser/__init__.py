"""Journeys in a real browser, with axe on every page."""
