"""Who can help with the actions of a readiness assessment: services of the directory, weighed for the business."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import figures_by_year, places_of
from crm.businesses.workflow import BusinessStatus
from crm.db.remembering import remembered
from crm.db.session import session
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.opened import Opened
from crm.diagnostics.queries.readiness import assessment
from crm.diagnostics.queries.results import TakenParts, asked_of, result_of, taken_of
from crm.diagnostics.rules.readiness import Asked
from crm.diagnostics.rules.scoring import MOST_ACTIONS, Drag
from crm.diagnostics.workflow import ReadinessStatus
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.matching import Match, match
from crm.figures.queries import figure_on
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.rules import GENERAL, SELF_HELP, TAKES
from crm.ip.actions.workflow import ActionStatus
from crm.kernel.clock import has_come, now, today
from crm.kernel.eligibility import Facts, Verdict
from crm.kernel.text import within
from crm.places.queries import atlas
from crm.referrals.models import Referral
from crm.referrals.queries import Sent

MOST_SERVICES, MOST = 3, 200
Planned = dict[str, ReadinessAction]
"""The actions that have an owner and a day, by the key of their question: of an assessment, and open ones of others."""
PLANNED = ReadinessAction.__table__.c


@dataclass(frozen=True)
class Help:
    """One action: what the answer was, the services that can help, the best first, who else can, and who cannot.

    ``shut`` are services whose rules close them to the business: they are told apart, with the reason, and offered to nobody.
    ``alone`` is how the business does it by itself, where it can. ``taken`` is how far the assessment is that is itself the
    action, where the business has finished one.
    """

    drag: Drag
    services: tuple[Match[Service], ...]
    others: tuple[str, ...]
    shut: tuple[Match[Service], ...] = ()
    alone: str = ""
    taken: TakenParts | None = None

    @property
    def has_usable(self) -> bool:
        """Whether one of the services can be used now."""
        return any(_is_usable(each) for each in self.services)

    @property
    def has_unconfirmed(self) -> bool:
        """Whether an adviser could find out that one of the services can be used."""
        return any(_may_run(each) for each in self.services)

    @staticmethod
    def standing(found: Match[Service]) -> str:
        """Whether the business can use a service, in words."""
        if found.service.is_unconfirmed:
            return "Not confirmed"
        if not found.available:
            return found.standing
        return "Eligible" if found.verdict is Verdict.ELIGIBLE else "May be eligible"

    @property
    def on_paper(self) -> list[str]:
        """Who can help, as the printed result says it, where we run none of the services ourselves."""
        return self.paper_lines({})

    def paper_lines(self, ours: Mapping[UUID, str]) -> list[str]:
        """Who can help, as the printed result says it: the same as the page, also of what we run ourselves."""
        lines = [f"{self.taken.in_words}."] if self.taken else []
        lines += [self._on_paper(each, ours.get(each.service.id)) for each in self.services]
        lines += [f"Others who can help: {', '.join(self.others)}."] if self.others else []
        lines += [f"Without help: {within(self.alone)}."] if self.alone else []
        return lines if self.has_usable else [*lines, f"{GENERAL}."]

    def _on_paper(self, match: Match[Service], ours: str | None) -> str:
        named = f"{match.service.name} ({match.service.provider.name})"
        if ours is not None:
            return f"{named}: {within(ours)}."
        return f"{named}: {self.standing(match).lower()}. {_ended(match.because)}"

    @property
    def assessment(self) -> str:
        """The assessment that is itself the action, by its short name."""
        return TAKES.get(self.drag.question.key, ("", ()))[0]


def helps_for(check: ReadinessCheck, planned: Planned | None = None) -> tuple[Help, ...]:
    """The next actions of a finished assessment, each with who can help."""
    known = planned_of(check) if planned is None else planned
    taken = takes_of(check)
    drags = drags_to_do(check, known, is_taken={key for key, each in taken.items() if not each.lacking})
    found = _helps(asked_of(check)[0], drags, _facts(check.business, figures_by_year(check.business_id)))
    return tuple(replace(each, taken=taken.get(each.drag.question.key)) for each in found)


@remembered
def takes_of(check: ReadinessCheck) -> dict[str, TakenParts]:
    """Of the actions that are to take another assessment, those that the business has finished it for, by their question."""
    wanted = [each.question.key for each in _drags(check) if each.question.key in TAKES]
    found = {key: taken_of(check, TAKES[key][0], parts=TAKES[key][1]) for key in wanted}
    return {key: each for key, each in found.items() if each is not None}


def elsewhere_of(
    helps: Iterable[Help], check: ReadinessCheck, *, sent: Sent
) -> dict[tuple[str, UUID], Referral]:
    """The referral from another place to show beside each service of an action, by question and service.

    One that is under way stands wherever its service does, so that nobody refers twice; one that is closed stands once.
    """
    found: dict[tuple[str, UUID], Referral] = {}
    told: set[UUID] = set()
    for key, service in ((each.drag.question.key, row.service) for each in helps for row in each.services):
        path = path_of(check.id, key)
        other = None if sent.drafted_at(service, path) else sent.elsewhere(service, path)
        if other is not None and (other.is_open or other.id not in told):
            found[key, service.id] = other
            told.add(other.id)
    return found


def drags_to_do(
    check: ReadinessCheck, planned: Planned, *, is_taken: Collection[str] = ()
) -> tuple[Drag, ...]:
    """What to do next: the first few actions that are not done or dropped, and any other with an owner.

    ``is_taken`` are those that were to answer parts of another assessment, which are answered.
    """
    settled = {key for key, each in planned.items() if each.status is not ActionStatus.TO_DO} | set(is_taken)
    left = [each for each in _drags(check) if each.question.key not in settled]
    return tuple(
        each for place, each in enumerate(left) if place < MOST_ACTIONS or each.question.key in planned
    )


def _drags(check: ReadinessCheck) -> list[Drag]:
    """Every answer of an assessment that something can be done about now, what comes first first."""
    return list(result_of(check).doable)


def open_helps(found: Opened, owner: Business | None) -> tuple[Help, ...]:
    """The same for a visitor, of whom no more is known than the sectors; for ``owner`` with its record, as told here."""
    facts = _facts(owner, owner.figures) if owner is not None else Facts()
    groups = found.of.groups or facts.dcms_groups
    return _helps(found.asked, found.result.actions, replace(facts, dcms_groups=groups))


def _facts(owner: Business, figures: Sequence[YearlyFigures]) -> Facts:
    """What is on record of a business; ``figures`` are its years, the latest first."""
    return facts_of(owner, figures, places=places_of(owner), needs={}, on=today())


def _helps(asked: Asked, actions: Sequence[Drag], facts: Facts) -> tuple[Help, ...]:
    kinds = [[asked.providers[key] for key in drag.question.providers] for drag in actions]
    named = [[each for kind in of_action for each in kind.services] for of_action in kinds]
    weighed = _weighed(facts, {each for of_action in named for each in of_action})
    return tuple(
        _help(
            drag, _in_order(weighed, ids), {key: asked.providers[key].name for key in _without(drag, asked)}
        )
        for drag, ids in zip(actions, named, strict=True)
    )


def _without(drag: Drag, asked: Asked) -> list[str]:
    """Who can help with an action and has no service in the directory, by their short names."""
    return [key for key in drag.question.providers if not asked.providers[key].services]


def _help(drag: Drag, found: Sequence[Match[Service]], without: Mapping[str, str]) -> Help:
    """One action with the first few who can help, and those of the others whose rules close them to the business."""
    can = [each for each in found if each.verdict is not Verdict.INELIGIBLE]
    shut = [each for each in found if each.verdict is Verdict.INELIGIBLE]
    others = tuple(name for key, name in without.items() if key != SELF_HELP)
    return Help(drag, tuple(can[:MOST_SERVICES]), others, tuple(shut), without.get(SELF_HELP, ""))


def _weighed(facts: Facts, wanted: set[str]) -> tuple[Match[Service], ...]:
    """Some services weighed for the business."""
    months = int(figure_on("directory.fresh_months", on=today()))
    services = [each for each in all_services() if each.service_id in wanted]
    return match(services, facts, on=today(), fresh_months=months, atlas=atlas())


def _in_order(weighed: Sequence[Match[Service]], ids: Sequence[str]) -> list[Match[Service]]:
    """The services of one action: those it can use now, those that may run, those open to it, those that it is known to be
    eligible for before those that it may be, then as the question names them.
    """
    return sorted(
        (each for each in weighed if each.service.service_id in ids),
        key=lambda each: (
            *(not _is_usable(each), not _may_run(each), each.rank is None),
            *(each.verdict is not Verdict.ELIGIBLE, ids.index(each.service.service_id)),
        ),
    )


def _ended(words: str) -> str:
    """Words as a sentence."""
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."


def _may_run(found: Match[Service]) -> bool:
    """Not confirmed, and not closed to the business by a rule."""
    return found.service.is_unconfirmed and found.verdict is not Verdict.INELIGIBLE


def _is_usable(found: Match[Service]) -> bool:
    """Confirmed, on offer, and not closed to the business by a rule."""
    return found.available and found.verdict is not Verdict.INELIGIBLE


@dataclass(frozen=True)
class Offer:
    """One service for one action of a finished assessment."""

    check: ReadinessCheck
    drag: Drag
    service: Service

    @property
    def stands_on(self) -> ReadinessCheck:
        """On whose page it is shown."""
        return self.check

    @property
    def business(self) -> object:
        """Whose assessment it is, for the policy."""
        return self.check.business

    @property
    def path(self) -> str:
        """The place on the result where the action stands: what is asked or drafted there is about this action alone."""
        return path_of(self.check.id, self.drag.question.key)


def path_of(readiness_id: UUID, question_key: str) -> str:
    """The place of an action on the result of its assessment."""
    return f"/readiness/{readiness_id}#{question_key}"


def offer(readiness_id: UUID, *, question_key: str, service_key: str) -> Offer | None:
    """A service that one of the next actions of a finished assessment names."""
    check = assessment(readiness_id)
    if check is None or check.status is not ReadinessStatus.FINISHED:
        return None
    for each in helps_for(check):
        for found in each.services:
            if (each.drag.question.key, found.service.service_id) == (question_key, service_key):
                return Offer(check, each.drag, found.service)
    return None


@dataclass(frozen=True)
class NextAction:
    """One of the next actions of a finished assessment."""

    check: ReadinessCheck
    drag: Drag

    @property
    def stands_on(self) -> ReadinessCheck:
        """On whose page it is shown."""
        return self.check

    @property
    def business(self) -> Business:
        """Whose assessment it is, for the policy."""
        return self.check.business


def next_action(readiness_id: UUID, *, question_key: str) -> NextAction | None:
    """The next action of a finished assessment that comes from a question."""
    check = assessment(readiness_id)
    if check is None or check.status is not ReadinessStatus.FINISHED:
        return None
    found = (each for each in _drags(check) if each.question.key == question_key)
    return next((NextAction(check, each) for each in found), None)


def _planned() -> Select[ReadinessAction]:
    return select(ReadinessAction).options(
        joinedload(ReadinessAction.person), joinedload(ReadinessAction.account)
    )


def _with_business() -> Select[ReadinessAction]:
    """Actions with their assessment and its business, which can be asked about."""
    return (
        _planned()
        .join(ReadinessCheck, ReadinessCheck.id == ReadinessAction.readiness_id)
        .join(Business, Business.id == ReadinessCheck.business_id)
        .options(
            contains_eager(ReadinessAction.check)
            .contains_eager(ReadinessCheck.business)
            .undefer(Business.shared)
        )
    )


def planned_of(check: ReadinessCheck) -> Planned:
    """The actions of an assessment that have an owner and a day, by the key of their question.

    The same question of another assessment of the business is the same action: one still to do is carried, and one that
    was done or dropped since this assessment was finished is done here too. What ended before, the answers know of.
    """
    is_own, checked = ReadinessAction.readiness_id == check.id, ReadinessCheck.__table__.c
    is_open = PLANNED.status == ActionStatus.TO_DO
    counts = is_open | (PLANNED.ended_at >= (check.finished_at or now()))
    same = (checked.business_id == check.business_id) & (checked.set_name == check.set_name)
    rows = session().scalars(
        _with_business().where(is_own | (counts & same)).order_by(is_own, is_open, PLANNED.due_on.desc())
    )
    return {each.question_key: each for each in rows}


def is_open_elsewhere(found: ReadinessAction) -> bool:
    """Whether the same action is still to do under another assessment of the business."""
    query = select(PLANNED.id).join(ReadinessCheck, ReadinessCheck.id == PLANNED.readiness_id)
    checked = ReadinessCheck.__table__.c
    is_same = (checked.business_id == found.check.business_id, checked.set_name == found.check.set_name)
    query = query.where(*is_same, PLANNED.question_key == found.question_key, PLANNED.id != found.id)
    return session().scalar(query.where(PLANNED.status == ActionStatus.TO_DO).limit(1)) is not None


def planned(readiness_action_id: UUID) -> ReadinessAction | None:
    """One planned action with its owner, its assessment and the business."""
    return session().scalar(_with_business().where(ReadinessAction.id == readiness_action_id))


def planned_by(business_id: UUID, name: str) -> Sequence[ReadinessAction]:
    """The planned actions of a business from one set: those to do by their day, then the others, the latest first."""
    query = _with_business().where(ReadinessCheck.business_id == business_id, ReadinessCheck.set_name == name)
    is_over = PLANNED.status != ActionStatus.TO_DO
    order = (is_over, PLANNED.ended_at.desc(), PLANNED.due_on, PLANNED.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def actions_due(
    *, account_id: UUID | None, business_ids: Sequence[UUID], until: date
) -> Sequence[ReadinessAction]:
    """The actions to do up to a day: those of an account, and those of people at some businesses."""
    own = ReadinessCheck.business_id.in_(list(business_ids)) & PLANNED.person_id.is_not(None)
    whose = or_(PLANNED.account_id == account_id, own) if account_id else own
    query = _to_do(until).where(whose)
    return session().scalars(query.order_by(PLANNED.due_on, PLANNED.id).limit(MOST)).all()


def _to_do(until: date) -> Select[ReadinessAction]:
    """The actions to do up to a day, of businesses that are in use."""
    in_use = Business.__table__.c.status == BusinessStatus.ACTIVE
    return _with_business().where(
        PLANNED.status == ActionStatus.TO_DO, has_come(PLANNED.due_on, on=until), in_use
    )


def actions_held_by(account_ids: Collection[UUID]) -> Sequence[ReadinessAction]:
    """The actions that some of our staff have still to do, for businesses in use, the first to be done first."""
    query = _with_business().where(
        PLANNED.account_id.in_(account_ids),
        PLANNED.status == ActionStatus.TO_DO,
        Business.__table__.c.status == BusinessStatus.ACTIVE,
    )
    return session().scalars(query.order_by(PLANNED.due_on, PLANNED.id).limit(MOST)).all()


def is_any_to_do() -> bool:
    """Whether anything is to do at all: dated figures are looked up only then."""
    query = select(PLANNED.id).where(PLANNED.status == ActionStatus.TO_DO).limit(1)
    return session().scalar(query) is not None


def to_remind(until: date) -> Sequence[ReadinessAction]:
    """The actions to do up to a day whose owners have not been reminded of that day."""
    query = _to_do(until).where(PLANNED.reminded_for.is_distinct_from(PLANNED.due_on))
    return session().scalars(query.order_by(PLANNED.due_on, PLANNED.id).limit(MOST)).all()
