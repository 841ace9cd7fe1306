"""Noticing that a rule no longer shuts a business out: its adviser gets a to-do and, with its consent, it gets a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import consented, first_reader, people_of, places_of
from crm.businesses.workflow import ConsentPurpose
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.evidence import queries
from crm.evidence.models import Crossing, ShutOut
from crm.evidence.policy import POLICY
from crm.evidence.rules import key_of_service
from crm.evidence.workflow import CROSSINGS, Act, Cause
from crm.kernel.clock import now, today
from crm.kernel.eligibility import Facts, Finding, Outcome, Verdict, weigh
from crm.kernel.errors import require_reason
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, Reader, queue

Rows = Mapping[tuple[Any, str], Sequence[ShutOut]]
AS_WORDS = 500


def look_again(business: Business, *, by: Actor) -> None:
    """A service that a rule had shut the business out of, and that it can use now, is on its adviser's desk."""
    rows = queries.shut_out_of_services([business.id])
    if rows:
        _compare([business], rows, by=by)


def look_again_at_all() -> None:
    """Hourly: the same for every business, since rules change and time passes too."""
    rows = queries.shut_out_of_services()
    owners = {business_id for business_id, _ in rows}
    _compare(queries.businesses_in_use(owners), rows, by=SYSTEM)


def _compare(owners: Iterable[Business], rows: Rows, *, by: Actor) -> None:
    services = {key_of_service(each): each for each in all_services() if each.is_available(on=today())}
    by_id = {each.id: each for each in owners}
    known = queries.crossings_of(by_id)
    for (business_id, offer), found in rows.items():
        owner, service = by_id.get(business_id), services.get(offer)
        if owner is None or service is None:
            continue
        last = known.get((business_id, service.id))
        if last is None or last.found_at < found[-1].at:
            _cross(owner, service, found, by=by)


def _cross(owner: Business, service: Service, rows: Sequence[ShutOut], *, by: Actor) -> None:
    """Add a crossing where no rule is against the business, and those that were are met or gone."""
    facts = _facts(owner)
    finding = weigh(service.terms, facts)
    now_read = {each.rule: each for each in finding.readings}
    still = [now_read[each.rule] for each in rows if each.rule in now_read]
    if finding.verdict is Verdict.INELIGIBLE or any(each.outcome is not Outcome.MET for each in still):
        return
    made = _added(owner, service, rows[-1], finding)
    audit.record(
        "note_crossing", made, created(business_id=owner.id, service=service.name, is_now=made.is_now), by=by
    )


def _facts(owner: Business) -> Facts:
    return facts_of(owner, owner.figures, places=places_of(owner), needs={}, on=today())


def _added(owner: Business, service: Service, row: ShutOut, finding: Finding) -> Crossing:
    made = Crossing(
        business_id=owner.id, service_id=service.id, **_told(row, finding), _status=CROSSINGS.start
    )
    made.told_at = now() if made.is_certain and _tell(owner, service, made) else None
    session().add(made)
    session().flush()
    return made


def _told(row: ShutOut, finding: Finding) -> dict[str, Any]:
    """How the rule read when it shut the business out, and how it reads now."""
    reading = next((each for each in finding.readings if each.rule == row.rule), None)
    is_same = reading is not None and reading.needed == row.needed
    return {
        "wanted": row.wanted,
        "cause": Cause.BUSINESS if is_same else Cause.RULE,
        "was": f"{row.actual}, needed {row.needed}"[:AS_WORDS],
        "is_now": (f"{reading.actual}, needs {reading.needed}" if reading else "no such rule")[:AS_WORDS],
        "is_certain": finding.verdict is Verdict.ELIGIBLE,
        "shut_out_on": row.happened_on,
        "found_at": now(),
    }


def _tell(owner: Business, service: Service, found: Crossing) -> bool:
    """Write to the first person of the business, where it agreed to be kept in touch with; return whether there was one."""
    if owner.id not in consented([owner.id], ConsentPurpose.KEEP_IN_TOUCH):
        return False
    reader = first_reader(people_of(owner.id))
    if not reader:
        return False
    context = {"business_name": owner.name, "offer_name": service.name, "was": found.was}
    context |= {"is_now": found.is_now, "path": f"/directory/services/{service.service_id}"}
    queue("can_use_now", Reader(reader["email"], reader["name"]), having=Extras(context))
    return True


def follow_up(found: Crossing, *, note: str, version: int | None = None, by: Actor) -> None:
    """Record what was done about a service that a business can use now."""
    POLICY.require(by, Act.FOLLOW_UP_CROSSING, found)
    require_as_shown(found, version)
    require_reason(note)
    changes = advance(CROSSINGS, found, Act.FOLLOW_UP_CROSSING)
    changes |= amend(found, followed_up_at=now(), followed_up_by_id=by.account_id, note=note.strip())
    audit.record(Act.FOLLOW_UP_CROSSING, found, {"status": changes["status"], "note": changes["note"]}, by=by)
