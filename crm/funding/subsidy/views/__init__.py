"""The pages of subsidies: of one business, one subsidy with its papers, and the register."""
