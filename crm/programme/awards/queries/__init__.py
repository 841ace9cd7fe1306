"""Reads of awards and of their milestones."""
