"""What Action 6 promises, and how it is counted."""
