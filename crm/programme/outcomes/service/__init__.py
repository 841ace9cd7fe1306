"""The verbs of outcomes: planning, asking, and what is sent, recorded, corrected and confirmed."""
