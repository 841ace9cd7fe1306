"""Letters as they come: waiting in the demo's mailbox until the worker has put there what a test waits for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Page

from tests.engines import PATIENCE

Found = TypeVar("Found")
BETWEEN_LOOKS_MS = 250


def until(page: Page, find: Callable[[], Found | None]) -> Found:
    """What ``find`` finds, as soon as it finds anything. The page goes on living meanwhile."""
    for _look in range(int(PATIENCE * 1000 / BETWEEN_LOOKS_MS)):
        if (found := find()) is not None:
            return found
        page.wait_for_timeout(BETWEEN_LOOKS_MS)
    raise AssertionError(f"waited {PATIENCE:.0f} seconds in vain")


def newest_link(mailbox: Path, address: str, where: str, page: Page) -> str:
    """Wait for the newest letter to an address with such a link that opens something."""

    def link() -> str | None:
        letters = sorted(mailbox.glob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True)
        for letter in letters:
            text = letter.read_text()
            found = re.search(rf"https?://\S+/{where}/\S+", text)
            if address in text.split("\n\n", 1)[0] and found and page.request.get(found[0]).status == 200:
                return found[0]
        return None

    return until(page, link)
