"""Action 6 at a glance: each line of the plan with what was done, and the rows behind each number."""
