"""What the network rests on: its regulatory basis, and the words that a lawyer signed off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from crm.angels.investors.models import RegulatoryBasis, StatementWording
from crm.angels.investors.policy import POLICY
from crm.angels.investors.rules.statements import digest_of_body
from crm.angels.investors.workflow import Act, Basis, Ground
from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class BasisDetails:
    """What lets the network arrange introductions; a firm where it acts under one."""

    basis: Basis
    note: str
    valid_from: date
    valid_to: date | None = None
    firm: str = ""
    frn: str = ""


def record_basis(details: BasisDetails, *, by: Actor) -> RegulatoryBasis:
    """Record on what the network rests from a day on. What was recorded before stays in the history."""
    POLICY.require(by, Act.RECORD_BASIS)
    if details.basis is not Basis.ENTERPRISE_EXEMPTION and not (details.firm and details.frn):
        raise Invalid("Enter the firm and its FCA reference number", field="firm")
    if details.valid_to is not None and details.valid_to < details.valid_from:
        raise Invalid("The last day must be on or after the first day", field="valid_to")
    made = RegulatoryBasis(**fields_of(details), recorded_at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD_BASIS, made, created(**fields_of(details)), by=by)
    return made


@dataclass(frozen=True)
class Approval:
    """Who signed a wording off, on which day, and under which reference."""

    lawyer: str
    on: date
    reference: str


def why_not_approved(found: StatementWording) -> str | None:
    """Why a wording cannot be signed off; None where it can."""
    return "This wording has already been approved." if found.is_approved else None


def approve(found: StatementWording, approval: Approval, *, by: Actor) -> None:
    """Record that a lawyer signed a wording off: from now on investors can sign it."""
    POLICY.require(by, Act.APPROVE_WORDING, found)
    refuse_if(why_not_approved(found))
    if approval.on > today():
        raise Invalid("The date must be today or in the past", field="on")
    changes = amend(
        found,
        approved_on=approval.on,
        approved_by=approval.lawyer,
        approved_reference=approval.reference,
        recorded_by_id=by.account_id,
    )
    audit.record(Act.APPROVE_WORDING, found, changes, by=by)


def load_reference() -> dict[str, int]:
    """The wordings that come with the product: our own summaries, which cannot be signed until they are approved."""
    text = files("crm.angels.investors").joinpath("reference/statements.json").read_text(encoding="utf-8")
    return {"statement wordings": load_wordings(json.loads(text))}


def load_wordings(rows: list[Mapping[str, Any]]) -> int:
    """Add the wordings that are not there yet, as they stand in a file; return how many. None is ever changed."""
    known = set(session().execute(select(StatementWording.ground, StatementWording.version_name)))
    fresh = [row for row in rows if (Ground(row["ground"]), row["version"]) not in known]
    for row in fresh:
        session().add(
            StatementWording(
                ground=Ground(row["ground"]),
                version_name=row["version"],
                valid_from=date.fromisoformat(row["valid_from"]),
                signed_until=_day(row["signed_until"]),
                counts_until=_day(row["counts_until"]),
                body=row["body"],
                sha256=digest_of_body(row["body"]),
                source=row["source"],
            )
        )
    session().flush()
    return len(fresh)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
