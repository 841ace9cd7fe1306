"""Things made as a test needs them, straight in the tables, with sensible values for all that it does not name."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from crm.accounts.models import Account, Hub, HubArea, LoginSession, RoleGrant
from crm.accounts.rules import hash_of_token, new_session_token
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.businesses.models import Business, BusinessName, Claim, Connection, Person, ShownInterest
from crm.businesses.rules.naming import match_name, sort_name
from crm.businesses.service.indexing import index
from crm.businesses.workflow import ConnectionKind, NameKind
from crm.casework.models import (
    Conversation,
    ConversationAdviser,
    EmailTemplate,
    NextStep,
    NextStepAssignee,
    SupportHours,
    SupportKind,
    WrittenEmail,
)
from crm.db.session import session
from crm.diagnostics.models import Diagnosis, QuestionSet
from crm.diagnostics.queries.triage import newest_set
from crm.diagnostics.workflow import AnsweredBy, DiagnosisStatus, Route
from crm.directory.models import Provider, Service
from crm.directory.workflow import ServiceStatus
from crm.documents.models import Document
from crm.evidence.models import Ask, Baseline, Indicator, Output
from crm.evidence.workflow import Instrument, Medium, Unit
from crm.figures.models import BankHoliday, DatedFigure
from crm.figures.workflow import FigureStatus
from crm.gateways.files import Files, files_from_url
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter
from crm.notices.service import Reader, queue
from crm.referrals.models import Referral
from crm.referrals.workflow import ReferralStatus
from crm.signposting.models import ActionPlan, Enquiry, EnquiryDraft, PlanSignpost, PlanStep
from crm.signposting.workflow import PlanStatus, StepOwner, Way
from tests.positions import next_position

_number = count(1)
SINCE = date(2026, 1, 1)
STORES: list[Files] = [files_from_url("memory://")]
"""The store of the application under test is the last."""


def kept(row: Any) -> Any:
    """The row, in the database."""
    session().add(row)
    session().flush()
    return row


def account(status: AccountStatus = AccountStatus.ACTIVE, **fields: Any) -> Account:
    number = next(_number)
    given = {"email": f"made{number}@made.example", "name": f"Made Person {number:03}"} | fields
    made: Account = kept(Account(**given, created_at=now(), _status=status))
    return made


def grant(holder: Account, role: Role = Role.AUDITOR, **fields: Any) -> RoleGrant:
    given = {"scope": Scope.EVERYWHERE, "valid_from": SINCE} | fields
    if role is Role.FOUNDER:
        given.setdefault("standing", Standing.OWNER)
    made: RoleGrant = kept(RoleGrant(account_id=holder.id, role=role, granted_at=now(), **given))
    return made


def login_session(holder: Account, **fields: Any) -> LoginSession:
    given = {
        "device": "Firefox on Linux",
        "began_at": now(),
        "expires_at": now() + timedelta(hours=12),
    } | fields
    secret = hash_of_token(new_session_token())
    made: LoginSession = kept(LoginSession(account_id=holder.id, token_hash=secret, **given))
    return made


def hub(**fields: Any) -> Hub:
    number = next(_number)
    given = {"code": f"made-hub-{number}", "name": f"Made Hub {number:03}", "opened_on": SINCE} | fields
    made: Hub = kept(Hub(**given, source="Made for a test"))
    return made


def area(owner: Hub, **fields: Any) -> HubArea:
    given = {"authority_code": "E08000025", "valid_from": SINCE} | fields
    made: HubArea = kept(HubArea(hub_id=owner.id, source="Made for a test", **given))
    return made


def figure(status: FigureStatus = FigureStatus.PROPOSED, **fields: Any) -> DatedFigure:
    """A figure proposed by nobody, as those that came with the product are; decided now unless it is proposed."""
    given = {
        "name": "enquiry.reply_days",
        "value": "3",
        "valid_from": date(2027, 1, 1) + timedelta(days=next(_number)),
    } | fields
    decided = None if status is FigureStatus.PROPOSED else now()
    given |= {"source": "Made for a test", "confidence": "decision", "proposed_at": now()}
    made: DatedFigure = kept(DatedFigure(**{"decided_at": decided, **given}, _status=status))
    return made


def letter(**fields: Any) -> Letter:
    number = next(_number)
    made = queue("sign_in", Reader(f"reader{number}@made.example", f"Reader {number:03}"))
    for name, value in fields.items():
        setattr(made, name, value)
    session().flush()
    return made


def provider(**fields: Any) -> Provider:
    given = {"name": f"Made Provider {next(_number):03}", "created_at": now()} | fields
    made: Provider = kept(Provider(**given))
    return made


def service(status: ServiceStatus = ServiceStatus.OPEN, **fields: Any) -> Service:
    number = next(_number)
    given = {
        "service_id": f"made-{number}",
        "name": f"Made Service {number:03}",
        "changed_at": now(),
    } | fields
    if "provider_id" not in given:
        given["provider_id"] = provider().id
    made: Service = kept(Service(**given, _status=status))
    return made


def business(*names: str, indexed: bool = False, **fields: Any) -> Business:
    """A business, with further names that it trades under; found by search only if it is indexed."""
    number = next(_number)
    name = fields.pop("name", f"Made Business {number:03}")
    given = {
        "source": "made",
        "created_at": now(),
        "sort_name": sort_name(name),
        "match_name": match_name(name),
    } | fields
    made: Business = kept(Business(name=name, **given))
    for each in names:
        kept(BusinessName(business_id=made.id, name=each, kind=NameKind.TRADING))
    if indexed:
        index(made, names)
    session().refresh(made, ["shared", "names", "figures"])
    return made


def person(owner: Business, **fields: Any) -> Person:
    number = next(_number)
    given = {"name": f"Made Person {number:03}", "email": f"at{number}@made.example"} | fields
    made: Person = kept(Person(business_id=owner.id, **given))
    return made


def shown_interest(owner: Business, account_id: UUID, **fields: Any) -> ShownInterest:
    given = {"shown_on": today(), **fields}
    made: ShownInterest = kept(ShownInterest(business_id=owner.id, account_id=account_id, **given))
    return made


def connection(owner: Business, **fields: Any) -> Connection:
    given = {
        "kind": ConnectionKind.DIRECTOR,
        "who": f"Made Director {next(_number):03}",
        "valid_from": SINCE,
    } | fields
    made: Connection = kept(Connection(business_id=owner.id, **given))
    return made


def claim(owner: Business, **fields: Any) -> Claim:
    number = next(_number)
    given = {
        "name": f"Made Claimant {number:03}",
        "email": f"claim{number}@made.example",
        "made_at": now(),
    } | fields
    made: Claim = kept(Claim(business_id=owner.id, **given))
    return made


def question_set() -> QuestionSet:
    """The questions of triage, as they come with the product."""
    found = newest_set("triage")
    assert found is not None
    return found


def diagnosis(owner: Business, *, is_finished: bool = False, **fields: Any) -> Diagnosis:
    given: dict[str, Any] = {
        "answered_by": AnsweredBy.ADVISER,
        "begun_at": now(),
        "answers": {"finance": "2"},
    } | fields
    if is_finished:
        given |= {"_status": DiagnosisStatus.FINISHED, "finished_at": now(), "route": Route.LIGHT}
        given.setdefault("needs", {"grant": 2})
    made: Diagnosis = kept(Diagnosis(business_id=owner.id, question_set_id=question_set().id, **given))
    return made


def ask(owner: Business, **fields: Any) -> Ask:
    given = {
        "instrument": Instrument.LOAN,
        "purpose": "A kiln",
        "medium": Medium.OTHER,
        "asked_on": SINCE,
    } | fields
    given = {"source": "made", "recorded_at": now()} | given
    made: Ask = kept(Ask(business_id=owner.id, **given))
    return made


def support_kind(**fields: Any) -> SupportKind:
    number = next(_number)
    given = {
        "code": f"made.kind_{number}",
        "area": "made",
        "area_label": "Made Area",
        "label": f"Made {number}",
    }
    made: SupportKind = kept(SupportKind(**(given | fields)))
    return made


def conversation(owner: Business, *advisers: Account, **fields: Any) -> Conversation:
    """A draft, unless it is given another state and what that needs."""
    given = {
        "happened_on": today(),
        "subject": f"Made talk {next(_number):03}",
        "recorded_at": now(),
    } | fields
    made: Conversation = kept(Conversation(business_id=owner.id, **given))
    for each in advisers:
        kept(ConversationAdviser(conversation_id=made.id, account_id=each.id, team="Made Team"))
    return made


def next_step(owner: Business, *assignees: Account, **fields: Any) -> NextStep:
    given = {"title": f"Made to do {next(_number):03}", "created_at": now()} | fields
    made: NextStep = kept(NextStep(**({"business_id": owner.id} | given)))
    for each in assignees:
        kept(NextStepAssignee(next_step_id=made.id, account_id=each.id))
    return made


def email_template(**fields: Any) -> EmailTemplate:
    given = {"name": f"Made template {next(_number):03}", "subject": "For {business}", "body": "Hello {name}"}
    made: EmailTemplate = kept(EmailTemplate(**(given | fields)))
    return made


def email(owner: Business, **fields: Any) -> WrittenEmail:
    given = {"subject": f"Made e-mail {next(_number):03}", "body": "Made", "written_at": now()} | fields
    given = {"person_id": person(owner).id, "letter_id": letter().id} | given
    made: WrittenEmail = kept(WrittenEmail(business_id=owner.id, **given))
    return made


def hours(owner: Business, **fields: Any) -> SupportHours:
    given = {"happened_on": today(), "quarters": 6, "what": f"Made help {next(_number):03}"} | fields
    made: SupportHours = kept(SupportHours(business_id=owner.id, **given))
    return made


def referral(owner: Business, **fields: Any) -> Referral:
    """A draft to a service of its own, unless it is given another state and what that needs."""
    given = {"subject": f"Made referral {next(_number):03}", "message": "Made", "created_at": now()} | fields
    if "service_id" not in given and "recipient_id" not in given:
        given["service_id"] = service().id
    if "person_id" not in given:
        given["person_id"] = person(owner).id
    made: Referral = kept(Referral(business_id=owner.id, **given))
    return made


def sent_referral(owner: Business, **fields: Any) -> Referral:
    """One that waits for an answer."""
    pack = {"subject": "Made", "message": "Made", "business": {}, "needs": [], "conversations": []}
    pack["person"] = {"name": "Made", "role": "", "email": None, "phone": None}
    given = {"sent_at": now(), "sent_to": "at@made.example", "sent_to_name": "Made Reader", "pack": pack}
    given |= {"due_on": today(), "_status": ReferralStatus.SENT} | fields
    return referral(owner, **given)


def indicator(**fields: Any) -> Indicator:
    number = next(_number)
    given = {"code": f"made_{number}", "name": f"Made {number}", "kind": "outcome", "unit": Unit.COUNT}
    given |= {"needs_baseline": False, "definition": "Made", "valid_from": SINCE, "source": "made"} | fields
    made: Indicator = kept(Indicator(**({"confidence": "made"} | given)))
    return made


def output(owner: Business, **fields: Any) -> Output:
    given = {"programme": "growth_hub", "amount": 100, "happened_on": SINCE, "recorded_at": now()} | fields
    defined = given.pop("indicator", None) or indicator()
    made: Output = kept(
        Output(business_id=owner.id, indicator_id=defined.id, indicator_code=defined.code, **given)
    )
    return made


def document(kind: str, thing_id: UUID, data: bytes = b"Made\n", **fields: Any) -> Document:
    """A plain text about a thing, its bytes in the store of the application under test."""
    given = {"name": "made.txt", "kind": "txt", "size": len(data), "kept_at": now()} | fields
    made: Document = kept(
        Document(about_kind=kind, about_id=thing_id, sha256=sha256(data).hexdigest(), **given)
    )
    STORES[-1].put(made.key, data)
    return made


def baseline(owner: Business, **fields: Any) -> Baseline:
    given = {"measured_on": SINCE, "fte_hundredths": 200, "source": "made"} | fields
    made: Baseline = kept(Baseline(business_id=owner.id, **given))
    return made


def draft(**fields: Any) -> EnquiryDraft:
    made: EnquiryDraft = kept(EnquiryDraft(begun_at=now(), changed_at=now(), **({"answers": {}} | fields)))
    return made


def enquiry(**fields: Any) -> Enquiry:
    number = next(_number)
    given = {
        "reference": f"E-{number:06}",
        "business_name": f"Asking Business {number:03}",
        "person_name": f"Asking Person {number:03}",
        "email": f"ask{number}@made.example",
        "way": Way.WEB,
        "received_at": now(),
        "due_on": today(),
    } | fields
    made: Enquiry = kept(Enquiry(**given))
    return made


def plan(owner: Business, status: PlanStatus = PlanStatus.DRAFT, **fields: Any) -> ActionPlan:
    given = {"number": next(_number), "made_at": now(), "made_by": "Made Adviser"} | fields
    if status is PlanStatus.SENT:
        given = {"sent_at": now(), "sent_to": "reader@made.example", "sent_to_name": "Made Reader"} | given
    made: ActionPlan = kept(ActionPlan(business_id=owner.id, **given, _status=status))
    return made


def step(owner: ActionPlan, **fields: Any) -> PlanStep:
    given = {"title": f"Made step {next(_number):03}", "owner": StepOwner.BUSINESS}
    given |= {"position": next_position(owner.id)} | fields
    made: PlanStep = kept(PlanStep(plan_id=owner.id, **given))
    return made


def signpost(owner: ActionPlan, **fields: Any) -> PlanSignpost:
    given = {"why": "It fits.", "position": next_position(owner.id)} | fields
    if "service_id" not in given:
        given["service_id"] = service().id
    made: PlanSignpost = kept(PlanSignpost(plan_id=owner.id, **given))
    return made


def bank_holiday(**fields: Any) -> BankHoliday:
    given = {
        "day": date(2040, 1, 1) + timedelta(days=next(_number)),
        "name": "Made day",
        "source": "Made",
    } | fields
    made: BankHoliday = kept(BankHoliday(**given))
    return made


def entry(thing: Any = None, **changes: Any) -> AuditEntry:
    """A line of the trail about a thing, or about somebody new."""
    return audit.record("try", account() if thing is None else thing, changes, by=SYSTEM)


def stand(account_id: UUID, status: AccountStatus) -> None:
    """Let somebody's account stand so, however it came to it."""
    found = session().get(Account, account_id)
    assert found is not None
    found._status = status
    session().flush()
