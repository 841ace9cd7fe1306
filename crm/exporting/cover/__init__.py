"""Insurance and export finance: what fits an export contract, why not, and who was shut out."""
