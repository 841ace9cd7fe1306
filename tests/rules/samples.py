"""A sample of every kind of thing that an address can name: by the parameter's name, one table for every route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from crm.accounts.models import Hub, HubArea, RoleGrant
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.directory.models import Provider, Service
from crm.kernel.clock import now, today
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.meetings.workflow import WorkshopStatus
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import QuestionKind, RoundStatus
from crm.referrals.workflow import Outcome, ReferralStatus
from crm.signposting.models import ActionPlan
from crm.signposting.workflow import EnquiryStatus, PlanStatus
from tests import assessments, cohorts, covers, factories, gatherings, invited, rounds
from tests.cast import BUSINESS, DRAFT, ENQUIRY, OTHER_BUSINESS, PLAN, Cast
from tests.referrals.made import told_referral
from tests.rules import room_samples

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


@dataclass(frozen=True, eq=False)
class Case:
    """One address of a route, and the method it is asked with. Each is itself alone."""

    rule: Rule
    method: str
    values: Values


def doors(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with each method it answers, but for the files."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if rule.endpoint != "static" and method not in {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda each: (each[0].rule, each[1]))


def _people(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (cast.founder.id, cast.administrator.id)


def _grants(_cast: Cast, values: Values) -> tuple[Any, ...]:
    held = select(RoleGrant.id).where(RoleGrant.account_id == values["account_id"])
    return tuple(session().scalars(held.limit(1)))


def _hubs(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Hub.id).order_by(Hub.name).limit(1)))


def _areas(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(HubArea.id).where(HubArea.hub_id == values["hub_id"]).limit(1)))


def _figures(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Three values, proposed by each administrator and by nobody: who decides depends on it."""
    proposers = {"3": cast.administrator.id, "4": cast.second_administrator.id, "5": None}
    return tuple(factories.figure(proposed_by_id=by, value=each).id for each, by in proposers.items())


def _letters(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (factories.letter().id,)


def _sessions(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(factories.login_session(each.account).id for each in (cast.adviser, cast.founder))


def _services(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Service.service_id).order_by(Service.name).limit(1)))


def _providers(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Provider.id).order_by(Provider.name).limit(1)))


def _holidays(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (factories.bank_holiday().id,)


def _businesses(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (BUSINESS, OTHER_BUSINESS)


def _whole(business_id: Any) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def _of_business(make: Callable[[Business], Any]) -> Sample:
    """One of the business that the address names."""
    return lambda _cast, values: (make(_whole(values["business_id"])).id,)


def _of_both(make: Callable[[Business], Any]) -> Sample:
    """One of each of the two businesses of the cast."""
    return lambda _cast, _values: tuple(make(_whole(each)).id for each in (BUSINESS, OTHER_BUSINESS))


def _question_sets(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (factories.question_set().id,)


def _drafts(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the key holder began, and one of a stranger."""
    return (factories.draft(id=DRAFT).id, factories.draft().id)


def _enquiries(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that waits and one in hand at the adviser's hub, and one at the other, which the key holder sent."""
    hub, other = (_whole(each).hub_id for each in (BUSINESS, OTHER_BUSINESS))
    in_hand = {"claimed_by_id": cast.adviser.id, "_status": EnquiryStatus.CLAIMED}
    made = (
        factories.enquiry(hub_id=hub),
        factories.enquiry(hub_id=hub, business_id=BUSINESS, **in_hand),
        factories.enquiry(id=ENQUIRY, hub_id=other),
    )
    return tuple(each.id for each in made)


def _plans(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A draft for one business, and for the other one that was sent, to which the key holder has a link."""
    sent = factories.plan(_whole(OTHER_BUSINESS), PlanStatus.SENT, id=PLAN)
    return (factories.plan(_whole(BUSINESS)).id, sent.id)


def _of_plan(make: Callable[[ActionPlan], Any]) -> Sample:
    def sample(_cast: Cast, values: Values) -> tuple[Any, ...]:
        found = session().get(ActionPlan, values["plan_id"])
        assert found is not None
        return (make(found).id,)

    return sample


def _plan_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.PLAN, str(factories.plan(_whole(BUSINESS), PlanStatus.SENT).id)),)


def _enquiry_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.ENQUIRY, str(factories.enquiry().id)),)


def _invitation_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.INVITATION, str(invited.invitation(_whole(BUSINESS)).id)),)


def _draft_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.ENQUIRY_DRAFT, str(factories.draft().id)),)


def _referrals(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A draft and one that was sent to a service of the provider of the cast, one to a colleague, one of the stranger."""
    own, other = _whole(BUSINESS), _whole(OTHER_BUSINESS)
    provider = session().scalars(select(Provider.id).order_by(Provider.name).limit(1)).one()
    service = factories.service(provider_id=provider)
    made = (
        factories.referral(own, service_id=service.id),
        factories.sent_referral(own, service_id=service.id, created_by_id=cast.adviser.id),
        factories.sent_referral(other, recipient_id=cast.adviser.id),
        factories.sent_referral(other),
        _completed(own),
        told_referral(own, service_id=service.id),
    )
    return tuple(each.id for each in made)


def _completed(owner: Business) -> Any:
    came = {"outcome": Outcome.HELPED, "completed_at": now(), "completed_by": "Made"}
    return factories.sent_referral(owner, _status=ReferralStatus.COMPLETED, **came)


def _reply_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.REPLY, str(factories.sent_referral(_whole(BUSINESS)).id)),)


def _told_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.TOLD, str(told_referral(_whole(BUSINESS)).id)),)


def _helped_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.HELPED, str(_completed(_whole(BUSINESS)).id)),)


def _workshops(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A draft for staff alone, one that is open, and one that has begun."""
    begun = {"starts_at": now() - timedelta(hours=1), "ends_at": now() + timedelta(hours=1)}
    made = (gatherings.workshop(WorkshopStatus.DRAFT), gatherings.workshop(), gatherings.workshop(**begun))
    return tuple(each.id for each in made)


def _place_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.WORKSHOP, str(gatherings.place(gatherings.workshop()).id)),)


def _moved_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.WORKSHOP, str(gatherings.place(gatherings.workshop(), agreed_to=now()).id)),)


def _services_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (mint(Purpose.SERVICES, str(factories.service().provider_id)),)


def _files(_cast: Cast, values: Values) -> tuple[Any, ...]:
    """A file that shows how an output is known."""
    return (factories.document("output", values["output_id"]).id,)


def _rounds(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that is being prepared, one that is open, and a dry run."""
    made = (rounds.round_(RoundStatus.DRAFT), rounds.round_(), rounds.round_(is_dry_run=True))
    return tuple(each.id for each in made)


def _round_parts(name: str) -> Sample:
    """A part of a round that is being prepared."""
    return lambda _cast, _values: (getattr(rounds.round_(RoundStatus.DRAFT), name)[0].id,)


def _application(values: Values) -> Application:
    return rounds.whole_application(session().get_one(Application, values["application_id"]))


def _own_section(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (_application(values).round.sections[0].id,)


def _own_question(_cast: Cast, values: Values) -> tuple[Any, ...]:
    found = _application(values)
    return tuple(each.id for each in found.round.questions if each.kind is QuestionKind.FILE)


def _own_files(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (rounds.file(_application(values)).document_id,)


def _members(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (rounds.on_panel(rounds.whole(session().get_one(Round, values["round_id"]))).id,)


def _assessments(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Somebody's own, and another's of the same application."""
    made = rounds.application(_whole(BUSINESS), status=ApplicationStatus.SUBMITTED)
    own = rounds.assessment(made, cast.assessor.account, status=AssessmentStatus.ALLOCATED)
    return own.id, rounds.assessment(made, status=AssessmentStatus.SUBMITTED).id


def _own_criterion(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (_application(values).round.criteria[0].id,)


def _hours_token(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    reader = factories.person(_whole(BUSINESS))
    return (mint(Purpose.HOURS, f"{BUSINESS}/{reader.id.hex[:16]}"),)


def _token(purpose: Purpose) -> Sample:
    return lambda cast, _values: (mint(purpose, str(cast.founder.id)),)


def _words(*words: str) -> Sample:
    return lambda _cast, _values: words


SAMPLES: dict[str, Sample] = {
    "account_id": _people,
    "grant_id": _grants,
    "hub_id": _hubs,
    "area_id": _areas,
    "figure_id": _figures,
    "letter_id": _letters,
    "session_id": _sessions,
    "service_id": _services,
    "provider_id": _providers,
    "name": _words("enquiry.reply_days"),
    "question_name": _words("postcode", "months"),
    "holiday_id": _holidays,
    "business_id": _businesses,
    "person_id": _of_business(factories.person),
    "connection_id": _of_business(factories.connection),
    "claim_id": _of_both(factories.claim),
    "invitation_id": _of_business(invited.invitation),
    "ask_id": _of_both(factories.ask),
    "diagnosis_id": _of_both(factories.diagnosis),
    **(assessments.SAMPLES | covers.SAMPLES),
    "conversation_id": _of_both(factories.conversation),
    "referral_id": _referrals,
    "output_id": _of_both(factories.output),
    "document_id": _files,
    "next_step_id": _of_both(lambda owner: factories.next_step(owner, due_on=today())),
    "email_id": _of_both(factories.email),
    "template_id": lambda _cast, _values: (factories.email_template().id,),
    "appointment_id": _of_both(gatherings.appointment_today),
    "workshop_id": _workshops,
    "place_id": lambda _cast, _values: (gatherings.place(gatherings.workshop()).id,),
    "round_id": _rounds,
    "section_id": _round_parts("sections"),
    "question_id": _round_parts("questions"),
    "check_id": _round_parts("checks"),
    "criterion_id": _round_parts("criteria"),
    "member_id": _members,
    "assessment_id": _assessments,
    "query_id": _of_both(
        lambda owner: rounds.query(rounds.application(owner, status=ApplicationStatus.SUBMITTED))
    ),
    "interest_id": lambda cast, _values: (rounds.interest(cast.assessor.account.id).id,),
    "moderation.moderate criterion_id": _own_criterion,
    "part_number": _words(1),  # type: ignore[arg-type]
    "application_id": _of_both(rounds.application),
    **{f"application_sections.{name} section_id": _own_section for name in ("fill_in", "keep", "versions")},
    "application_files.attach question_id": _own_question,
    **{f"application_files.{name} document_id": _own_files for name in ("file", "remove")},
    "hours_id": _of_both(factories.hours),
    **room_samples.SAMPLES,
    "kind_code": lambda _cast, _values: (factories.support_kind().code,),
    "set_id": _question_sets,
    "draft_id": _drafts,
    "step_name": _words("where", "check"),
    "enquiry_id": _enquiries,
    "plan_id": _plans,
    "step_id": _of_plan(factories.step),
    "signpost_id": _of_plan(factories.signpost),
    "plans.open_plan token": _plan_token,
    "hours.open_hours token": _hours_token,
    "workshop_places.open_place token": _place_token,
    "workshop_places.stay token": _moved_token,
    "providers.answer_for_services token": _services_token,
    "reply.reply token": _reply_token,
    "reply.helped token": _helped_token,
    "reply.told token": _told_token,
    "enquiring.follow token": _enquiry_token,
    **{f"colleagues.{name} token": _invitation_token for name in ("join", "decline_to_join")},
    "enquiring.resume token": _draft_token,
    # One parameter, two kinds of link: told apart by the door.
    "accounts.use_sign_in_link token": _token(Purpose.SIGN_IN),
    "accounts.set_password token": _token(Purpose.SET_PASSWORD),
}


def parameters(rule: Rule) -> list[str]:
    """The parameters of a route, from left to right."""
    return [part for is_parameter, part in rule._trace if is_parameter]


def sample_of(rule: Rule, parameter: str) -> Sample | None:
    return SAMPLES.get(f"{rule.endpoint} {parameter}") or SAMPLES.get(parameter)


def things_of(rule: Rule, cast: Cast) -> list[Values]:
    """Every combination of samples for a route; the parents are chosen before their children."""
    combinations: list[dict[str, Any]] = [{}]
    for parameter in parameters(rule):
        sample = sample_of(rule, parameter)
        assert sample is not None, f"{rule.rule} has no sample for {parameter}: add one to SAMPLES"
        combinations = [{**each, parameter: value} for each in combinations for value in sample(cast, each)]
    assert combinations, f"{rule.rule} has a parent without children: choose another sample"
    return list(combinations)


def foreign(rule: Rule, values: Values, cast: Cast) -> Values:
    """The same child under another parent of the same kind."""
    parent = parameters(rule)[0]
    others: dict[str, Callable[[], UUID]] = room_samples.others(cast) | {
        "account_id": lambda: factories.account().id,
        "hub_id": lambda: factories.hub().id,
        "business_id": lambda: factories.business().id,
        "output_id": lambda: factories.output(factories.business()).id,
        "plan_id": lambda: factories.plan(factories.business(), PlanStatus.SENT).id,
        "round_id": lambda: rounds.round_().id,
        "application_id": lambda: rounds.application(factories.business()).id,
        "cohort_draft_id": lambda: cohorts.draft(cohorts.cohort()).id,
    }
    assert parent in others, f"{rule.rule} needs another {parent} to stand under"
    return {**values, parent: others[parent]()}
