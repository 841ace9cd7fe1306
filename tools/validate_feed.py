"""Validate an Open Referral UK feed that is running: `make validate-feed URL=https://directory.example/oruk/v3`.

Each list is read to its end, each item opened, each kind of refusal tried, and everything held against the schema of the standard
in `tests/directory/standard/`. It prints every fault with the path that shows it, and ends with 1 where there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from urllib3 import PoolManager

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.directory.validating import Answer, faults_of_feed  # noqa: E402 found once the root is on the path

SECONDS = 30.0


def main(url: str) -> int:
    """Print what is wrong with the feed at an address; how many faults there are."""
    pool, asked = PoolManager(), 0

    def ask(method: str, path: str) -> Answer:
        nonlocal asked
        asked += 1
        found = pool.request(method, url.rstrip("/") + path, timeout=SECONDS, redirect=False)
        return Answer(found.status, dict(found.headers), found.data)

    faults = list(faults_of_feed(ask))
    for each in faults:
        print(each)
    print(f"{asked} requests, {len(faults)} faults")
    return len(faults)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].startswith("http"):
        sys.exit("Say which feed: make validate-feed URL=https://directory.example/oruk/v3")
    sys.exit(1 if main(sys.argv[1]) else 0)
