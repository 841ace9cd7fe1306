"""Letters about decisions: previewed as they will be sent, sent through the outbox, kept word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crm.accounts.queries import businesses_with_people, people_at
from crm.audit import service as audit
from crm.businesses.queries.seeing import business
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_previewed
from crm.evidence.service import asking
from crm.evidence.service.asking import AskDetails
from crm.evidence.workflow import Instrument, Medium, UnmetReason
from crm.funding.envelopes.queries.ledger import envelope
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of
from crm.kernel.measures import counted
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series
from crm.notices.rules import Wording
from crm.notices.service import as_sent
from crm.programme.applications.service.telling import context_of, tell
from crm.programme.cohort.models import TELLS_OF_AWARD, TELLS_OF_PLACE, Cohort, Decision, Feedback
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts, decisions
from crm.programme.cohort.queries.candidates import ranked_as
from crm.programme.cohort.queries.changes import last_change
from crm.programme.cohort.queries.sending import lacking, offer_due
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.money import said_parts
from crm.programme.cohort.workflow import DECISIONS, Act, DecisionStatus, Outcome, why_not_sent

SENT_ALREADY = counted("decision was sent", "decisions were sent")
AT_ONCE = 200
"""How many letters one press of the button sends: the next press goes on with the rest."""
NOBODY_TO_WRITE_TO = (
    "No email can be sent: nobody at the businesses has an account. Mark each decision as told another way."
)

UNEXPLAINED = (
    "No decision can be sent yet: refusals need feedback on every criterion that their applicants can read."
)


CHANGED_MEANWHILE = "The letters changed after you opened the page, so nothing was sent."
READ_AGAIN = "Read the letters again, then send them."


def shared(rows: Sequence[Feedback]) -> list[dict[str, str]]:
    """The feedback that applicants read: what was marked as shared, by criterion, and nothing else (P37)."""
    return [{"criterion": each.criterion.title, "words": each.words} for each in rows if each.is_shared]


LETTERS = {
    Outcome.SUCCESSFUL: TELLS_OF_AWARD,
    Outcome.RESERVE: TELLS_OF_PLACE,
    Outcome.UNSUCCESSFUL: "decision_unsuccessful",
    Outcome.WITHDREW: "decision_withdrew",
}
"""Which letter tells of each decision."""
TELLING = {*LETTERS.values(), "award_withdrawn", "award_lowered"}
"""Every letter whose text a decision keeps."""


def facts_of(found: Decision, rows: Sequence[Feedback]) -> dict[str, Any]:
    """What the letter about a decision says beyond the application."""
    told: dict[str, Any] = {
        "feedback": shared(rows),
        "waited": _has_waited(found),
        "why_off": found.off_list_reason,
    }
    if found.outcome is Outcome.SUCCESSFUL:
        told |= {"amount": str(found.amount), "parts": "", "asked": "", "why_part": ""}
        told["offer_by"] = day_in_words(offer_due(today()))
        asked = found.application.asked_for
        if found.amount and found.cohort.line is None:
            told["parts"] = said_parts(found.amount, found.capital, line=None)
        if asked and found.amount and found.amount < asked:
            told |= {"asked": str(asked), "why_part": found.part_reason}
    if found.outcome is Outcome.UNSUCCESSFUL:
        told |= {"signposts": found.signposts, "why_not": why_unsuccessful(found)}
    return told | (waiting_of(found) if found.outcome is Outcome.RESERVE else {})


def why_unsuccessful(found: Decision) -> str:
    """Why an application was refused, by the ranking that its cohort was confirmed on; nothing of one that has waited, or of earlier decisions."""
    one = ranked_as(found)
    if one is None or found.off_list_reason or _has_waited(found):
        return ""
    if one.fails:
        return f"The total score was {one.total}. The application could not be awarded, because it was {_below(one)}."
    return "The application reached the lowest scores that the round asks for. It is not among those chosen for the money there is."


def waiting_of(found: Decision) -> dict[str, Any]:
    """The place of an application on the waiting list, and until when it can be awarded: nothing is promised after the envelope's end."""
    place = decisions.places_today([found.cohort_id]).get(found.id)
    return {"place": place, "until": ends_on(found.cohort)}


def ends_on(found: Cohort) -> str:
    """The day on which the waiting list of a cohort ends: that of its envelope. Empty in a dry run."""
    owner = envelope(found.envelope_id) if found.envelope_id else None
    return day_in_words(owner.ends_on) if owner else ""


def _has_waited(found: Decision) -> bool:
    """Whether an earlier letter said that it is on the waiting list, which this one follows."""
    return bool(found.letters) and found.status is DecisionStatus.SAVED


def readers(rows: Sequence[Decision], *, by: Actor) -> dict[UUID, list[str]]:
    """By each decision the names of everyone who gets its letter; in a dry run, of whoever sends it."""
    people = _people(rows)
    return {each.id: [by.name] if each.round.is_dry_run else people[each.id] for each in rows}


def _people(rows: Sequence[Decision]) -> dict[UUID, list[str]]:
    """By each decision the names of those at its business; nobody in a dry run. One query, however many decisions."""
    known = people_at([each.application.business_id for each in rows if not each.round.is_dry_run])
    return {each.id: [person.name for person in known.get(each.application.business_id, [])] for each in rows}


def greeted(rows: Sequence[Decision]) -> dict[UUID, str]:
    """By each decision whom its letter greets first: a person at the business, or the business where nobody has an account."""
    people = _people(rows)
    return {each.id: next(iter(people[each.id]), each.application.business.name) for each in rows}


def wording(found: Decision, kind: str, *, facts: Mapping[str, Any], to: str = "") -> Wording:
    """A letter about a decision as its first reader, ``to``, would get it."""
    about = context_of(found.application)
    return as_sent(kind, {**about, **facts, "to_name": to or greeted([found])[found.id]})


def letter_of(found: Decision, rows: Sequence[Feedback], *, to: str = "") -> Wording:
    """The letter that a decision is told by, as it would be sent now."""
    return wording(found, LETTERS[found.outcome], facts=facts_of(found, rows), to=to)


def tell_applicant(found: Decision, kind: str, *, facts: Mapping[str, Any], by: Actor) -> None:
    """Queue a letter about a decision for everyone at the business, and keep its exact text."""
    found.letter_text = wording(found, kind, facts=facts).text
    readers = tell(found.application, kind, actor=by, **facts)
    letter = {"at": now().isoformat(), "kind": kind, "text": found.letter_text, "is_sent": readers > 0}
    found.letters = [*found.letters, letter]


def notify(found: Decision, *, seen: str | None = None, by: Actor) -> None:
    """Send a decision that was saved to the applicant, who can see it from now on (P35). A refusal is an unmet ask.

    ``seen`` is the mark of the letter that its page showed.
    """
    POLICY.require(by, Act.NOTIFY, found)
    cohorts.hold(found.cohort)
    read_state_again(found)
    read_state_again(found.application)
    DECISIONS.target(Act.NOTIFY, found.status, thing=found)
    if seen is not None:
        require_as_previewed(seen, mark_of_letters([found]))
    refuse_if(why_unexplained(found))
    rows = decisions.feedback_of([found.application_id]).get(found.application_id, [])
    kind, facts = LETTERS[found.outcome], facts_of(found, rows)
    changes = advance(DECISIONS, found, Act.NOTIFY) | amend(found, notified_at=now())
    tell_applicant(found, kind, facts=facts, by=by)
    session().flush()
    audit.record(Act.NOTIFY, found, changes | {"outcome": (None, found.outcome)}, by=by)
    if found.outcome is Outcome.UNSUCCESSFUL and not found.round.is_dry_run:
        _record_unmet(found)


def _record_unmet(found: Decision) -> None:
    """What was sought and not awarded counts in the case for more finance, unless the business was put away."""
    owner, about = business(found.application.business_id), found.application
    if owner is None or owner.is_archived:
        return
    details = AskDetails(
        Instrument.GRANT,
        f"{about.round.name}, {about.reference}",
        Medium.OTHER,
        amount=about.asked_for or None,
        asked_on=day_of(about.submitted_at) if about.submitted_at else None,
        source="the scale-up programme",
    )
    made = asking.record(owner, details, by=SYSTEM)
    asking.leave_unmet(made, UnmetReason.TURNED_DOWN, note=_why_unmet(found), by=SYSTEM)


def _why_unmet(found: Decision) -> str:
    """Why nothing was awarded, as it is counted: without scores, which are the applicant's."""
    one = ranked_as(found)
    if one is not None and one.fails and not found.off_list_reason:
        return f"The application was {_below(one)}, so it could not be awarded."
    return "The round had more good applications than money."


def _below(one: Candidate) -> str:
    """The thresholds that it was below, within a sentence."""
    return series([f"{each[:1].lower()}{each[1:]}" for each in one.fails])


def why_none_can_be_sent(found: Cohort) -> str:
    """Why none of the decisions that wait can be sent."""
    rows = decisions.decisions_of(found.id)
    waiting = [each for each in rows if each.status is DecisionStatus.SAVED]
    reason = UNEXPLAINED if lacking(waiting) else NOBODY_TO_WRITE_TO
    sent = len(rows) - len(waiting)
    return (
        f"{SENT_ALREADY(sent)} already. Of the others: {reason[:1].lower()}{reason[1:]}" if sent else reason
    )


def why_nothing_to_send(found: Cohort) -> str | None:
    """Why no decisions of a cohort can be sent: none is saved, or all were sent."""
    if found.confirmed_at is None:
        return "This cohort is not confirmed yet, so nothing is decided."
    return None if decisions.counts_of([found.id]) else "Every decision of this cohort has been sent."


def why_unexplained(found: Decision) -> str | None:
    """Why a refusal is not sent yet: its applicant could not read why, criterion by criterion."""
    titles = lacking([found]).get(found.id)
    if not titles:
        return None
    return f"Write feedback on {series(titles)} and share it. A refusal is sent with feedback on every criterion."


def unreached(rows: Sequence[Decision]) -> set[UUID]:
    """The decisions that nobody would get an email about: no one at the business has an account. In a dry run the tester gets it."""
    live = [each for each in rows if not each.round.is_dry_run]
    known = businesses_with_people([each.application.business_id for each in live])
    return {each.id for each in live if each.application.business_id not in known}


def next_to_send(found: Cohort) -> list[Decision]:
    """The decisions that are sent next: saved, with somebody who can get an email and, of refusals, feedback on every criterion."""
    rows = decisions.decisions_of(found.id, DecisionStatus.SAVED)
    kept_back = unreached(rows) | lacking(rows).keys()
    return [each for each in rows if each.id not in kept_back][:AT_ONCE]


def mark_of_letters(rows: Sequence[Decision]) -> str:
    """The mark of the decisions as they would be told now: with a word of a letter, or who can get one, it changes (decision 0051)."""
    said = decisions.feedback_of([each.application_id for each in rows])
    names, people = greeted(rows), _people(rows)
    letters = [letter_of(each, said.get(each.application_id, []), to=names[each.id]) for each in rows]
    about = [
        (
            each.id,
            people[each.id],
            each.outcome,
            each.amount,
            each.part_reason,
            each.place,
            each.promoted_reason,
            each.withdrawn_reason,
            each.off_list_reason,
        )
        for each in rows
    ]
    kept_back = unreached(rows) | lacking(rows).keys()
    return mark_of(about, letters, sorted(str(each) for each in kept_back))


def notify_all(found: Cohort, *, seen: str | None = None, by: Actor) -> int:
    """Send the next decisions that were saved, each once and as the page showed them; return how many.

    ``seen`` is the mark of their letters as they were when the page was opened.
    """
    POLICY.require(by, Act.NOTIFY, found)
    cohorts.hold(found)
    refuse_if(why_nothing_to_send(found))
    waiting = next_to_send(found)
    refuse_if(None if waiting else why_none_can_be_sent(found))
    mark = mark_of_letters(waiting)
    refuse_if(None if seen in (None, mark) else _what_changed(found))
    require_as_previewed(seen, mark)
    for each in waiting:
        reason = why_not_sent(each)
        refuse_if(f"{each.application.business.name}: {reason}" if reason else None)
    for each in waiting:
        notify(each, by=by)
    return len(waiting)


def _what_changed(found: Cohort) -> str:
    """Why other letters than the page showed are not sent, with who changed one last."""
    last = last_change(found)
    return f"{CHANGED_MEANWHILE}{f' The last change: {last}' if last else ''} {READ_AGAIN}"


def require_nameless(words: str, names: Sequence[str]) -> None:
    """Refuse feedback that names somebody who assessed or moderated the application (P37)."""
    said = words.casefold()
    surnames = (each for name in names for each in name.split()[-1:] if len(each) > 2)
    for name in (*names, *surnames):
        if name.casefold() in said:
            raise Invalid(f"Leave out the name “{name}”: applicants are not told who assessed", field="words")
