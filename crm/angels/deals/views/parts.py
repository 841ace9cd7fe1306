"""What deals add to the pages of pitches, raises and introductions, and to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import exemptions, investments
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.rules import labels
from crm.angels.deals.rules.exemptions import said as counters_said
from crm.angels.deals.rules.exemptions import why_not_exempt
from crm.angels.deals.service.exempting import why_not_exempted
from crm.angels.deals.service.reporting import why_not_reported, why_not_reported_own
from crm.angels.deals.views.showing import told_of
from crm.angels.deals.workflow import Act
from crm.angels.introductions.models import Introduction
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import READERS, own_admission
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.pitches.models import Pitch
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo


def load_pitch(actor: Actor, found: Pitch) -> Mapping[str, Any]:
    """What a raise has, in sums alone, and the investor's own pledges to it."""
    is_looked_at = actor.account_id is None or actor.seen_by is not None
    own = () if is_looked_at else queries.own_of_pitch(found.id, actor.account_id)  # type: ignore[arg-type]
    return {"sums": queries.sums_of(found), "own": own, "labels": labels}


def load_erasing(_actor: Actor, found: Angel) -> Mapping[str, Any] | None:
    """The pledges and investments that stay where their investor is erased; None where they have none."""
    pledges, made = rows_of(Pledge, found.account_id), rows_of(Investment, found.account_id)
    return {"pledges": len(pledges), "investments": len(made)} if pledges or made else None


def load_raise(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """What a raise has, for its business and the network; and for the network, the exemption of its offer."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    sums = queries.sums_of(found) if found.published_at else None
    shown: dict[str, Any] = {"sums": sums, "labels": labels, "exemption": None}
    can_record = POLICY.allows(actor, Act.RECORD_EXEMPTION, found)
    if can_record or actor.has(*READERS):
        counters = exemptions.counters_of(found)
        shown |= {"exemption": exemptions.exemption_of(found.id), "counters": counters}
        shown |= {"lock": why_not_exempt(counters), "said": counters_said(counters) if counters else ""}
    shown["can_record"] = can_record and why_not_exempted(found) is None
    return shown | {"reads": can_record or actor.has(*READERS)}


def load_closing(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """Who invested how much, before a raise closes."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = investments.of_pitch(found.id)
    shown: dict[str, Any] = {"rows": rows, "told": told_of(rows, names_pitches=False), "labels": labels}
    shown |= {"sum": investments.invested_sum(found.id), "open": len(queries.of_pitch(found.id))}
    shown["unconfirmed"] = queries.sums_of(found).reported
    return shown | {"can_report": why_not_reported(found) is None}


def load_introduction(actor: Actor, found: Introduction) -> Mapping[str, Any] | None:
    """The way to record an investment, once both were introduced."""
    if not POLICY.allows(actor, Act.REPORT_OWN, found):
        return None
    own = [each for each in investments.of_pitch(found.pitch_id) if each.account_id == found.account_id]
    can_report = why_not_reported_own(found) is None
    return {"own": own, "can_report": can_report, "labels": labels} if own or can_report else None


def _investment(found: Investment, words: str, **more: Any) -> Todo:
    href = url_for("investments.investment", investment_id=found.id)
    return Todo(words, None, href, since=found.reported_at.date(), **more)


def offers_to_take(actor: Actor) -> tuple[Todo, ...]:
    """Places in raises that an investor is offered, each with its last day."""
    is_here = actor.account_id and actor.seen_by is None and own_admission(actor).is_accepted
    own = queries.offers_to(actor.account_id) if is_here and actor.account_id else ()
    return tuple(
        Todo(
            f"Take the place for your pledge {each.reference}, or withdraw it",
            None,
            url_for("pledges.pledge", pledge_id=each.id),
            due=each.offered_until,
        )
        for each in own
    )


def own_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Investments that a business reported of an investor."""
    own = investments.waiting_for_investor(actor.account_id) if actor.account_id and not actor.seen_by else ()
    return tuple(
        _investment(each, f"Confirm your investment of {each.amount}", about=each.pitch.business.name)
        for each in own
    )


def to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Investments that investors reported, for the founder of their business."""
    return tuple(
        _investment(
            each,
            f"Confirm the investment of {each.amount}",
            about=each.account.name if each.account else each.investor_name,
        )
        for each in investments.waiting_for_businesses(own_ids(actor))
    )


def to_settle(_actor: Actor) -> tuple[Todo, ...]:
    """Investments on which both sides differ, or of which the network alone can say that they were made."""
    return tuple(
        _investment(
            each,
            f"{'Settle' if each.account_id else 'Check'} investment {each.reference}",
            about=each.pitch.business.name,
        )
        for each in investments.for_network()
    )


def late_answers(_actor: Actor) -> tuple[Todo, ...]:
    """Reports of investments that the other side has not answered in time."""
    return tuple(
        _investment(each, f"Investment {each.reference} is not answered", is_overdue=True)
        for each in investments.unanswered(today())
    )


def exemptions_at_risk(_actor: Actor) -> tuple[Todo, ...]:
    """Raises that are shown and whose offer is no longer exempt, or near the limit of all that it relies on."""
    found = exemptions.shown_now()
    known = exemptions.counters_of_many(found) if found else {}
    over = [each for each in found if why_not_exempt(known.get(each.id)) is not None]
    near = [each for each in found if each.id in known and known[each.id].is_last_near]
    return (
        *(
            _exemption(each, "Record an exemption that holds, or pause the pitch", is_overdue=True)
            for each in over
        ),
        *(_exemption(each, "The limits of a public offer are near") for each in near),
    )


def _exemption(found: Pitch, words: str, *, is_overdue: bool = False) -> Todo:
    href = url_for("raises.one_raise", pitch_id=found.id, _anchor="exemption")
    return Todo(words, None, href, is_overdue=is_overdue, about=found.business.name)
