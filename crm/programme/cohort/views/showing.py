"""What cohorts show elsewhere: on desks, and on the pages of rounds and applications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.funding.envelopes.policy import POLICY as ENVELOPES
from crm.funding.envelopes.workflow import Act as EnvelopeAct
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now
from crm.kernel.measures import counted
from crm.kernel.permissions import Actor
from crm.notices.rules import OF_ONE_ACT, Written
from crm.notices.service import written_about
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import known_application
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.cohorts import (
    cohort_of,
    cohorts_with_reserves,
    confirmed_cohorts,
    confirmed_draft,
    proposed_drafts,
    sent_back_drafts,
)
from crm.programme.cohort.queries.decisions import (
    decision_about,
    feedback_of,
    given_up,
    letters_of,
)
from crm.programme.cohort.queries.headroom import with_free_money
from crm.programme.cohort.queries.sending import Unsent, unsent_of
from crm.programme.cohort.rules.money import said_parts
from crm.programme.cohort.service.beginning import why_not_begun
from crm.programme.cohort.service.confirming import why_not_by
from crm.programme.cohort.service.deciding import why_not_promoted_by
from crm.programme.cohort.service.telling import TELLING, shared, waiting_of, why_unsuccessful
from crm.programme.cohort.views import decision_changes
from crm.programme.cohort.workflow import Act, DecisionStatus, Outcome
from crm.programme.rounds.queries import known_round
from crm.web.feature import Todo
from crm.web.identity import current_actor

APPLICANTS = counted("applicant")
REFUSALS = counted("refusal")
GIVEN_UP_SHOWN = timedelta(days=28)
"""How long an award that its business gave up stays on the desks of those who can award its money again."""


def cohorts_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Proposed cohorts that this approver can confirm: they did not propose them, and had no hand in a score."""
    return tuple(
        Todo(
            f"Confirm the cohort of {each.round.name}",
            None,
            url_for("cohort_confirmations.confirm", cohort_draft_id=each.id),
            about=each.name,
            since=day_of(each.proposed_at) if each.proposed_at else None,
        )
        for each in proposed_drafts()
        if POLICY.allows(actor, Act.CONFIRM, each) and not why_not_by(each, actor.account_id)
    )


def cohorts_sent_back(actor: Actor) -> tuple[Todo, ...]:
    """Drafts that an approver sent back, for the managers who change them and propose again."""
    return tuple(
        Todo(
            f"Change the cohort of {each.round.name} that was sent back",
            None,
            url_for("cohort_drafts.cohort_draft", cohort_draft_id=each.id),
            about=each.name,
            since=day_of(each.proposed_at) if each.proposed_at else None,
        )
        for each in sent_back_drafts()
        if POLICY.allows(actor, Act.PROPOSE, each)
    )


def ledger_of(found: Cohort) -> UUID | None:
    """The envelope whose ledger the sums of a cohort open, for those who may open it."""
    return found.envelope_id if ENVELOPES.allows(current_actor(), EnvelopeAct.VIEW) else None


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a round to its cohort, or to beginning one; from a decision to its changes; from an application to its feedback and decision."""
    ways = {"application": _of_application, "decision": decision_changes.links, "programme_round": _of_round}
    return ways[kind](thing_id) if kind in ways else []


def _of_round(round_id: UUID) -> list[tuple[str, str]]:
    found = known_round(round_id)
    if found is None:
        return []
    made, actor = cohort_of(round_id), current_actor()
    if made is not None:
        may = POLICY.allows(actor, Act.VIEW, made)
        return [("Cohort", url_for("cohorts.cohort", cohort_id=made.id))] if may else []
    may = POLICY.allows(actor, Act.BEGIN, found) and not why_not_begun(found)
    return [("Create the cohort", url_for("cohorts.begin", round_id=round_id))] if may else []


def _of_application(application_id: UUID) -> list[tuple[str, str]]:
    """From an application to its decision and to the feedback on it."""
    found, actor = known_application(application_id), current_actor()
    if found is None or found.submitted_at is None or not POLICY.allows(actor, Act.VIEW, found):
        return []
    ways = [("Feedback", url_for("feedback.feedback", application_id=application_id))]
    made = decision_about(application_id)
    return [*ways, ("Decision", url_for("decisions.decision", decision_id=made.id))] if made else ways


def load_decided(actor: Actor, found: Application) -> Mapping[str, Any] | None:
    """Every letter about what was decided, word for word, the newest first; nothing before one was sent (P35)."""
    made = decision_about(found.id)
    if made is None or not made.letter_text:
        return None
    letters = told_letters(made, actor)
    # An award that we withdrew was written about; one that its business gave up is told of on the award's own page.
    is_ours = made.withdrawn_by_id is not None
    ended = None if made.is_award_untold else made.withdrawn_at
    shown: dict[str, Any] = {"letters": letters, "withdrawn_at": ended, "is_ours": is_ours}
    shown |= {"awarded": _awarded(made), "why_ended": made.withdrawn_reason}
    shown["waiting"] = _waiting(made) if made.told_outcome is Outcome.RESERVE else None
    return shown | _refused(made) | {"withdrew": _withdrew(made)}


def told_letters(made: Decision, reader: Actor) -> list[tuple[datetime, str, bool, Written | None]]:
    """The letters about a decision, the newest first, each in the reader's own copy where they got one, and to whom it went."""
    copies = written_about(("application", made.application_id), reader=reader)
    found = []
    for at, text, is_sent in letters_of(made)[::-1]:
        copy = _copy_of(text, [each for each in copies if is_sent and _is_of(each, at)])
        found.append((at, copy.text if copy else text, is_sent, copy))
    return found


def _copy_of(text: str, copies: list[Written]) -> Written | None:
    """The copy that says the same but for its greeting, of several letters of one moment; the only one, whatever it says."""
    same = [each for each in copies if each.text.splitlines()[1:] == text.splitlines()[1:]]
    return next(iter(same), copies[0] if len(copies) == 1 else None)


def _is_of(copy: Written, at: datetime) -> bool:
    return copy.kind in TELLING and abs(copy.queued_at - at) < OF_ONE_ACT


def _awarded(made: Decision) -> str:
    """The award as it was decided, whatever became of it since; nothing of one that its applicant was never told of (P35)."""
    if made.is_award_untold or made.outcome is not Outcome.SUCCESSFUL or made.amount is None:
        return ""
    on, award = (
        day_in_words(day_of(made.decided_at)),
        said_parts(made.amount, made.capital, line=made.cohort.line),
    )
    return f"The application was successful. We decided on {on} to award {award}."


def _withdrew(made: Decision) -> str:
    """That an application withdrew from the waiting list, as its last letter said."""
    if made.told_outcome is not Outcome.WITHDREW:
        return ""
    return "The application was withdrawn from the waiting list, as the business asked. It is no decision on its quality."


def _refused(made: Decision) -> dict[str, Any]:
    """That an application was refused, why by criterion, and where else to turn; empty where it was not."""
    if made.outcome is not Outcome.UNSUCCESSFUL or made.status is not DecisionStatus.NOTIFIED:
        return {"refused": "", "why_not": "", "reasons": (), "signposts": ()}
    said = f"The application was not successful. We decided on {day_in_words(day_of(made.decided_at))}."
    reasons = shared(feedback_of([made.application_id]).get(made.application_id, []))
    why = why_unsuccessful(made) if not made.letters[:-1] else ""
    return {"refused": said, "why_not": why, "reasons": reasons, "signposts": made.signposts}


def _waiting(made: Decision) -> dict[str, Any]:
    """What an applicant on the waiting list reads: its place, until when, and the feedback that is shared."""
    return waiting_of(made) | {
        "feedback": shared(feedback_of([made.application_id]).get(made.application_id, []))
    }


def decision_history(actor: Actor, found: Application) -> list[AuditEntry]:
    """Who proposed and confirmed the decision about an application, and when its letters were sent, for those who may see it."""
    made = decision_about(found.id)
    if made is None or not POLICY.allows(actor, Act.VIEW, made):
        return []
    draft = confirmed_draft(made.cohort_id)
    about_draft = entries_about(draft) if draft is not None else ()
    steps = [each for each in about_draft if each.act in (Act.PROPOSE, Act.CONFIRM)]
    return [*entries_about(made), *steps]


def decisions_to_send(actor: Actor) -> tuple[Todo, ...]:
    """Cohorts whose decisions were not all sent yet."""
    rows = [each for each in confirmed_cohorts() if POLICY.allows(actor, Act.NOTIFY, each)]
    waiting = unsent_of([each.id for each in rows])
    found = [(each, waiting[each.id]) for each in rows if each.id in waiting]
    sending = [_to_send(each, count) for each, count in found if count.sendable]
    untold = [_to_tell(each, count.unreached) for each, count in found if count.unreached]
    unsaid = [_to_explain(each, count.lacking) for each, count in found if count.lacking]
    return (*sending, *untold, *unsaid)


def _to_explain(found: Cohort, count: int) -> Todo:
    """Refusals that cannot be sent before their applicants can read why."""
    href = url_for("feedback.refusals", cohort_id=found.id)
    since = day_of(found.confirmed_at) if found.confirmed_at else None
    return Todo(f"Write feedback for {REFUSALS(count)}", None, href, about=found.round.name, since=since)


def _to_tell(found: Cohort, count: int) -> Todo:
    """Those whose business has nobody with an account are told another way."""
    href = url_for("decisions.decisions", cohort_id=found.id)
    since = day_of(found.confirmed_at) if found.confirmed_at else None
    words = f"Tell {APPLICANTS(count)} who can get no email"
    return Todo(words, None, href, about=found.round.name, since=since)


def _to_send(found: Cohort, count: Unsent) -> Todo:
    """The letters that can be sent. The page lists those that cannot be yet as well, so then it is no number that opens its rows."""
    href = url_for("decisions.letters", cohort_id=found.id)
    since = day_of(found.confirmed_at) if found.confirmed_at else None
    words = "Send a decision" if count.sendable == 1 else "Send the decisions"
    return Todo(words, None if count.lacking else count.sendable, href, about=found.round.name, since=since)


def reserves_to_promote(actor: Actor) -> tuple[Todo, ...]:
    """Cohorts in which free money, within its headroom, reaches somebody on the waiting list."""
    rows = [each for each in cohorts_with_reserves() if POLICY.allows(actor, Act.PROMOTE, each)]
    mine = [each for each in rows if not why_not_promoted_by(each, actor.account_id)]
    return tuple(_to_promote(each) for each in with_free_money(mine))


def _to_promote(found: Cohort) -> Todo:
    href = url_for("decisions.waiting_list", cohort_id=found.id)
    return Todo("Award free money to the waiting list", None, href, about=found.round.name)


def awards_given_up(actor: Actor) -> tuple[Todo, ...]:
    """Awards whose business withdrew its application, until someone marks them as read: their money was released."""
    return tuple(
        Todo(
            f"Read why: the award of {each.amount} was given up and released",
            None,
            url_for("decisions.decision", decision_id=each.id),
            about=f"{each.application.business.name}, {each.round.name}",
            since=day_of(each.withdrawn_at) if each.withdrawn_at else None,
        )
        for each in given_up(now() - GIVEN_UP_SHOWN)
        if POLICY.allows(actor, Act.VIEW, each)
    )
