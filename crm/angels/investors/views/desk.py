"""What the network shows about investors on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.investors.policy import own_admission
from crm.angels.investors.queries import angels
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import why_closed
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Todo, counted_todo


def applicants(_actor: Actor) -> tuple[Todo, ...]:
    """Applications that wait for a decision."""
    waiting = angels.count_waiting()
    href = url_for("angels.all_angels", status="applied")
    return counted_todo(waiting, ("investor application", "investor applications"), href=href)


def certificates_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Certificates of an authorised person that are attached and not confirmed, but for this person's own."""
    found = (each for each in angels.certificates_waiting(today()) if each.account_id != actor.account_id)
    return tuple(
        Todo(
            "Confirm the certificate",
            None,
            url_for("certifications.certification", certification_id=each.id),
            about=each.account.name,
            since=each.signed_on,
        )
        for each in found
    )


def statements_to_renew(_actor: Actor) -> tuple[Todo, ...]:
    """Statements that end soon, each with its last day."""
    return tuple(
        Todo(
            "The investor statement ends",
            None,
            url_for("certifications.certification", certification_id=each.id),
            about=each.account.name,
            due=each.valid_until,
        )
        for each in angels.statements_near_end(today(), within=_soon())
    )


def _soon() -> int:
    return int(figure_on("angel.remind_days", on=today()))


def checks_to_repeat(actor: Actor) -> tuple[Todo, ...]:
    """Identity checks of members that are over a year old."""
    return tuple(
        Todo(
            "Repeat the identity check",
            None,
            url_for("angels.angel", angel_id=each.id),
            about=each.name,
            since=each.checked_on,
        )
        for each in angels.checks_over(today())
        if each.account_id != actor.account_id
    )


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """An angel's part of their desk: what is open to them, or what keeps it closed."""
    if not actor.has(Role.ANGEL):
        return None
    return {"closed": why_closed(own_admission(actor), on=today()), "labels": labels}
