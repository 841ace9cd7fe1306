"""Two sides agree to meet: asked without a name, agreed, and then both see each other's contacts at one moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Account
from crm.accounts.queries import account, people_of_business
from crm.angels.introductions import queries
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.policy import POLICY
from crm.angels.introductions.service.telling import named_in, said_of, tell_investor, tell_of_withdrawal
from crm.angels.introductions.workflow import INTRODUCTIONS, Act, DeclineReason, IntroductionStatus
from crm.angels.investors.models import MONTHS_OF_A_CHECK
from crm.angels.investors.queries import angels as angel_queries
from crm.angels.investors.rules.statements import CONDUCT_VERSION
from crm.angels.investors.service.naming import require_unnamed
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.queries.ties import tie_of_investor
from crm.angels.pitches.service.browsing import why_not_shown_now
from crm.angels.pitches.service.telling import tell_business
from crm.angels.pitches.workflow import OVER
from crm.audit import service as audit
from crm.businesses.models import Connection, ShownInterest
from crm.businesses.workflow import ConnectionKind
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come, now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference
from crm.throttles import service as throttles
from crm.throttles.rules import INTRODUCTIONS_ASKED

ASKED_ENOUGH = "You have asked this business twice today and withdrawn both requests. Wait {minutes}, then you can ask again."


ASKS_AGAIN_AFTER = timedelta(days=30)
"""How long an investor whose request a business declined waits before they ask about, or pledge to, the same raise."""


def request(found: Pitch, message: str, *, by: Actor) -> Introduction:
    """Ask to meet a business. Asked twice, even at the same moment, it is one request, and both are told of it."""
    POLICY.require(by, Act.REQUEST, found)
    pitch_queries.hold(found)
    refuse_if(why_not_shown_now(found))
    own = account(by.account_id) if by.account_id else None
    assert own is not None
    known = queries.live_one(found.id, own.id)
    if known is not None:
        return known
    refuse_if(why_not_requested(found, own))
    if queries.earlier_meeting(own.id, found.business_id) is None:
        require_unnamed(message, own.id, field="message")
    throttles.take(INTRODUCTIONS_ASKED, f"{own.id} {found.id}", secret="", words=ASKED_ENOUGH)
    made = _kept(found, own, message)
    audit.record(Act.REQUEST, made, created(pitch_id=found.id, reference=made.reference), by=by)
    tell_business(found, "introduction_requested", lapse=day_in_words(made.lapse_on), **named_in(made))
    return made


def why_not_requested(found: Pitch, own: Account) -> str | None:
    """Why an investor cannot ask to meet a business: their identity is not checked, they have not accepted the code, they
    have a tie to the business, or it declined just now. One whom the business met through an earlier raise can ask again.
    """
    angel = angel_queries.angel_of(own.id)
    if angel is None or not angel.is_known(on=today()):
        return (
            f"Your identity has not been checked in the last {MONTHS_OF_A_CHECK} months. "
            "Ask the network’s manager to check it, then send your request again."
        )
    if angel.conduct_version != CONDUCT_VERSION:
        return "The code of conduct has changed. Accept it first, on your investor profile."
    tie = tie_of_investor(own, found.business_id, on=today())
    if tie:
        return f"You are {tie}, so you cannot ask to be introduced to it."
    return why_not_wanted(found, own.id)


def why_not_wanted(found: Pitch, account_id: UUID) -> str | None:
    """Why an investor neither asks about a raise nor pledges to it for now: the business declined to meet them about it."""
    last = queries.last_refusal(found.id, account_id)
    if last is None or last.answered_at is None or queries.live_one(found.id, account_id) is not None:
        return None
    again = day_of(last.answered_at) + ASKS_AGAIN_AFTER
    if has_come(again, on=today()):
        return None
    return (
        f"The business did not take up your request {last.reference} on {day_in_words(day_of(last.answered_at))}. "
        f"From {day_in_words(again)} you can ask about this raise again, or pledge to it."
    )


def _kept(found: Pitch, own: Account, message: str) -> Introduction:
    day = today()
    days = [
        due_after(day, int(figure_on(f"introduction.{name}_days", on=day)))
        for name in ("nudge", "task", "lapse")
    ]
    made = Introduction(pitch_id=found.id, account_id=own.id, message=message, requested_at=now())
    made.reference = new_reference("I")
    made.nudge_on, made.task_on, made.lapse_on = days
    made._status = INTRODUCTIONS.start  # noqa: SLF001 where every request begins
    session().add(made)
    session().add(ShownInterest(business_id=found.business_id, account_id=own.id, shown_on=day))
    try:
        session().flush()
    except IntegrityError as error:  # somebody was first; the pitch's lock makes this rare
        raise Conflict("You have already asked to be introduced.") from error
    return made


def _hold(found: Introduction) -> None:
    """Lock the pitch first, then read the request as it is now: withdrawing a pitch and agreeing come one after the other."""
    pitch_queries.hold(found.pitch)
    session().refresh(found, attribute_names=[each.key for each in Introduction.__mapper__.column_attrs])


def _require_live(found: Introduction) -> None:
    if found.pitch.status in OVER:
        raise Conflict("This pitch has ended, so you can no longer be introduced through it.")


def agree(found: Introduction, contacts: Collection[UUID] = (), *, by: Actor) -> None:
    """Agree to meet, naming who at the business the investor sees: these people only.

    If the investor may still be shown the pitch, both see contacts now; else it is held until they may.
    """
    POLICY.require(by, Act.AGREE, found)
    _hold(found)
    _require_live(found)
    named = _named(found, contacts, by)
    amend(found, contact_ids=tuple(str(each) for each in contacts))
    changes: Changes = {"contacts": (None, ", ".join(named))} if named else {}
    changes = {**changes, **amend(found, answered_at=now(), answered_by_id=by.account_id)}
    held = queries.why_held(found)
    if held is None:
        _meet(found, Act.AGREE, changes, actor=by)
        return
    changes |= advance(INTRODUCTIONS, found, Act.HOLD)
    audit.record(Act.HOLD, found, changes, by=by)
    until = day_in_words(queries.held_until(found))
    tell_investor(found, "introduction_held", until=until, **said_of(held))


def _named(found: Introduction, contacts: Collection[UUID], actor: Actor) -> list[str]:
    """The names of the contacts: people who are signed up for the business today, and one at least."""
    known = {each.id: each.name for each, _ in people_of_business(found.pitch.business_id)}
    if not set(contacts) <= set(known):
        raise Invalid("Choose from the people of your business", field="contacts")
    if not contacts and not actor.is_system:
        raise Invalid("Choose who the investor may contact", field="contacts")
    return [known[each] for each in contacts]


def _meet(found: Introduction, act: Act, changes: Changes, *, actor: Actor) -> None:
    """Both sides see contacts from one moment on; from then on the business's record says how the investor stands to it."""
    INTRODUCTIONS.target(act, found.status)
    is_first = queries.earlier_meeting(found.account_id, found.pitch.business_id) is None
    changes = {**changes, **amend(found, met_at=now()), **advance(INTRODUCTIONS, found, act)}
    if is_first:
        _connect(found)
    audit.record(act, found, changes, by=actor)
    tell_investor(found, "introduction_agreed")
    people = queries.told_of(found)
    investor = found.account.name
    tell_business(found.pitch, "introduction_met", people=people, investor=investor, **named_in(found))


def _connect(found: Introduction) -> None:
    made = Connection(business_id=found.pitch.business_id, kind=ConnectionKind.INVESTOR, valid_from=today())
    made.account_id, made.note = found.account_id, f"Introduced {found.reference}"
    session().add(made)


def turn_down(found: Introduction, why: DeclineReason, *, note: str, by: Actor) -> None:
    """Decline a request. The investor gets a neutral email, and the business never learns who it was."""
    POLICY.require(by, Act.TURN_DOWN, found)
    if why is DeclineReason.OTHER and not says_something(note):
        raise Invalid("Say what the reason is. Only the network’s staff read it", field="note")
    _hold(found)
    fields = {"refusal": why, "refusal_note": note, "answered_at": now(), "answered_by_id": by.account_id}
    INTRODUCTIONS.target(Act.TURN_DOWN, found.status)
    changes = amend(found, **fields, ended_at=now()) | advance(INTRODUCTIONS, found, Act.TURN_DOWN)
    audit.record(Act.TURN_DOWN, found, changes, by=by)
    tell_investor(found, "introduction_declined")


def take_back(found: Introduction, *, by: Actor) -> None:
    """Withdraw a request before contacts are shared, and tell the business that it need not answer."""
    POLICY.require(by, Act.TAKE_BACK, found)
    _hold(found)
    changes = advance(INTRODUCTIONS, found, Act.TAKE_BACK) | amend(found, ended_at=now())
    audit.record(Act.TAKE_BACK, found, changes, by=by)
    tell_of_withdrawal(found)


def release(found: Introduction) -> bool:
    """Introduce two whose meeting was held, if the investor may be shown the pitch again; whether it was done."""
    _hold(found)
    if found.status is not IntroductionStatus.HELD or found.pitch.status in OVER:
        return False
    if queries.why_held(found) is not None:
        return False
    _meet(found, Act.RELEASE, {}, actor=SYSTEM)
    return True


def nudge(found: Introduction) -> None:
    """Remind the business, once."""
    amend(found, nudged_at=now())
    lapse = day_in_words(found.lapse_on)
    tell_business(found.pitch, "introduction_nudged", lapse=lapse, **named_in(found))


def lapse(found: Introduction) -> None:
    """End a request that was not answered in time: it counts as unanswered."""
    changes = advance(INTRODUCTIONS, found, Act.LAPSE) | amend(found, ended_at=now())
    audit.record(Act.LAPSE, found, changes, by=SYSTEM)
    tell_investor(found, "introduction_lapsed")


def expire(found: Introduction) -> None:
    """End what was held for too long: it counts against the investor, and neither learns who the other is.

    Nothing is done where it was withdrawn or cancelled meanwhile.
    """
    _hold(found)
    if found.status is not IntroductionStatus.HELD:
        return
    changes = advance(INTRODUCTIONS, found, Act.EXPIRE) | amend(found, ended_at=now())
    audit.record(Act.EXPIRE, found, changes, by=SYSTEM)
    tell_investor(found, "introduction_expired", **said_of(queries.why_held(found)))
    people = queries.told_of(found)
    tell_business(found.pitch, "introduction_not_met", people=people, **named_in(found))
