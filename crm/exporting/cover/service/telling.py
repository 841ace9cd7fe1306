"""What a business is written about thresholds of turnover: that one shuts it out, that it has grown past it, and that a check counts no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.businesses.models import Business
from crm.evidence.rules import Excluded
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import checks_of, crossed, firm_of, offers_shut
from crm.exporting.cover.rules.excluding import line_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.models import Letter
from crm.notices.queries import letters_about, unsent
from crm.notices.service import Extras, Reader, call_back, queue
from crm.referrals.service import asking

SHUT_OUT, CROSSED, WITHDRAWN = "cover_shut_out", "cover_past_threshold", "cover_withdrawn"
GATHER = timedelta(minutes=10)
"""How long a letter about a threshold waits for what may follow it at once."""
SUPERSEDED = "Something newer is told in its place."


def tell_shut_out(made: CoverCheck, business: Business, *, shut: Sequence[Excluded], by: Actor) -> None:
    """Write to the people of the business, the first time that each hears of a threshold that shuts it out of a product.

    Nobody is told in a letter what they see on the page, now or in a check of their own before. Checks that follow each
    other within `GATHER` are told in one letter.
    """
    if by.is_system:
        return
    known = _known_to(business)
    for account, _ in people_of_business(business.id):
        new = [each for each in shut if (account.id, each.offer) not in known]
        if new and account.id != by.account_id:
            told = {"contract": made.told["sentence"], "path": _page(made), "by": by.name}
            told |= {"lines": [line_of(each) for each in new], "offers": [each.offer for each in new]}
            _gather(business, account, told)


def _gather(business: Business, reader: Account, told: dict[str, Any]) -> None:
    """One letter with what a check found and what waits to be told to the same person about the business."""
    _write_of(business, reader, [*_waiting(business, reader), told])


def _waiting(business: Business, reader: Account) -> list[dict[str, Any]]:
    """The checks of a business that wait to be told to one of its people; their letters are called back."""
    path = _results(business)
    waiting = [each.context for each in unsent(SHUT_OUT, [reader.id]) if each.context.get("path") == path]
    call_back(SHUT_OUT, path=path, to=[reader.id], reason=SUPERSEDED)
    return [{"offers": each["offers"], **check} for each in waiting for check in each["checks"]]


def _write_of(business: Business, reader: Account, checks: Sequence[dict[str, Any]]) -> None:
    offers = {offer for each in checks for offer in each["offers"]}
    context = {"business_name": business.name, "path": _results(business), "checks": list(checks)}
    _write(SHUT_OUT, reader, context | {"offers": sorted(offers)}, business)


def _results(business: Business) -> str:
    return f"/businesses/{business.id}/exporting"


def _page(found: CoverCheck) -> str:
    return f"/export-cover/{found.id}"


def tell_withdrawn(found: CoverCheck) -> None:
    """Take a check that was withdrawn out of the letters that wait; whoever had read of it is told that it counts no more."""
    business, page = found.business, _page(found)
    readers = {account.id: account for account, _ in people_of_business(business.id)}
    for reader in readers.values():
        waiting = _waiting(business, reader)
        left = [each for each in waiting if each["path"] != page]
        if left:
            _write_of(business, reader, left)
    told = {
        each.account_id for each in _letters(business, SHUT_OUT) if each.account_id and _tells_of(each, page)
    }
    for account_id in told & set(readers):
        context = {"business_name": business.name, "path": page, "contract": found.told["sentence"]}
        _write(WITHDRAWN, readers[account_id], context | {"reason": found.withdrawn_reason}, business)


def _tells_of(letter: Letter, page: str) -> bool:
    """Whether a letter that was not called back tells of the check that has a page."""
    return any(each["path"] == page for each in _checks_in(letter))


def _checks_in(letter: Letter) -> list[dict[str, Any]]:
    """The checks that a letter about thresholds tells of: older ones tell of one alone."""
    found: list[dict[str, Any]] = letter.context.get("checks", [letter.context])
    return found


def _write(kind: str, reader: Account, context: Mapping[str, Any], business: Business) -> None:
    """A letter that leaves a little later, so that what follows at once can be told with it, or in its place."""
    having = Extras(context, about=("business", business.id))
    letter = queue(kind, Reader(reader.email, reader.name, reader.id), having=having)
    letter.not_before = now() + GATHER


def _known_to(business: Business) -> set[tuple[UUID | None, str]]:
    """Who knows that a threshold shuts the business out of which product: by a letter that still holds, or by a check of their own."""
    gone = {_page(each) for each in checks_of(business.id) if each.withdrawn_at is not None}
    written = {
        (letter.account_id, offer)
        for letter in _letters(business, SHUT_OUT)
        for each in _checks_in(letter)
        if each["path"] not in gone
        for offer in each.get("offers", letter.context.get("offers", ()))
    }
    return written | offers_shut(business.id)


def _letters(business: Business, kind: str) -> list[Letter]:
    """What was written of one kind to the people of a business, the newest first."""
    return [each for each in letters_about([("business", business.id)]) if each.kind == kind]


def tell_of_crossing(business: Business, **_who: Any) -> None:
    """Tell a business that its turnover reached the threshold that shut it out, and again where the record says otherwise.

    The last letter always agrees with the record. What has not left yet is called back: a figure that is changed and
    changed back within `GATHER` is told once, as it is in the end, or not at all where the letter before said just that.
    """
    readers = [account for account, _ in people_of_business(business.id)]
    path = f"/businesses/{business.id}/export-cover/new"
    call_back(CROSSED, path=path, to=[each.id for each in readers], reason=SUPERSEDED)
    before = max(_letters(business, CROSSED), key=_number, default=None)
    told = _to_tell(business, before)
    if told is None:
        return
    adviser = asking.adviser_of(business)
    named = {"business_name": business.name, "adviser": adviser.name if adviser else ""}
    context = {"path": path, **named, **told}
    for account in readers:
        _write(CROSSED, account, context | {"number": _number(before) + 1 if before else 1}, business)


def _to_tell(business: Business, before: Letter | None) -> dict[str, Any] | None:
    """What is told of the turnover of a business and its threshold, beside the last letter; None where that says it."""
    found = max(crossed(SYSTEM, of=business.id), key=lambda each: each.happened_on, default=None)
    if found is not None and (before is None or day_of(before.queued_at) < found.happened_on):
        told = {"turnover": str(found.now), "threshold": str(found.threshold), "offer": found.offer_name}
        return told | {"on": day_in_words(found.happened_on), "is_past": True}
    if before is None:
        return None
    turnover, threshold = firm_of(business).turnover, Money.parse(before.context["threshold"])
    has_reached = turnover is not None and turnover.pence >= threshold.pence
    if has_reached == bool(before.context["is_past"]):
        return None
    told = {name: before.context[name] for name in ("threshold", "offer", "on")}
    return told | {"turnover": "not known" if turnover is None else str(turnover), "is_past": has_reached}


def _number(letter: Letter) -> int:
    """How many times the business was written to about the threshold, with this letter."""
    return int(letter.context["number"])
