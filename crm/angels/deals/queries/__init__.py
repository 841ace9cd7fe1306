"""Reads of pledges, investments and the exemptions of raises."""
