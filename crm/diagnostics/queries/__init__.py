"""Reads of diagnoses, question sets and readiness assessments."""
