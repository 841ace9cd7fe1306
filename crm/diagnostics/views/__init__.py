"""The pages of diagnoses, question sets and readiness assessments."""
