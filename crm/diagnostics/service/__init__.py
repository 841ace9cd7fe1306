"""The verbs of diagnoses, question sets and readiness assessments."""
