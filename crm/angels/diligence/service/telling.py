"""Letters about due diligence: to an investor by reference alone, to a business by the name it was introduced to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.diligence.models import DiligenceItem
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import told_of
from crm.angels.investors.queries.gate import admissions_of
from crm.angels.investors.rules.gate import statement_for
from crm.angels.pitches.service.telling import tell_business
from crm.angels.syndicates.queries.syndicates import syndicate_of_pitch, with_members_of
from crm.db.changes import amend
from crm.kernel.clock import now, today
from crm.notices.queries import unsent
from crm.notices.service import Extras, Reader, queue


def path_of(introduction: Introduction) -> str:
    """Where an investor reads what they asked."""
    return f"/introductions/{introduction.id}/due-diligence"


def tell_asker(found: Introduction, kind: str, **more: Any) -> None:
    """A letter to the investor about what they asked: with no word of the pitch, and one at a time."""
    _tell_once(found.account, kind, reference=found.reference, path=path_of(found), **more)


def _tell_once(reader: Account, kind: str, *, path: str, **more: Any) -> None:
    """Queue a letter, unless one of its kind about the same page has not left yet: it leads to all that is new."""
    if any(each.context.get("path") == path for each in unsent(kind, [reader.id])):
        return
    queue(kind, Reader(reader.email, reader.name, reader.id), having=Extras({"path": path} | more))


def tell_settled(settled: Sequence[DiligenceItem]) -> None:
    """One letter to each investor for all that was settled under an introduction and that they were not told of."""
    by_introduction: dict[Any, list[DiligenceItem]] = {}
    for each in settled:
        by_introduction.setdefault(each.introduction_id, []).append(each)
        amend(each, told_at=now())
    for some in by_introduction.values():
        tell_asker(some[0].introduction, "diligence_settled")


def tell_introduced(found: DiligenceItem, met: Iterable[Introduction]) -> None:
    """A letter to the other introduced investors that an answer was shared with them: to those alone who may read it today."""
    others = [each for each in met if each.account_id != found.account_id]
    readers = _who_may_read(found.pitch.instrument, (each.account_id for each in others))
    for each in others:
        if each.account_id in readers:
            tell_asker(each, "diligence_shared")


def _who_may_read(instrument: str, account_ids: Iterable[UUID]) -> set[UUID]:
    """Who of some investors may read what is said of a raise today: a letter to the others would lead to a closed page."""
    known = admissions_of(list(account_ids), on=today())
    return {key for key, each in known.items() if statement_for(each, instrument, on=today()) is not None}


def tell_syndicate(pitch_id: UUID) -> None:
    """A letter to the lead and the confirmed members of a syndicate that an answer was shared with them: one at a time."""
    found = syndicate_of_pitch(pitch_id)
    if found is None:
        return
    path = f"/syndicates/{found.id}/due-diligence"
    for account_id in _who_may_read(found.pitch.instrument, with_members_of(pitch_id)):
        reader = account(account_id)
        if reader is not None:
            _tell_once(reader, "diligence_shared_syndicate", path=path, reference=found.reference)


def tell_people(found: Introduction, kind: str, *, path: str, **more: Any) -> None:
    """A letter to those at the business who look after this introduction."""
    people, investor = told_of(found), found.account.name
    tell_business(found.pitch, kind, people=people, path=path, investor=investor, **more)
