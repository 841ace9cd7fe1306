"""Entries of the register: added, corrected, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, require_all
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.rights.models import Right
from crm.rights.policy import POLICY
from crm.rights.queries import rights_of
from crm.rights.rules.gaps import is_secret
from crm.rights.rules.labels import Days, fault_in, fault_in_classes, fault_in_days, fault_in_secret
from crm.rights.rules.registering import as_written, fault_in_number, same_number
from crm.rights.rules.shares import Share, fault_in_owner, in_words
from crm.rights.rules.territories import folded_territory
from crm.rights.workflow import Act, RightKind, RightStatus


@dataclass(frozen=True)
class RightDetails:
    """An entry of the register. ``number`` is the register's own; ``owner`` holds the right now, or several by ``shares``.

    ``shares`` are hundredths of a per cent; ``yearly_cost`` is what it costs to keep for a year.
    """

    kind: RightKind
    title: str
    owner: str
    territory: str
    status: RightStatus
    number: str = ""
    shares: tuple[Share, ...] = ()
    classes: str = ""
    filed_on: date | None = None
    registered_on: date | None = None
    renews_on: date | None = None
    yearly_cost: Money | None = None
    protects: str = ""


def add(business: Business, details: RightDetails, *, by: Actor) -> Right:
    """Enter a right that a business owns or uses."""
    POLICY.require(by, Act.ADD, business)
    require_in_use(business)
    _require_in_the_know(details, business, by=by)
    require_all(lambda: _require_sound(details), lambda: _require_new(business, details))
    fields = _fields(details)
    made = Right(business_id=business.id, **fields, added_at=now(), added_by_id=by.account_id)
    session().add(made)
    session().flush()
    changes = created(business_id=business.id, **fields)
    audit.record(Act.ADD, made, _sayable(changes, made), by=by)
    return made


def correct(found: Right, details: RightDetails, *, version: int | None = None, by: Actor) -> None:
    """Correct an entry. Raises `Changed` where another saved it since ``version`` was shown."""
    POLICY.require(by, Act.CORRECT, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    _require_in_the_know(details, found.business, by=by)
    require_all(lambda: _require_sound(details), lambda: _require_new(found.business, details, kept=found))
    was_secret = is_secret(found.kind)
    changes = amend(found, **_fields(details))
    if changes:
        audit.record(Act.CORRECT, found, {} if was_secret else _sayable(changes, found), by=by)


def _require_in_the_know(details: RightDetails, business: Business, *, by: Actor) -> None:
    """Nobody enters a trade secret that they could not read again."""
    if is_secret(details.kind):
        POLICY.require(by, Act.VIEW_SECRETS, business)


def _require_new(business: Business, details: RightDetails, *, kept: Right | None = None) -> None:
    """A right is entered once for a place: by its number, or by its name where it has none. One that lapsed may be filed again."""
    number, territory = details.number.strip(), details.territory
    require_not_held(business, details.kind, number=number, territory=territory, kept=kept)
    where = folded_territory(territory)
    for each in rights_of(business.id, with_secrets=True):
        if each.kind != details.kind or (kept is not None and each.id == kept.id):
            continue
        is_one_place = folded_territory(each.territory) == where
        is_one_name = each.title.casefold() == details.title.strip().casefold()
        if not number and not each.number and is_one_name and is_one_place:
            words = f"“{each.title}” is on this register already. Correct that entry, or give this one another name"
            raise Invalid(words, field="title")


def require_not_held(
    business: Business, kind: RightKind | str, *, number: str, territory: str, kept: Right | None = None
) -> None:
    """Refuse a number that the register of a business has already for the same place."""
    wanted = same_number(kind, number, territory=territory)
    for each in rights_of(business.id, with_secrets=True) if number else ():
        is_another = kept is None or each.id != kept.id
        is_one = each.kind == kind and same_number(each.kind, each.number, territory=each.territory) == wanted
        if is_another and is_one:
            said = as_written(kind, number, territory=territory)
            words = f"{said} is on this register already, as “{each.title}”. Correct that entry instead"
            raise Invalid(words, field="number", about=each)


def _fields(details: RightDetails) -> dict[str, Any]:
    shares = [list(each) for each in details.shares]
    number = as_written(details.kind, details.number, territory=details.territory)
    owner = in_words(shares) or details.owner
    return fields_of(details) | {"shares": shares, "owner": owner, "number": number}


def _sayable(changes: Changes, found: Right) -> Changes:
    """Changes as the audit log may keep them: it is read by people from whom a trade secret is hidden."""
    return (
        {name: each for name, each in changes.items() if name == "kind"} if is_secret(found.kind) else changes
    )


def _require_sound(details: RightDetails) -> None:
    days = Days(details.filed_on, details.registered_on, details.renews_on)
    further = f"{details.number}{details.classes}{details.protects}"
    require_all(
        lambda: require_registrable(
            details.kind, details.status, number=details.number, territory=details.territory
        ),
        lambda: require_classes(details.kind, details.classes),
        lambda: require_days(days, status=details.status),
        lambda: _refuse(fault_in_secret(details.kind, title=details.title, further=further)),
        lambda: require_owner(details.owner, details.shares),
    )


def require_registrable(kind: str, status: str, *, number: str, territory: str) -> None:
    """Refuse a status or a number that a right of this kind cannot have."""
    _refuse(fault_in(kind, status, number=number) or fault_in_number(kind, number, territory=territory))


def require_classes(kind: str, classes: str) -> None:
    """Refuse classes that there are not."""
    _refuse(fault_in_classes(kind, classes))


def require_days(days: Days, *, status: str) -> None:
    """Refuse days that are in the wrong order, or ahead, and a renewal of what is not registered."""
    _refuse(fault_in_days(days, status=status, on=today()))


def require_owner(owner: str, shares: tuple[Share, ...]) -> None:
    """Refuse a right without an owner, or with an owner whom its shares leave out."""
    _refuse(fault_in_owner(owner, shares))


def _refuse(fault: tuple[str, str] | None) -> None:
    if fault:
        raise Invalid(fault[1], field=fault[0])


def remove(found: Right, *, version: int | None = None, by: Actor) -> None:
    """Remove an entry from the register."""
    POLICY.require(by, Act.REMOVE, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    audit.record(Act.REMOVE, found, amend(found, removed_at=now()), by=by)
