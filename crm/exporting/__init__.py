"""International trade: plans by country, barriers, markets and festivals, and delegations to them."""
