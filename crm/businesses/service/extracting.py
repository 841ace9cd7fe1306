"""Keeping who took rows out of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from crm.audit import service as audit
from crm.kernel.errors import Trace
from crm.kernel.permissions import Actor


def noting(act: StrEnum, filters: Mapping[str, Sequence[str]], *, rows: int, by: Actor) -> Trace:
    """The trace of an extract: who took a list out, by which filters, and how many rows it had."""
    kept = {name: list(values) for name, values in filters.items() if any(values)}

    def leave() -> None:
        if by.account_id is not None:
            audit.record(act, audit.Reader(by.account_id), {"filters": kept, "rows": rows}, by=by)

    return leave
