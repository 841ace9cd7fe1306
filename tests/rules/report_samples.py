"""A sample of what the addresses of the reports name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "measure_key": lambda _cast, _values: ("conversations",),
}
