"""The rules of claims: caps, match funding, changes and forecasts. Whole pence, no database."""
