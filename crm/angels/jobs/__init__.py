"""Timed work of the network: clocks of introductions, alerts, the nightly visit of a stranger."""
