"""Diagnoses, tried."""
