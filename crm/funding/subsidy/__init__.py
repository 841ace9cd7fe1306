"""Subsidy given: minimal financial assistance of each enterprise, what still fits, and the papers in their order."""
