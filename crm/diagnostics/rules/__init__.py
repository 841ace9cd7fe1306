"""The rules of question sets: triage and its needs; readiness, its scores and its chart."""
