"""What the network's year counts on its manager's desk: each number opens just its rows."""

from __future__ import annotations

from typing import Any

from flask import url_for

from crm.angels.year.queries.members import days_on, members
from crm.angels.year.queries.raises import raises
from crm.angels.year.rules.members import OVER, SOON, TO_ASK, Member, Show, Wanted, chosen_of
from crm.angels.year.rules.raises import ShowRaises, raises_of
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Number, Todo, counted_todo


def numbers(actor: Actor) -> tuple[Number, ...]:
    """Members to whom pitches are open, who renew soon or should have, are silent or unchecked; raises that stall or end."""
    return _numbers(days_on(today()).remind) if actor.has(Role.NETWORK_MANAGER) else ()


def _numbers(soon: int) -> tuple[Number, ...]:
    return (
        _members("Members who can see pitches", Wanted(gate="open")),
        _members(
            f"Members whose membership or statement ends within {soon} days", Wanted(Show.RENEWALS, SOON)
        ),
        _members("Members whose membership or statement has ended", Wanted(Show.RENEWALS, OVER)),
        _members("Silent members", Wanted(Show.SILENT)),
        _members("Members without a valid identity check", Wanted(Show.CHECKS)),
        _raises("Stalled raises", ShowRaises.STALLED),
        _raises("Raises ending soon", ShowRaises.ENDING),
    )


def not_paid(_actor: Actor) -> tuple[Todo, ...]:
    """Members who can be asked to pay now: one line however many they are, with the list to ask from."""
    wanted = Wanted(gate=TO_ASK)
    words = ("member to ask about paying", "members to ask about paying")
    return counted_todo(len(_found(wanted)), words, href=_list_of(wanted))


def _members(label: str, wanted: Wanted) -> Number:
    return Number(label, len(_found(wanted)), _list_of(wanted))


def _found(wanted: Wanted) -> list[Member]:
    return chosen_of(members(today()), wanted, on=today(), days=days_on(today()))


def _list_of(wanted: Wanted) -> str:
    asked: dict[str, Any] = {"month": wanted.month or None, "gate": wanted.gate or None}
    return url_for("members.members", show=wanted.show, **asked)


def _raises(label: str, show: ShowRaises) -> Number:
    found = raises_of(raises(today()), show, on=today(), days=days_on(today()))
    return Number(label, len(found), url_for("stalled.stalled", show=show))
