"""The forms of diagnoses, question sets and readiness assessments."""
