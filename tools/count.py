"""Count the tests by kind, as the README gives them: run by `make count`, it collects them and runs none."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("fast", "database", "laws", "faults", "browser")


class Count:
    """Counts each case under one kind: a law wherever it needs a database or not, the rest by what it needs."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.kinds.update(kind_of(item) for item in session.items)


def kind_of(item: pytest.Item) -> str:
    if Path(item.path).is_relative_to(ROOT / "tests" / "rules"):
        return "laws"
    return next((kind for kind in ("browser", "faults", "fast") if item.get_closest_marker(kind)), "database")


def main() -> int:
    count = Count()
    with redirect_stdout(StringIO()) as said:
        code = pytest.main(["--collect-only", "-qq", str(ROOT / "tests")], plugins=[count])
    if code:
        print(said.getvalue())
    for kind in KINDS:
        print(f"{kind:10}{count.kinds[kind]:>7,}")
    print(f"{'all':10}{sum(count.kinds.values()):>7,}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
