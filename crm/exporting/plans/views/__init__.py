"""The pages of the calendar, of export plans, and what they show elsewhere."""
