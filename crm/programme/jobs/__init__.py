"""Timed work of the programme, and its part of the demonstration."""

from __future__ import annotations

from crm.programme.jobs.demonstration import load_demo

__all__ = ["load_demo"]
