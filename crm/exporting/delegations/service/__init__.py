"""The verbs of delegations: `leading`, `choosing`, `answering`, `returning`, and the letters (`telling`)."""
