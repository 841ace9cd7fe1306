"""What the pages of a syndicate show, to the side that reads them: names by consent, sums only of several, terms behind the gate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import render_template

from crm.angels.deals.queries.pledges import introduced
from crm.angels.investors.policy import READERS
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.views.reading import note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember
from crm.angels.syndicates.policy import POLICY, has_a_place, has_had_part, leads_it
from crm.angels.syndicates.policy import may_read as may_be_read
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.rules.naming import has_sums, is_named_to
from crm.angels.syndicates.service.agreeing import why_not_agreed, why_not_proposed
from crm.angels.syndicates.service.joining import why_not_confirmed, why_not_joined
from crm.angels.syndicates.workflow import LEADS, MEMBERS, TERMS, Act, MemberStatus
from crm.kernel.permissions import Actor
from crm.web.identity import current_actor
from crm.web.parts import parts_on
from crm.web.permit import open_acts

WHAT = "Syndicate terms"


@dataclass(frozen=True)
class Shown:
    """One member as a reader sees them: a name, or none."""

    member: SyndicateMember
    name: str
    is_own: bool


@dataclass(frozen=True)
class ShownLead:
    """One offer to lead as a reader sees it: with what was written about it, or without."""

    lead: SyndicateLead
    is_own: bool
    is_inside: bool

    @property
    def has_words(self) -> bool:
        """Whether the message and a reason are shown: to the network, the business and their writer."""
        return self.is_inside or self.is_own


def side_of(found: Syndicate, actor: Actor) -> str:
    """The side that an actor is on: staff, business, lead, member, or another investor."""
    if actor.has(*READERS):
        return "staff"
    if is_of_their_business(actor, found):
        return "business"
    if leads_it(actor, found):
        return "lead"
    return "member" if has_a_place(actor, found) else "investor"


def is_inside(actor: Actor, found: Syndicate) -> bool:
    """Whether an actor is of the network's staff or of the business: no promotion is made to them."""
    return actor.has(*READERS) or is_of_their_business(actor, found)


def may_read(found: Syndicate) -> bool:
    """Whether the current actor may read terms and names now."""
    actor = current_actor()
    return is_inside(actor, found) or may_be_read(actor, found)


def warned(found: Syndicate) -> str:
    """The warning that the law wants with the terms, for an investor; their row of the ledger is left."""
    if is_inside(current_actor(), found):
        return ""
    note_shown([found.pitch], Channel.PAGE, WHAT)
    return warning(found.pitch)


def people_of(found: Syndicate) -> list[Shown]:
    """The live members, each with the name that the current actor may see."""
    actor, side = current_actor(), side_of(found, current_actor())
    live = [each for each in found.members if found.is_or_was_place(each)]
    met: set[Any] = set()
    if side == "business" and live:
        met = introduced({each.account_id for each in live}, {found.pitch.business_id})
    return [_shown(each, side, actor, (each.account_id, found.pitch.business_id) in met) for each in live]


def _shown(found: SyndicateMember, side: str, actor: Actor, is_met: bool) -> Shown:
    is_own = found.account_id == actor.account_id
    knows = is_own or is_named_to(side, found.naming, is_met=is_met)
    return Shown(found, found.account.name if knows else "", is_own)


def leads_of(found: Syndicate, side: str, actor: Actor, *, is_open: bool) -> list[ShownLead]:
    """One's own offers, and who leads where names may be read; to staff and the business every offer."""
    is_inside = side in ("staff", "business")
    shown = [ShownLead(each, each.account_id == actor.account_id, is_inside) for each in found.leads]
    return [each for each in shown if each.is_own or is_inside or (is_open and found.leads_or_led(each.lead))]


def _sums(found: Syndicate, side: str) -> dict[str, Any]:
    joined = [each.account_id for each in found.members if each.status is MemberStatus.JOINED]
    ids = {*joined, *([found.lead.account_id] if found.lead else [])}
    is_shown = bool(ids) and has_sums(side)
    return {"sums": queries.sums_of(found.pitch, ids) if is_shown else None, "investors": len(ids)}


def syndicate_page(found: Syndicate) -> str:
    """One syndicate: who leads it, its terms, its members, and what the reader can do."""
    actor, is_open = current_actor(), may_read(found)
    side = side_of(found, actor)
    shown: dict[str, Any] = {"side": side, "is_open": is_open, "labels": labels, "Act": Act}
    shown |= {"warning": warned(found) if is_open else "", "is_part": has_had_part(actor, found)}
    shown["leads"] = leads_of(found, side, actor, is_open=is_open)
    shown["parts"] = parts_on("syndicates.syndicate", found)
    shown |= {"people": people_of(found) if is_open else [], **(_sums(found, side) if is_open else {})}
    return render_template("angels/syndicates/syndicate.html", syndicate=found, **shown, **_acts(found))


def _acts(found: Syndicate) -> dict[str, Any]:
    """What the reader can do with each part, and with the syndicate as it stands."""
    actor = current_actor()
    own_lead, own = found.lead_of(actor.account_id), found.member_of(actor.account_id)
    whole = open_acts(found, policy=POLICY, also=(Act.PROPOSE, Act.JOIN))
    can_join = Act.JOIN in whole and own is None and own_lead is None and why_not_joined(found) is None
    shown: dict[str, Any] = {"own": own, "own_lead": own_lead, "can_join": can_join}
    shown["has_ground"] = can_join and actor.account_id and queries.has_ground(actor.account_id, found.pitch)
    shown["can_propose"] = Act.PROPOSE in whole and why_not_proposed(found) is None
    shown["why_not_confirmed"] = why_not_confirmed(own) if own is not None else None
    shown["why_not_agreed"] = why_not_agreed(found.proposed) if found.proposed is not None else None
    return shown | {"acts": _acts_of_parts(found, own)}


def _acts_of_parts(found: Syndicate, own: SyndicateMember | None) -> dict[UUID, frozenset[StrEnum]]:
    acts = {each.id: open_acts(each, policy=POLICY, machine=LEADS) for each in found.leads}
    acts |= {each.id: open_acts(each, policy=POLICY, machine=TERMS) for each in found.terms}
    if own is not None:
        acts[own.id] = open_acts(own, policy=POLICY, machine=MEMBERS, also=(Act.NAME,))
    return acts
