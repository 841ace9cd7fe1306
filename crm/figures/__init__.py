"""Dated legal and programme figures: changed by adding a row that a second person approves, never in code."""
