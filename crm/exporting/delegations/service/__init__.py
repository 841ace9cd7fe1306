"""The verbs of delegations: `leading`, `choosing`, `answering`, `returning`, `reviewing`, `handing`, `inviting`, and the letters (`telling`)."""
