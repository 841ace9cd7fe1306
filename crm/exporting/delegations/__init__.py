"""Delegations: places at a market or festival, chosen by stated criteria, and what came of each."""
