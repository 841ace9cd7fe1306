"""The cohort of a round: who is funded within the envelope, and what applicants are told."""
