"""Keeping what is counted: asks, outputs, baselines."""
