"""The rules of cohorts, pure."""
