"""What leaves the angel network as a file: why each showing was lawful."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.angels.models import Promotion
from crm.angels.rules.labels import ARTICLES, BASES, CHANNELS

LEDGER_HEAD = (
    "shown at",
    "to",
    "pitch",
    "version",
    "how",
    "what",
    "article",
    "signed on",
    "holds until before",
    "words",
    "digest of the statement",
    "statement",
    "the network's basis",
)


def ledger_rows(found: Iterable[Promotion]) -> list[tuple[Any, ...]]:
    """Each row of the ledger with the statement that it rests on."""
    return [
        (
            each.shown_at,
            each.account.name,
            each.pitch.reference,
            each.pitch_version,
            CHANNELS[each.channel],
            each.item,
            ARTICLES[each.certification.ground],
            each.signed_on,
            each.valid_until,
            each.certification.wording.version_name,
            each.certification.sha256,
            str(each.certification_id),
            BASES[each.basis.basis],
        )
        for each in found
    ]
