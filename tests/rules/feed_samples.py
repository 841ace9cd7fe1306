"""Samples of the feeds of other councils."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.feeds.models import FeedImport, IncomingService
from crm.feeds.workflow import ImportStatus, Verdict
from crm.kernel.clock import now
from tests import factories

Values = Mapping[str, Any]


def a_feed(by_id: Any = None, **fields: Any) -> FeedImport:
    """A feed to look through, with one service that is new."""
    given = {
        "publisher": "Midshire Council",
        "address": "https://midshire.example/services",
        "asked_at": now(),
    }
    given |= {
        "asked_by_id": by_id or factories.account().id,
        "_status": ImportStatus.READY,
        "page": 2,
        "pages": 1,
    }
    made: FeedImport = factories.kept(FeedImport(**(given | fields)))
    a_row(made)
    return made


def a_row(found: FeedImport, **fields: Any) -> IncomingService:
    """A service of a feed."""
    given = {"import_id": found.id, "page": 1, "place": 1, "name": "Start a studio", "provider": "Midshire"}
    given |= {"verdict": Verdict.NEW, "match_key": "0" * 64, "external_id": "one"}
    made: IncomingService = factories.kept(IncomingService(**(given | fields)))
    return made


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "import_id": lambda cast, _values: (a_feed(cast.administrator.id).id,)
}
