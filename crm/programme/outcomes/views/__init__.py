"""The pages of outcomes: reports, the growth of a business, the cohort, and the map of who was funded."""
