"""The verbs of subsidies: `recording` what was given elsewhere, `giving` ours in the order of its papers, and `linking`."""
