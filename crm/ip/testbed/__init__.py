"""Test-bed projects: a question tried out with partners and businesses, and the lessons that are published from it."""
