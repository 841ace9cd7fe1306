"""The daily work that erases what came to nothing."""

from __future__ import annotations

from crm.programme.applications.service.erasing import erase_old


def erase_daily() -> None:
    """Erase the words, names and files of applications whose time is over."""
    erase_old()
