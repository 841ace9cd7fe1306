"""Reads of investors and of the gate."""
