"""Asking the register of the Intellectual Property Office about a right, and taking over what it says field by field."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.gateways.rights_register import Entry, RightsRegister, RightsRegisterUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.rights.models import RegisterAnswer, Right
from crm.rights.policy import POLICY
from crm.rights.queries import register_answer
from crm.rights.rules.labels import KINDS
from crm.rights.rules.registering import DAYS, ON_REGISTER, REGISTER, Difference, as_read, differences
from crm.rights.rules.shares import in_words
from crm.rights.rules.territories import UNITED_KINGDOM, Reach, reach
from crm.rights.service.keeping import RightDetails, correct, require_not_held
from crm.rights.workflow import Act, RightStatus
from crm.throttles import service as throttles
from crm.throttles.rules import RIGHTS_REGISTER

STILL = "You can go on by typing."


def why_not_look_up(found: Right) -> str | None:
    """Why a right cannot be looked up: the office has no register of it, or none of its place, or its number is none of it."""
    if found.number_on_register:
        return None
    if found.kind in ON_REGISTER and reach(found.territory) is Reach.ELSEWHERE:
        return f"{REGISTER} has only rights of the United Kingdom, so this one cannot be looked up there."
    return "Only a trade mark, design or patent with a UK number can be looked up. Correct its number first."


def look_up(
    business: Business, register: RightsRegister, *, kind: str, number: str, secret: str, by: Actor
) -> RegisterAnswer:
    """Ask the register about a number and store what it says. Nothing of ours changes.

    ``number`` is written as the register writes it. Raises `Invalid` in words where the register cannot be asked.
    """
    POLICY.require(by, Act.LOOK_UP, business)
    require_in_use(business)
    throttles.require_within(RIGHTS_REGISTER, "all", secret=secret)
    throttles.count_try(RIGHTS_REGISTER, "all", secret=secret)
    try:
        found = register.entry(kind, number)
    except RightsRegisterUnavailable as error:
        raise Invalid(f"{error} {STILL}", field="number") from error
    return _stored(business, kind, number, entry=found, by=by)


def look_up_new(
    business: Business, register: RightsRegister, *, kind: str, number: str, secret: str, by: Actor
) -> RegisterAnswer:
    """Look a number up before its right is added. Refuses one that the business has entered already."""
    POLICY.require(by, Act.LOOK_UP, business)
    require_not_held(business, kind, number=number, territory=UNITED_KINGDOM)
    return look_up(business, register, kind=kind, number=number, secret=secret, by=by)


def _stored(business: Business, kind: str, number: str, *, entry: Entry | None, by: Actor) -> RegisterAnswer:
    told = {"says": _as_stored(entry), "at": now(), "by_id": by.account_id}
    made = register_answer(business.id, kind=kind, number=number)
    if made is None:
        made = RegisterAnswer(business_id=business.id, kind=kind, number=number, **told)
        session().add(made)
    else:
        amend(made, **told)
    session().flush()
    said = created(kind=KINDS[kind], number=number, is_known=entry is not None)
    audit.record(Act.LOOK_UP, made, said, by=by)
    return made


def _as_stored(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    told = asdict(entry)
    return told | {name: told[name].isoformat() if told[name] else None for name in DAYS}


def compared(found: Right, answer: RegisterAnswer) -> tuple[Difference, ...]:
    """Where the register says something else than our entry."""
    return differences(found.compared, as_read(answer.says or {}))


def take_over(
    found: Right, chosen: Collection[str], *, answer: RegisterAnswer | None, version: int | None, by: Actor
) -> None:
    """Correct an entry by what the register says, in the chosen fields alone."""
    if answer is None:
        raise Invalid("Look the right up first")
    says = as_read(answer.says or {})
    wanted = {each.field for each in compared(found, answer)} & set(chosen)
    if not wanted:
        raise Invalid("Choose what to take over from the register", field="chosen")
    changed: dict[str, Any] = {
        name: RightStatus(says[name]) if name == "status" else says[name] for name in wanted
    }
    if "owner" in changed:
        changed["shares"] = ()
    correct(found, replace(_details(found), **changed), version=version, by=by)


def _details(found: Right) -> RightDetails:
    """An entry as it stands, for the verb that corrects it."""
    told = {each.name: getattr(found, each.name) for each in fields(RightDetails)}
    shares = tuple((str(name), int(share)) for name, share in found.shares)
    return RightDetails(**told | {"shares": shares, "owner": "" if in_words(shares) else found.owner})
