"""The tests: a mirror of crm/, the rules of the house, journeys, and a real browser."""
