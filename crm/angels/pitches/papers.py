"""What leaves the angel network as a file: why each showing was lawful, and what an investor takes along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from crm.angels.investors.models import Certification, RegulatoryBasis
from crm.angels.investors.rules.labels import ARTICLES, BASES, GROUNDS, INSTRUMENTS
from crm.angels.pitches.models import Pitch, Promotion
from crm.angels.pitches.rules.labels import CHANNELS, RELIEFS
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_in_words, moment_on, now
from crm.kernel.eligibility import STAGES
from crm.kernel.events import Event
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "ledger.typ"

LEDGER_HEAD = (
    "shown at",
    "investor",
    "pitch",
    "version",
    "channel",
    "item",
    "article",
    "signed on",
    "expires on",
    "wording",
    "digest of the statement",
    "statement",
    "legal basis",
)


PITCHES_HEAD = (
    "read this first",
    "pitch",
    "business",
    "headline",
    "raising, in pounds",
    "type of investment",
    "minimum investment",
    "stage",
    "SEIS",
    "EIS",
    "open until",
)


def pitch_rows(found: Iterable[Pitch], *, warning: str) -> list[tuple[Any, ...]]:
    """Pitches as a table. Each row carries the warning that the law wants before it: rows are sorted and copied."""
    return [
        (
            warning,
            each.reference,
            each.business.name,
            each.headline,
            each.amount,
            INSTRUMENTS[each.instrument],
            each.min_ticket or "",
            STAGES[each.stage] if each.stage else "",
            RELIEFS[each.seis] if "SEIS" in each.reliefs else RELIEFS["no"],
            RELIEFS[each.eis] if "EIS" in each.reliefs else RELIEFS["no"],
            each.closes_on,
        )
        for each in found
    ]


def last_day_event(found: Pitch, last: date, *, where: str) -> Event:
    """The last day of a pitch. Calendars are shared and shown on walls: only its reference is in it, and where to read."""
    start = moment_on(last, time())
    title = f"Last day of pitch {found.reference}"
    uid = f"last-day-{found.id}@pitches"
    return Event(uid, found.number, start, start, title, "", text=where, is_whole_day=True)


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


@dataclass(frozen=True)
class Evidence:
    """The ledger of one investor or one pitch, the earliest showing first."""

    title: str
    about: str
    rows: Sequence[Promotion]

    @property
    def statements(self) -> list[Certification]:
        """Every statement that a showing rests on, once, in the order of the first showing."""
        return list({each.certification_id: each.certification for each in self.rows}.values())

    @property
    def bases(self) -> list[RegulatoryBasis]:
        """Everything that let the network show them, once."""
        return list({each.basis_id: each.basis for each in self.rows}.values())


def ledger_pdf(evidence: Evidence, *, service_name: str) -> bytes:
    """Why each showing was lawful, with the statements word for word, as one tagged PDF (PDF/UA-1)."""
    places = {each.id: place for place, each in enumerate(evidence.statements, start=1)}
    told = {
        "title": evidence.title,
        "about": evidence.about,
        "service_name": service_name,
        "made": moment_in_words(now()),
        "bases": [_basis_told(each) for each in evidence.bases],
        "statements": [_statement_told(each, places[each.id]) for each in evidence.statements],
        "showings": [_showing_told(each, places[each.certification_id]) for each in evidence.rows],
    }
    return set_paper(SHEET, told)


def _basis_told(found: RegulatoryBasis) -> str:
    firm = f", {found.firm} ({found.frn})" if found.firm else ""
    until = f" until {day_in_words(found.valid_to)}" if found.valid_to else ""
    return f"{BASES[found.basis]}{firm}, from {day_in_words(found.valid_from)}{until}. {found.note}"


def _statement_told(found: Certification, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "who": found.account.name,
        "ground": f"{GROUNDS[found.ground]}, article {ARTICLES[found.ground]}",
        "days": f"Signed {day_in_words(found.signed_on)}, valid until {day_in_words(found.last_day)}",
        "revoked": f"Withdrawn {moment_in_words(found.revoked_at)}" if found.revoked_at else "",
        "words": f"Version {found.wording.version_name} of the wording",
        "digest": found.sha256,
        "text": found.text,
    }


def _showing_told(each: Promotion, place: int) -> list[str]:
    how = CHANNELS[each.channel] + (f": {each.item}" if each.item else "")
    what = f"{each.pitch.reference}, version {each.pitch_version}"
    return [moment_in_words(each.shown_at), each.account.name, what, how, str(place)]
