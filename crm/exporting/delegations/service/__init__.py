"""The verbs of delegations: `leading`, `choosing`, `answering`, `returning`, `handing`, `inviting`, and the letters (`telling`)."""
