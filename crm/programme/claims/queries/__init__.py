"""Reads of claims, evidence, changes and recoveries."""
