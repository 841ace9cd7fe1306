"""The audit log as a file."""

from __future__ import annotations

HEAD = ("When", "Who", "What was done", "Kind of thing", "Thing", "Values")
