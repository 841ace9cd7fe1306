"""Forms that no other test sends well: each is opened, filled in as a person would, and sent by somebody who may.

What a form shows already is sent as it stands; what is empty is filled in by its kind. What that cannot know stands in `TYPED`.
Whether a door was opened well is noted by the conforming client, as for every form (`tests.posted`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm.businesses.models import Business
from crm.db.session import session
from crm.evidence.workflow import AskStatus
from crm.kernel.clock import now, today
from crm.meetings.workflow import PlaceStatus, WorkshopStatus
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.rounds.workflow import RoundStatus
from crm.signposting.models import ActionPlan, PlanRuledOut
from crm.signposting.rules.planning import REASONS
from crm.signposting.workflow import CloseReason, EnquiryStatus, StepOwner
from tests import factories, gatherings, posted, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.conforming import elements, parsed, words
from tests.rules.knocking import address, undone
from tests.rules.samples import Case, things_of
from tests.rules.test_doors import DOORS, declared, expected

pytestmark = pytest.mark.engine("sqlite")
Fields = dict[str, Any]
# What a person tries in a field of text that is found wrong, one after the other.
TRIED = ("Made for a test, in words enough", "3", "1.5", "10:00", "B1 1AA", "made@made.example", "50", "2026")
DAYS = (date(2026, 11, 20), date(2026, 12, 20), date(2027, 1, 20))
MOST_TRIES = 8


def form_of(page: str, path: str) -> Any | None:
    """The form of a page that is sent to this address, or back to the page itself."""
    found = [
        each
        for each in elements(parsed(page).root)
        if each.name == "form" and each.attrs.get("method", "").lower() == "post"
    ]
    meant = [
        each for each in found if each.attrs.get("action") in {path, None, ""} or _has_button_to(each, path)
    ]
    return meant[-1] if meant else None


def _has_button_to(form: Any, path: str) -> bool:
    """Whether one of several buttons of a form sends it to this address."""
    return any(each.attrs.get("formaction") == path for each in elements(form))


def as_shown(form: Any) -> Fields:
    """What a browser sends of a form in which nothing was touched."""
    data: Fields = {}
    for each in elements(form):
        name, kind = each.attrs.get("name"), each.attrs.get("type", "text")
        if not name or kind in {"submit", "file"}:
            continue
        if each.name == "select":
            data[name] = next((value for value, picked in options(each) if picked), "")
        elif each.name == "textarea":
            data[name] = "".join(child.data or "" for child in each.children).strip()
        elif each.name == "input" and (kind not in {"radio", "checkbox"} or "checked" in each.attrs):
            data[name] = each.attrs.get("value") or ("on" if kind == "checkbox" else "")
    return data


def options(select: Any) -> list[tuple[str, bool]]:
    """The values to choose from, and whether each is chosen."""
    found = [each for each in elements(select) if each.name == "option"]
    return [(each.attrs.get("value") or "", "selected" in each.attrs) for each in found]


def wrong_fields(page: Any) -> list[str]:
    """The ids to which the list of errors leads."""
    summaries = [each for each in page if "govuk-error-summary" in each.attrs.get("class", "").split()]
    links = [each for summary in summaries for each in elements(summary) if each.name == "a"]
    return [each.attrs["href"][1:] for each in links if (each.attrs.get("href") or "").startswith("#")]


def corrected(form: Any, wrong: str, number: int) -> Fields:
    """Another value for the field of an id: the next that a person would try."""
    named = [each for each in elements(form) if each.attrs.get("name")]
    at = next((each for each in named if each.attrs.get("id") == wrong), None)
    if at is None:
        return {}
    name, kind = at.attrs["name"], at.attrs.get("type", "text")
    if name.endswith(("-day", "-month", "-year")):
        return on_day(name.rpartition("-")[0], DAYS[number % len(DAYS)])
    if at.name == "select":
        values = [value for value, _ in options(at) if value]
        return {name: values[number % len(values)]} if values else {}
    if kind in {"radio", "checkbox"}:
        values = [each.attrs.get("value", "on") for each in named if each.attrs["name"] == name]
        return {name: values[number % len(values)]}
    if kind == "file":
        return {name: (BytesIO(b"%PDF-1.7\n%%EOF\n"), "made.pdf")}
    return {name: TRIED[number % len(TRIED)]}


def on_day(name: str, day: date) -> Fields:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def ways_in(rule: Rule, cast: Cast) -> Iterator[tuple[Case, str]]:
    """Every address of a door with somebody who may open it: not an administrator, where others may."""
    made = MADE.get(rule.endpoint)
    for values in [made(cast)] if made else things_of(rule, cast):
        case = Case(rule, "POST", values)
        may = [member.part for member in cast if expected(case, member) == "in"]
        if may:
            yield case, may[-1]


def form_for(client: ConformingClient, path: str) -> Any | None:
    """The form that is sent to this address: on its own page, or on that of its thing."""
    for page in (path, path.rpartition("/")[0]):
        shown = client.get(page) if page else None
        if shown is not None and shown.status_code == 200 and shown.mimetype == "text/html":
            found = form_of(shown.text, path)
            if found is not None:
                return found
    return None


def sent(client: ConformingClient, case: Case) -> str:
    """Send the form of this door as it is shown, and put right what it finds wrong, until it is taken; the last answer."""
    path, typed = address(client.application, case), arranged(case) | TYPED[case.rule.endpoint]
    form = form_for(client, path)
    data, said = (as_shown(form) if form else {}) | typed, ""
    for number in range(MOST_TRIES):
        answer = client.post(path, data={**data, **typed})
        page = list(elements(parsed(answer.text).root)) if answer.status_code == 422 else []
        form = form_of(answer.text, path) if page else None
        said = " / ".join(
            words(each) for each in page if "govuk-error-message" in each.attrs.get("class", "")
        )
        if form is None:
            return f"{answer.status_code} {said}"
        data = as_shown(form)
        for wrong in wrong_fields(page):
            data |= corrected(form, wrong, number)
    return f"422 {said}"


# By endpoint, what is typed where trying would not find it. An empty table: nothing needs saying.
TYPED: dict[str, Fields] = {
    "absences.record_absence": {},
    "absences.set_capacity": {},
    "allocation.allocate": {},
    "allocation.spread_out": {},
    "angels.accept": {},
    "angels.check": {},
    "appointments.hold": {},
    "asks.correct": {"purpose": "Made anew"},
    "asks.meet": {},
    "asks.record": {},
    "asks.reopen": {},
    "business_changes.correct_person": {"role": "Made anew"},
    "business_changes.place": {},
    "business_changes.record_figures": {},
    "business_changes.share": {},
    "business_voices.claim": {},
    "business_voices.connect": {},
    "business_voices.refuse_claim": {},
    "desk.contact": {},
    "directory.add": {},
    "directory.close": {"source": "By telephone"},
    "directory.confirm": {},
    "directory.doubt": {"source": "By telephone"},
    "directory.edit": {},
    "directory.retire": {"source": "By telephone"},
    "emails.add_template": {},
    "emails.change_template": {"subject": "Made anew"},
    "enquiring.withdraw": {},
    "figures.add_bank_holiday": {},
    "hours.ask": {},
    "hubs.add": {},
    "hubs.add_area": {},
    "hubs.correct": {},
    "hubs.end_area": {},
    "interests.declare": {"company_number": "01234567"},
    "law.basis": {},
    "moderation.moderate": {},
    "next_steps.add_from": {},
    "notices.send_again": {},
    "outputs.set_baseline": {},
    "outputs.withdraw": {},
    "panel.add_assessor": {},
    "people.correct": {},
    "people.grant": {},
    "people.invite": {},
    "people.reactivate": {},
    "plans.add_step": {},
    "plans.choose": {},
    "plans.edit": {"opening": "Made anew"},
    "plans.remove_step": {},
    "plans.reword": {},
    "plans.rule_in": {},
    "plans.rule_out": {},
    "plans.unchoose": {},
    "queue_work.answer_enquiry": {},
    "queue_work.assign": {},
    "queue_work.close": {},
    "queue_work.hand_over": {},
    "queue_work.reopen": {},
    "raises.withdraw": {},
    "referrals.decline": {},
    "referrals.start": {},
    "referrals.withdraw": {},
    "round_parts.add_criterion": {},
    "round_parts.add_question": {},
    "round_parts.add_section": {},
    "round_parts.change_question": {"label": "Made anew"},
    "round_parts.remove_check": {},
    "round_parts.remove_criterion": {},
    "round_parts.remove_question": {},
    "round_parts.remove_section": {},
    "rounds.change": {"about": "Made anew"},
    "rounds.discard": {},
    "rounds.publish": {},
    "rounds.set_terms": {"min_employees": "3"},
    "rulings.deny": {"reason": "Made words"},
    "rulings.extend": {},
    "rulings.readmit": {},
    "rulings.rule_out": {},
    "scores.allow_late": on_day("day", date(2027, 6, 20)) | {"hour": "10:00"},
    "scores.assess_again": {},
    "scores.finalise": {},
    "scores.return_assessment": {},
    "signposting.ask": {},
    "support_kinds.restore": {},
    "support_kinds.retire": {},
    "workshop_places.attend": {},
    "workshop_places.give_up": {},
    "workshops.cancel": {},
    "workshops.change": {"title": "Made anew"},
}


def own() -> Business:
    return session().get_one(Business, BUSINESS)


def application(status: ApplicationStatus, *scores: int, **fields: Any) -> Application:
    made = rounds.application(own(), status=status, **fields)
    rounds.scored(made, *scores)
    return made


def clearance_of(_cast: Cast) -> Fields:
    made = rounds.application(own())
    rounds.clearance(made)
    return {"application_id": made.id}


def moderated(_cast: Cast) -> Fields:
    made = application(ApplicationStatus.SUBMITTED, 0, 5)
    return {
        "application_id": made.id,
        "criterion_id": rounds.whole_application(made).round.criteria[0].id,
        "part_number": 1,
    }


def missing_assessors(_cast: Cast) -> Fields:
    made = application(ApplicationStatus.SUBMITTED)
    for _each in range(3):
        rounds.on_panel(rounds.whole_application(made).round)
    return {"round_id": made.round_id}


def hours_stated(cast: Cast) -> Fields:
    factories.person(own())
    factories.hours(own())
    return {"business_id": BUSINESS}


def place_at_what_was_held(_cast: Cast) -> Fields:
    past = {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=2, hours=-2)}
    held = gatherings.workshop(WorkshopStatus.HELD, **past)
    return {"place_id": gatherings.place(held, _status=PlaceStatus.ABSENT).id}


# Things made in the state that a door needs, where that of the sample is another: the values of its address.
MADE: dict[str, Callable[[Cast], Fields]] = {
    "asks.reopen": lambda _cast: {
        "ask_id": factories.ask(own(), _status=AskStatus.DROPPED, settled_on=today()).id
    },
    "queue_work.reopen": lambda _cast: {
        "enquiry_id": factories.enquiry(
            hub_id=own().hub_id, _status=EnquiryStatus.CLOSED, closed_at=now(), close_reason=CloseReason.SPAM
        ).id
    },
    "rulings.deny": clearance_of,
    "rulings.rule_out": lambda _cast: {"application_id": application(ApplicationStatus.SUBMITTED).id},
    "rulings.readmit": lambda _cast: {
        "application_id": application(ApplicationStatus.RULED_OUT, ineligible_reason="Made").id
    },
    "scores.finalise": lambda _cast: {"application_id": application(ApplicationStatus.SUBMITTED, 3, 3).id},
    "scores.assess_again": lambda _cast: {
        "application_id": application(ApplicationStatus.ASSESSED, 3, 3, assessed_at=now()).id
    },
    "allocation.allocate": lambda _cast: {"application_id": application(ApplicationStatus.SUBMITTED).id},
    "allocation.spread_out": missing_assessors,
    "moderation.moderate": moderated,
    "hours.ask": hours_stated,
    "support_kinds.restore": lambda _cast: {"kind_code": factories.support_kind(retired_on=today()).code},
    "round_parts.remove_section": lambda _cast: {
        "section_id": rounds.section(rounds.bare_round(RoundStatus.DRAFT)).id
    },
    "workshop_places.attend": place_at_what_was_held,
}
PLANNED = ("choose", "rule_out", "rule_in", "unchoose", "reword", "add_step", "remove_step")


def arranged(case: Case) -> Fields:
    """What must be there before a form can be sent, and what of it is named in the form."""
    room, _, name = case.rule.endpoint.partition(".")
    if room == "plans" and name in PLANNED:
        return of_plan(name, session().get_one(ActionPlan, case.values["plan_id"]))
    if case.rule.endpoint == "allocation.allocate":
        found = rounds.whole_application(session().get_one(Application, case.values["application_id"]))
        return {"assessor": str(rounds.on_panel(found.round).account_id)}
    return {}


def of_plan(name: str, found: ActionPlan) -> Fields:
    """A service or a step that the plan holds, where the act is about one that it does."""
    if name == "add_step":
        return {"title": "Made step", "owner": StepOwner.BUSINESS.value}
    if name == "remove_step":
        return {"step_id": str(factories.step(found).id)}
    service = factories.service()
    if name in {"unchoose", "reword"}:
        factories.signpost(found, service_id=service.id)
    if name == "rule_in":
        factories.kept(PlanRuledOut(plan_id=found.id, service_id=service.id, why=REASONS[0], position=1))
    session().expire_all()
    return {"service_id": str(service.id), "why": "Made words", "reason": REASONS[0]}


def states(db: Session, case: Case) -> Iterator[str]:
    """The thing of a door as it is made, then in each other state that its table lets it be in as it is."""
    load = declared(case.rule).load
    thing = load(**case.values) if load else None
    kind, key = type(thing), getattr(thing, "id", None)
    others = list(type(thing.status)) if hasattr(thing, "_status") else []
    yield "as made"
    for state in others:
        try:
            with db.begin_nested():
                db.execute(update(kind).where(kind.id == key).values(_status=state))
        except IntegrityError:
            continue
        yield str(state)


RULES = {rule.endpoint: rule for rule, method in DOORS if method == "POST"}


@pytest.mark.parametrize("endpoint", sorted(TYPED))
def test_a_form_is_opened_filled_in_and_sent(
    client: ConformingClient, cast: Cast, db: Session, endpoint: str
) -> None:
    posted.OUTCOMES.pop(endpoint, None)
    answers = []
    for case, part in list(ways_in(RULES[endpoint], cast)):
        with undone(db):
            for state in states(db, case):
                with undone(db):
                    answers.append(f"{part}, {state}: {sent(client.sign_in(cast[part]), case)}")
                if posted.is_known(endpoint):
                    return
    pytest.fail("\n".join([f"{endpoint}: {posted.OUTCOMES.get(endpoint)}", *answers]))
