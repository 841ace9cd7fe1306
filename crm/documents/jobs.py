"""Sweeping the store, once a day."""

from __future__ import annotations

from flask import current_app

from crm.documents.service import sweep


def sweep_store() -> None:
    """Daily: delete the bytes that no row speaks of."""
    sweep(current_app.extensions["files"])
