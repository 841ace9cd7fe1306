"""Noticing that a rule no longer shuts a business out: its adviser gets a to-do and, with its consent, it gets a letter.

Once that holds no longer, the to-do ends by itself, and who was told is told that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import consented, first_reader, people_of, places_of
from crm.businesses.workflow import ConsentPurpose
from crm.db.changes import amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.evidence import queries
from crm.evidence.models import Crossing, ShutOut
from crm.evidence.policy import POLICY
from crm.evidence.rules import key_of_service
from crm.evidence.workflow import CROSSINGS, Act, Cause, CrossingStatus, Look
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.eligibility import SUBJECT_OF_RULE, Facts, Finding, Outcome, Reading, Verdict, weigh
from crm.kernel.errors import require_reason
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series
from crm.notices.service import Extras, Reader, queue

Rows = Mapping[tuple[Any, str], Sequence[ShutOut]]
AS_WORDS = 500
TOLD_AGAIN = " We have written to the business that it cannot use the service after all."
TELL_THEM = (
    " We wrote to the business that it can use the service, and may not write again: tell it yourself."
)


@dataclass(frozen=True)
class Weighing:
    """What is said of a business and a service beside the rules of the directory: the rooms above add to the two lists.

    ``against`` are conditions that shut the business out still, ``unknown`` those that nobody can read yet; each in words.
    """

    owner: Business
    service: Service
    against: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def look_again(business: Business, *, by: Actor) -> None:
    """What a rule had shut the business out of and it can use now is on its adviser's desk; what it cannot, no longer."""
    rows = queries.shut_out_of_services([business.id])
    if rows:
        _compare([business], rows, by=by)


def look_again_at_all() -> None:
    """Hourly: the same for every business, since rules change and time passes too."""
    rows = queries.shut_out_of_services()
    owners = {business_id for business_id, _ in rows}
    _compare(queries.businesses_in_use(owners), rows, by=SYSTEM)


def _compare(owners: Iterable[Business], rows: Rows, *, by: Actor) -> None:
    services = {key_of_service(each): each for each in all_services()}
    by_id = {each.id: each for each in owners}
    known = queries.crossings_of(by_id)
    for (business_id, offer), found in rows.items():
        owner, service = by_id.get(business_id), services.get(offer)
        if owner is None or service is None:
            continue
        last = known.get((business_id, service.id))
        if last is not None and last.status is CrossingStatus.WAITING:
            _end_if_over(last, owner, service, found, by=by)
        elif last is None or last.is_over or last.found_at < found[-1].at:
            _cross(owner, service, found, by=by)


def _cross(owner: Business, service: Service, rows: Sequence[ShutOut], *, by: Actor) -> None:
    """Add a crossing where nothing stands in the way any more of what the business was shut out of."""
    finding = weigh(service.terms, _facts(owner))
    weighing = Weighing(owner, service)
    if _in_the_way(weighing, rows, finding, by=by):
        return
    made = _added(weighing, rows[-1], finding)
    audit.record(
        "note_crossing", made, created(business_id=owner.id, service=service.name, is_now=made.is_now), by=by
    )


def _in_the_way(weighing: Weighing, rows: Sequence[ShutOut], finding: Finding, *, by: Actor) -> list[str]:
    """What still stands in the way, in words: a rule against the business, one that shut it out and cannot be read now,
    or what a room above knows beside the rules of the directory.
    """
    if not weighing.service.is_available(on=today()):
        return ["it is not open at the moment"]
    once = {each.rule for each in rows}
    found = [each.words for each in finding.readings if _is_against(each, is_one_of_them=each.rule in once)]
    if not found:
        follow(Look.ELSEWHERE, weighing, by=by)
    return found + weighing.against


def _is_against(reading: Reading, *, is_one_of_them: bool) -> bool:
    """Whether a rule is against the business; one that shut it out once has to be known to be met."""
    return reading.outcome is Outcome.NOT_MET or (is_one_of_them and reading.outcome is not Outcome.MET)


def _end_if_over(
    last: Crossing, owner: Business, service: Service, rows: Sequence[ShutOut], *, by: Actor
) -> None:
    """End a crossing once something stands in the way again, such as a figure that was put right; who was told is told."""
    finding = weigh(service.terms, _facts(owner))
    weighing = Weighing(owner, service)
    found = _in_the_way(weighing, rows, finding, by=by)
    if not found and last.is_certain:
        found = _not_known(weighing, finding)
    if not found:
        return
    why = series(found)
    note = f"It holds no longer: {why}."
    if last.told_at is not None:
        told = {"told_at": day_in_words(day_of(last.told_at)), "why": why}
        note += TOLD_AGAIN if _tell(weighing, "cannot_use_after_all", **told) else TELL_THEM
    changes = advance(CROSSINGS, last, Act.FOLLOW_UP_CROSSING)
    changes |= amend(last, followed_up_at=now(), note=note)
    audit.record("end_crossing", last, {"status": changes["status"], "note": changes["note"]}, by=by)


def _not_known(weighing: Weighing, finding: Finding) -> list[str]:
    """What nobody can read yet, in words."""
    return [each.words for each in finding.readings if each.outcome is Outcome.UNKNOWN] + weighing.unknown


def _facts(owner: Business) -> Facts:
    return facts_of(owner, owner.figures, places=places_of(owner), needs={}, on=today())


def _added(weighing: Weighing, row: ShutOut, finding: Finding) -> Crossing:
    """A crossing. The business hears of it where nothing is unknown: "can use" is said of a whole, never of one rule."""
    ids = {"business_id": weighing.owner.id, "service_id": weighing.service.id}
    made = Crossing(**ids, **_told(row, finding, weighing.unknown), _status=CROSSINGS.start)
    words = {"was": made.was, "is_now": made.is_now}
    made.told_at = now() if made.is_certain and _tell(weighing, "can_use_now", **words) else None
    session().add(made)
    session().flush()
    return made


def _told(row: ShutOut, finding: Finding, unknown: Sequence[str]) -> dict[str, Any]:
    """How the rule read when it shut the business out, and how it reads now."""
    reading = next((each for each in finding.readings if each.rule == row.rule), None)
    is_same = reading is not None and reading.needed == row.needed
    subject = SUBJECT_OF_RULE.get(row.rule, "")
    is_now = reading.words if reading else "the service does not ask for this any more"
    also = f". Not known yet: {series(unknown)}" if unknown else ""
    return {
        "wanted": row.wanted,
        "cause": Cause.BUSINESS if is_same else Cause.RULE,
        "was": f"{subject} {row.actual}, needed {row.needed}".strip()[:AS_WORDS],
        "is_now": f"{is_now}{also}"[:AS_WORDS],
        "is_certain": finding.verdict is Verdict.ELIGIBLE and not unknown,
        "shut_out_on": row.happened_on,
        "found_at": now(),
    }


def _tell(weighing: Weighing, kind: str, **words: str) -> bool:
    """Write to the first person of the business, where it agreed to be kept in touch with; return whether there was one."""
    owner, service = weighing.owner, weighing.service
    if owner.id not in consented([owner.id], ConsentPurpose.KEEP_IN_TOUCH):
        return False
    reader = first_reader(people_of(owner.id))
    if not reader:
        return False
    context = {"business_name": owner.name, "offer_name": service.name, **words}
    context["path"] = f"/directory/services/{service.service_id}"
    queue(kind, Reader(reader["email"], reader["name"]), having=Extras(context))
    return True


def follow_up(found: Crossing, *, note: str, version: int | None = None, by: Actor) -> None:
    """Record what was done about a service that a business can use now."""
    POLICY.require(by, Act.FOLLOW_UP_CROSSING, found)
    require_as_shown(found, version)
    require_reason(note)
    changes = advance(CROSSINGS, found, Act.FOLLOW_UP_CROSSING)
    changes |= amend(found, followed_up_at=now(), followed_up_by_id=by.account_id, note=note.strip())
    audit.record(Act.FOLLOW_UP_CROSSING, found, {"status": changes["status"], "note": changes["note"]}, by=by)
