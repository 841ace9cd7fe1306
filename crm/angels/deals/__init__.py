"""Deals: what investors pledge to a raise, what they invested, and which exemption the offer relies on."""
