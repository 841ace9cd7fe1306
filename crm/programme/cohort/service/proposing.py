"""Asking for a proposal, and taking one over as a draft. A proposal decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.envelopes.rules import LINES, Line
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort, CohortDraft, CohortProposal, DraftPlace
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries import proposals as queries
from crm.programme.cohort.queries.candidates import candidates, names_of
from crm.programme.cohort.queries.headroom import with_headroom
from crm.programme.cohort.queries.money import free_of
from crm.programme.cohort.rules.choosing import Candidate, passed_over
from crm.programme.cohort.rules.freezing import answer_of, frozen_question
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.labels import group_in_words
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.money import in_full, lines_of, parts_of
from crm.programme.cohort.rules.proposing import Question
from crm.programme.cohort.service import drafting
from crm.programme.cohort.service.lapsing import OF_PROPOSAL
from crm.programme.cohort.workflow import PROPOSALS, Act


@dataclass(frozen=True)
class ProposalWanted:
    """The money to award, the references of applications that must be in or out, and how many at least of which groups.

    ``capital`` is the part of the money for capital, where the cohort is funded from capital and revenue.
    """

    money: Money
    must_be_in: tuple[str, ...] = ()
    must_be_out: tuple[str, ...] = ()
    numbers: tuple[tuple[Dimension, str, int], ...] = ()
    capital: Money = NO_MONEY


def why_not_asked(found: Cohort) -> str | None:
    """Why no proposal can be asked for: the cohort is decided, or one is being worked out."""
    if found.confirmed_at:
        return "This cohort is confirmed, so there is nothing to propose."
    if queries.is_any_open(found.id):
        return "A cohort is being worked out already. Open it to see how far it is."
    return why_unready(candidates(found.round))


def why_unready(rows: Sequence[Candidate]) -> str | None:
    """Why the best cohort cannot be worked out yet: nothing is ranked, or a total can still change."""
    if not rows:
        return "No application has been submitted yet, so there is nothing to propose."
    open_ = sum(not each.is_closed for each in rows)
    if not open_:
        return None
    said = "1 application is" if open_ == 1 else f"{open_} applications are"
    return f"{said} still being assessed. Close every assessment, then ask for a proposal."


def ask(found: Cohort, wanted: ProposalWanted, *, by: Actor) -> CohortProposal:
    """Ask the worker for the best cohort. What it is asked of is kept as it is now; nothing is decided by it."""
    POLICY.require(by, Act.ASK_PROPOSAL, found)
    cohorts.hold(found)
    refuse_if(why_not_asked(found))
    _require_money(found, wanted)
    made = CohortProposal(
        cohort_id=found.id,
        money=wanted.money,
        question=question_of(found, wanted),
        asked_at=now(),
        asked_by_id=by.account_id,
    )
    session().add(made)
    session().flush()
    limits = [each["words"] for each in made.question["limits"]]
    audit.record(Act.ASK_PROPOSAL, made, created(limits=limits), by=by)
    return made


def _require_money(found: Cohort, wanted: ProposalWanted) -> None:
    """Refuse nothing to award, and more of a line than is free, at its field: no cohort of more could be confirmed (P27)."""
    if wanted.money.pence <= 0:
        raise Invalid("Enter more than £0", field="money" if found.line else str(Line.CAPITAL))
    free = free_of(found)
    if free is None:
        return
    for line, amount in parts_of(wanted.money, wanted.capital, lines=lines_of(found.line)).items():
        left = max(free[line], NO_MONEY)
        if amount > left:
            words = f"{in_full(left)} is free{'' if found.line else f' of {LINES[line].lower()}'}, so this is over by {in_full(amount - left)}"
            raise Invalid(words, field="money" if found.line else str(line))


def question_of(found: Cohort, wanted: ProposalWanted) -> dict[str, Any]:
    """What is asked, as it is now. It names applications by reference alone: names go when a business is erased."""
    rows = candidates(found.round)
    options = queries.options(found.round, rows)
    if not options:
        raise Conflict("No application can be chosen yet, so there is nothing to propose.")
    grouped, headroom = with_headroom(options, rows, on=today())
    limits = (
        *queries.limits(found, parts_of(wanted.money, wanted.capital, lines=lines_of(found.line))),
        headroom,
        *_numbers(wanted),
        *_named(wanted, rows, options),
    )
    return frozen_question(Question(grouped, limits, str(found.round_id)))


def _numbers(wanted: ProposalWanted) -> list[Limit]:
    """How many applications at least of a group, beside the targets of the cohort."""
    return [
        Limit(
            LimitKind.NUMBER_AT_LEAST,
            f"At least {number} from {group_in_words(dimension, value)}",
            number,
            fact=str(dimension),
            values=(value,),
        )
        for dimension, value, number in wanted.numbers
    ]


def _named(wanted: ProposalWanted, rows: Sequence[Candidate], options: Sequence[Option]) -> list[Limit]:
    """Who must be in or out, as limits. Raises `Invalid` for a reference that cannot be chosen."""
    known = {each.code for each in options}
    both = set(wanted.must_be_in) & set(wanted.must_be_out)
    if both:
        raise Invalid(f"{min(both)} cannot be both in and out", field="must_be_out")
    made = []
    for kind, field, codes in (
        (LimitKind.IN, "must_be_in", wanted.must_be_in),
        (LimitKind.OUT, "must_be_out", wanted.must_be_out),
    ):
        for code in codes:
            if code not in known:
                raise Invalid(_why_not(code, rows), field=field)
            made.append(Limit(kind, f"{code} must be {kind}", code=code))
    return made


def _why_not(code: str, rows: Sequence[Candidate]) -> str:
    one = next((each for each in rows if each.reference == code), None)
    if one is None:
        return f"{code} is not an application in this ranking"
    return drafting.why_below(one) or f"{one.name} cannot be chosen yet: its total is {one.total}"


def cancel(found: CohortProposal, *, by: Actor) -> None:
    """Stop working out a proposal, so that another can be asked for."""
    POLICY.require(by, Act.CANCEL_PROPOSAL, found)
    changes = advance(PROPOSALS, found, Act.CANCEL_PROPOSAL)
    found.ended_at = now()
    audit.record(Act.CANCEL_PROPOSAL, found, changes, by=by)


def why_not_taken_over(found: CohortProposal) -> str | None:
    """Why a proposal cannot become a draft: there is no cohort in it, or what it rests on has changed."""
    return why_out_of_date(found, queries.options(found.round, candidates(found.round)))


def why_out_of_date(found: CohortProposal, options: Sequence[Option]) -> str | None:
    """The same, by those who can be chosen today."""
    if found.cohort.confirmed_at:
        return "This cohort is confirmed, so no more drafts can be started."
    if not found.answer or not found.answer["chosen"]:
        return "There is no cohort to take over."
    current = {each.code: _sums(vars(each)) for each in options}
    asked = {each["code"]: _sums(each) for each in found.question["options"]}
    gone = [code for code in found.answer["chosen"] if current.get(code) != asked[code]]
    if not gone:
        return None
    names = names_of(found.cohort.round_id)
    named = ", ".join(names.get(code, code) for code in gone[:3])
    return f"This proposal is out of date: {named} can no longer be chosen as proposed. Ask for a new one."


def _sums(option: Mapping[str, Any]) -> tuple[int, int | None]:
    """What an application asks for, and the part for capital; of a proposal of before, that part is not known."""
    return option["asked"], option["lines"].get(Line.CAPITAL) or None


def take_over(found: CohortProposal, name: str, *, by: Actor) -> CohortDraft:
    """Start a draft with the applications of a proposal, each with what it asks for; choices over higher ranks say why (P32)."""
    POLICY.require(by, Act.TAKE_OVER_PROPOSAL, found)
    cohorts.hold(found.cohort)
    changes = advance(PROPOSALS, found, Act.TAKE_OVER_PROPOSAL)
    refuse_if(why_not_taken_over(found))
    made = drafting.start_draft(found.cohort, name, by=by)
    rows = candidates(found.round)
    chosen = set(answer_of(found.answer or {}).chosen)
    ids = {each.id for each in rows if each.reference in chosen}
    for each in rows:
        if each.reference in chosen:
            session().add(_place(made, each, rows, ids, by=by))
    session().flush()
    told = {**changes, "draft": (None, made.name), "applications": (None, sorted(chosen))}
    audit.record(Act.TAKE_OVER_PROPOSAL, found, told, by=by)
    return made


def _place(
    made: CohortDraft, one: Candidate, rows: Sequence[Candidate], ids: set[UUID], *, by: Actor
) -> DraftPlace:
    """A choice of a proposal in a draft, with why it goes over higher ranks, if it does."""
    reason = OF_PROPOSAL if passed_over(one, rows, chosen=ids) else ""
    place = DraftPlace(draft_id=made.id, application_id=one.id, amount=one.sum, reason=reason, added_at=now())
    place.capital = one.capital if made.cohort.line is None else NO_MONEY
    place.added_by_id = by.account_id
    return place
