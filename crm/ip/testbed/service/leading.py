"""Test-bed projects: proposed, changed, agreed, started, reported, finished, stopped; and their partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.audit.queries import entries_about
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.directory.models import Provider
from crm.directory.queries import provider, providers_by_name
from crm.ip.testbed.models import Project, ProjectPartner
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, seeing
from crm.ip.testbed.rules.lasting import faults_in_project
from crm.ip.testbed.rules.spending import begun_on
from crm.ip.testbed.service.changing import partners_of, tell_changed, tell_started
from crm.ip.testbed.service.taking_part import end_invitations
from crm.ip.testbed.service.telling import tell_business, tell_led_before
from crm.ip.testbed.workflow import (
    LIVE_PARTS,
    PROJECTS,
    Act,
    PartStatus,
    Stage,
    is_agreed,
    is_tested,
    why_not_change,
)
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, now, today
from crm.kernel.errors import Invalid, refuse_all, says_something
from crm.kernel.folding import same_name
from crm.kernel.marks import mark_of
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

TESTED = ("question", "hypothesis")
PUBLIC = "may_publish"
AGREED = "This was fixed when the project was agreed, because partners and businesses agreed to it. It cannot change"
FIXED = "This was fixed when the project started. Stop the project and propose another to test something else"


@dataclass(frozen=True)
class ProjectDetails:
    """What a project asks, what is expected, when it runs, what it may cost, and what of it may be published."""

    title: str
    question: str
    hypothesis: str
    starts_on: date
    ends_on: date
    budget: Money
    may_publish: str = ""


@dataclass(frozen=True)
class Findings:
    """What came out, and what was learned from it."""

    result: str
    lessons: str


def propose(details: ProjectDetails, *, by: Actor) -> Project:
    """Propose a project. Nobody outside sees it before a business is invited."""
    POLICY.require(by, Act.PROPOSE)
    _require_sound(details)
    fields = fields_of(details)
    made = Project(**fields, lead_id=by.account_id, proposed_at=now(), _status=PROJECTS.start)
    session().add(made)
    session().flush()
    audit.record(Act.PROPOSE, made, created(**fields), by=by)
    return made


def _require_sound(details: ProjectDetails) -> None:
    faults = faults_in_project(details.starts_on, details.ends_on, budget=details.budget)
    refuse_all(Invalid(words, field=field) for field, words in faults)


def change(found: Project, details: ProjectDetails, *, version: int | None, by: Actor) -> None:
    """Change a project that is not over. The budget cannot be lower than what was spent.

    What is tested, and what is expected to come out, stays as it was when the project started. The businesses that are
    invited or take part are told what changed of what they were told.
    """
    POLICY.require(by, Act.CHANGE, found)
    seeing.hold(found)
    refuse_if(why_not_change(found))
    require_as_shown(found, version)
    _require_sound(details)
    _require_fitting(found, details)
    called = found.title
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CHANGE, found, changes, by=by)
        tell_changed(found, changes, called=called)


def _require_fitting(found: Project, details: ProjectDetails) -> None:
    """Refuse what does not fit what was spent, agreed or started already."""
    reason = found.money.why_not_lower(details.budget)
    if reason:
        raise Invalid(reason, field="budget")
    if is_agreed(found) and details.may_publish != found.may_publish:
        raise Invalid(AGREED, field=PUBLIC)
    _require_first_day(found, details.starts_on)
    for name in TESTED if is_tested(found) else ():
        if getattr(details, name) != getattr(found, name):
            raise Invalid(FIXED, field=name)


def _require_first_day(found: Project, starts_on: date) -> None:
    """A project that started has its first day behind it, and nothing was spent before a first day that is put off."""
    if starts_on == found.starts_on:
        return
    if is_tested(found) and not has_come(starts_on, on=today()):
        raise Invalid("The project has started. Enter today or an earlier day", field="starts_on")
    first = seeing.first_spend_of(found.id)
    earliest = starts_on if is_tested(found) else begun_on(starts_on, found.proposed_at)
    if first is not None and starts_on > found.starts_on and first < earliest:
        raise Invalid(
            f"Money was spent on {day_in_words(first)}. Enter that day or an earlier one", field="starts_on"
        )


def why_not_lead(found: Project, account_id: UUID | None) -> str | None:
    """Why a person cannot become the lead of a project: it is over, or they lead it."""
    return why_not_change(found) or (
        "You lead this project already." if found.lead_id == account_id else None
    )


def take_over(found: Project, *, by: Actor) -> None:
    """Lead a project from now on: its letters name the new lead, and answers go there. Who led it before is told."""
    POLICY.require(by, Act.LEAD, found)
    seeing.hold(found)
    refuse_if(why_not_lead(found, by.account_id))
    before = found.lead
    changes = amend(found, lead_id=by.account_id)
    audit.record(Act.LEAD, found, changes, by=by)
    if before is not None:
        tell_led_before(before, found, by_name=by.name)


def agree(found: Project, *, by: Actor) -> None:
    """Mark a project as agreed with its partners: what may be published is settled by then."""
    POLICY.require(by, Act.AGREE, found)
    audit.record(Act.AGREE, found, advance(PROJECTS, found, Act.AGREE), by=by)


def start(found: Project, *, by: Actor) -> None:
    """Start a project: its businesses are told. One that starts before its first day has its first day today."""
    POLICY.require(by, Act.START, found)
    changes = advance(PROJECTS, found, Act.START)
    changes |= amend(found, starts_on=min(found.starts_on, today()))
    audit.record(Act.START, found, changes, by=by)
    tell_started(found)


def report(found: Project, *, by: Actor) -> None:
    """End the trial itself: now the result is written up. One that ends before its last day has its last day today.

    Invitations that were not answered end with it, and the businesses that take part are told.
    """
    POLICY.require(by, Act.REPORT, found)
    PROJECTS.target(Act.REPORT, found.status, thing=found)
    end_invitations(found)
    planned = found.ends_on
    changes = advance(PROJECTS, found, Act.REPORT)
    changes |= amend(found, ends_on=max(found.starts_on, min(found.ends_on, today())))
    audit.record(Act.REPORT, found, changes, by=by)
    words = day_in_words(planned) if planned != found.ends_on else ""
    for each in joining.parts_in(found.id):
        if each.status is PartStatus.TAKING_PART:
            tell_business(each, "test_bed_ended", ended_on=day_in_words(found.ends_on), planned=words)


def planned_end(found: Project) -> date | None:
    """The day until which a trial that was ended early was planned, as its audit log has it; None for any other."""
    if found.status in (Stage.PROPOSED, Stage.AGREED, Stage.RUNNING):
        return None
    ended = next(iter(entries_about(found, act=Act.REPORT, limit=1)), None)
    pair = ended.values.changes.get("ends_on") if ended is not None and ended.values else None
    return date.fromisoformat(str(pair[0])) if pair else None


def mark_of_parts(found: Project) -> str:
    """The mark of who takes part in a project, as the page shows it before the project is finished."""
    parts = joining.parts_in(found.id)
    return mark_of(*(f"{each.business_id} {each.status.value}" for each in parts))


def finish(
    found: Project, findings: Findings, *, version: int | None = None, seen: str | None = None, by: Actor
) -> None:
    """Finish a project with its result and what was learned. The businesses that took part are told the result."""
    POLICY.require(by, Act.FINISH, found)
    PROJECTS.target(Act.FINISH, found.status, thing=found)
    require_as_shown(found, version)
    require_as_previewed(seen, mark_of_parts(found))
    for name in ("result", "lessons"):
        if not getattr(findings, name).strip():
            raise Invalid("Say what came out" if name == "result" else "Say what was learned", field=name)
    end_invitations(found)
    changes = amend(found, **fields_of(findings)) | advance(PROJECTS, found, Act.FINISH)
    session().flush()
    audit.record(Act.FINISH, found, changes, by=by)
    for each in joining.parts_in(found.id):
        if each.status is PartStatus.TAKING_PART:
            tell_business(each, "test_bed_finished", result=found.result)


def stop(found: Project, *, reason: str, by: Actor) -> None:
    """Stop a project before its end. Every business that was invited or takes part is told why."""
    POLICY.require(by, Act.STOP, found)
    PROJECTS.target(Act.STOP, found.status, thing=found)
    if not says_something(reason):
        raise Invalid("Say why the project is stopped", field="reason")
    changes = amend(found, reason=reason.strip()) | advance(PROJECTS, found, Act.STOP)
    session().flush()
    audit.record(Act.STOP, found, changes, by=by)
    for each in joining.parts_in(found.id):
        if each.status in LIVE_PARTS:
            took_part = each.status is PartStatus.TAKING_PART
            tell_business(each, "test_bed_stopped", reason=found.reason, took_part=took_part)


def add_partner(
    found: Project, name: str, *, provider_id: UUID | None = None, brings: str = "", by: Actor
) -> ProjectPartner:
    """Add a partner: a provider of the directory, or another organisation by its name, however it is written.

    The businesses that are invited or take part agreed to work with the partners they were told of, so they are told.
    """
    POLICY.require(by, Act.ADD_PARTNER, found)
    seeing.hold(found)
    refuse_if(why_not_change(found))
    known = _known_partner(name, provider_id)
    called = known.name if known else " ".join(name.split())
    there = [each.name for each in found.partners if same_name(each.name) == same_name(called)]
    if there:
        raise Invalid(f"{there[0]} is a partner already", field="name")
    before = ", ".join(each.name for each in found.partners)
    fields = {"project_id": found.id, "name": called, "brings": brings.strip()}
    made = ProjectPartner(**fields, provider_id=known.id if known else None, added_at=now())
    session().add(made)
    session().flush()
    audit.record(Act.ADD_PARTNER, found, created(partner=called, brings=made.brings or None), by=by)
    session().expire(found, ["partners"])
    tell_changed(found, {"partners": (before, partners_of(found.id))}, called=found.title)
    return made


def _known_partner(name: str, provider_id: UUID | None) -> Provider | None:
    """The provider that was chosen, or that a typed name is the name of; None for another organisation."""
    if not name.strip() and provider_id is None:
        raise Invalid("Choose a partner from the directory, or enter the name of another", field="name")
    if provider_id is None:
        wanted = same_name(name)
        return next((each for each in providers_by_name().values() if same_name(each.name) == wanted), None)
    if name.strip():
        raise Invalid("Choose one from the directory, or enter a name, not both", field="name")
    return provider(provider_id)


def why_not_remove(partner: ProjectPartner) -> str | None:
    """Why a partner cannot be removed: the project is over, or was agreed and would have none."""
    return _why_not_lose_one(partner.project, left=len(partner.project.partners))


def _why_not_lose_one(found: Project, *, left: int) -> str | None:
    if is_agreed(found) and left < 2:
        return "An agreed project needs a partner. Add another first."
    return why_not_change(found)


def remove_partner(partner: ProjectPartner, *, reason: str, by: Actor) -> None:
    """Remove a partner, with a reason. A project that was agreed has one at least, and its businesses are told."""
    found = partner.project
    POLICY.require(by, Act.REMOVE_PARTNER, found)
    there = seeing.hold_partners(found)
    refuse_if(None if partner.id in there else f"{partner.name} was removed already.")
    refuse_if(_why_not_lose_one(found, left=len(there)))
    if not says_something(reason):
        raise Invalid(f"Say why {partner.name} is removed", field="reason")
    amend(partner, removed_at=now())
    session().flush()
    told = {"partner": (partner.name, None)} | created(reason=reason.strip())
    audit.record(Act.REMOVE_PARTNER, found, told, by=by)
    session().expire(found, ["partners"])
    _tell_of_partners(found, partner.name, reason.strip())


def _tell_of_partners(found: Project, name: str, reason: str) -> None:
    """Tell the businesses of a project, which were told its partners when they were invited."""
    left = partners_of(found.id)
    for each in joining.parts_in(found.id):
        if each.status in LIVE_PARTS:
            took_part = each.status is PartStatus.TAKING_PART
            told: dict[str, Any] = {
                "partner": name,
                "partners": left,
                "reason": reason,
                "took_part": took_part,
            }
            tell_business(each, "test_bed_partner", **told)
