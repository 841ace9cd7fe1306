"""The verbs of payments: `requesting` one, bank `details`, `running` them to the bank, and `reconciling` its answers."""
