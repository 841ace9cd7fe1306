"""What an investor who came shows and says: interest in one tap, changed the same night; feedback until it is released."""

from __future__ import annotations

from uuid import UUID

from crm.angels.events.models import NightFeedback, NightInterest, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import wishes as queries
from crm.angels.events.queries.places import Seat
from crm.angels.events.rules.running import feedback_until
from crm.angels.events.workflow import Act, PlaceStatus, SlotStatus, Wish
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import introduction, live_one
from crm.angels.introductions.service import introducing
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.service.naming import require_unnamed
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, moment_in_words, now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor

NOT_THERE = "Only investors who were checked in at the night can do this."
AT_WORK = (IntroductionStatus.REQUESTED, IntroductionStatus.HELD)


def why_not_say(found: Seat) -> str | None:
    """Why an investor can say nothing yet, or at all, about a pitch of a night; None where they came and the night has begun."""
    if found.seat.status is not PlaceStatus.ATTENDED:
        return NOT_THERE
    if found.slot.status is not SlotStatus.AGREED:
        return "This business did not pitch at the night."
    begins = found.seat.night.starts_at
    early = f"The pitches begin on {moment_in_words(begins)}. Say what you think then."
    return early if begins > now() else None


def why_not_wish(found: Seat) -> str | None:
    """Why interest can no longer be shown, changed or withdrawn; None until the end of the day of the night."""
    over = "The night is over. Ask to be introduced on the page of the pitch."
    return why_not_say(found) or (None if is_same_day(found.seat.night) else over)


def is_same_day(night: PitchNight) -> bool:
    """Whether it is still the day of a night."""
    return day_of(night.starts_at) == today()


def show_interest(found: Seat, wish: Wish, *, by: Actor) -> bool:
    """Show interest in a pitch, or ask to be introduced, which goes to the business at once and without a name.

    What was shown before is changed. A request that was made here and is changed to mere interest is withdrawn; whether one
    was is returned. A request made elsewhere is left alone.
    """
    POLICY.require(by, Act.SHOW_INTEREST, found)
    refuse_if(why_not_wish(found))
    if wish is Wish.WITHDRAWN:
        raise Invalid("Choose whether you are interested or want to be introduced")
    kept = queries.interest_in(found.seat.id, found.slot.id)
    live = live_one(found.slot.pitch_id, found.seat.account_id)
    if kept is not None and kept.wish is wish and (wish is Wish.INTERESTED or _is_of(kept, live)):
        return False
    if wish is Wish.INTRODUCTION and live is not None:
        raise Conflict(asked_already(live), about=live)
    is_undone = kept is not None and _take_back(kept, by=by)
    asked = introducing.request(found.slot.pitch, "", by=by).id if wish is Wish.INTRODUCTION else None
    _keep(found, kept, wish, asked, by=by)
    return is_undone


def _is_of(kept: NightInterest, live: Introduction | None) -> bool:
    return live is not None and kept.introduction_id == live.id


def asked_already(live: Introduction) -> str:
    """Why an investor cannot ask to be introduced once more: they have asked, or have been introduced."""
    if live.status is IntroductionStatus.AGREED:
        return "You have been introduced to this business already."
    day = day_in_words(day_of(live.requested_at))
    return f"You asked to be introduced to this business on {day}. It has not answered yet."


def _keep(found: Seat, kept: NightInterest | None, wish: Wish, asked: UUID | None, *, by: Actor) -> None:
    changes: Changes
    if kept is None:
        kept = NightInterest(place_id=found.seat.id, slot_id=found.slot.id, wish=wish, shown_at=now())
        kept.introduction_id = asked
        session().add(kept)
        session().flush()
        changes = created(wish=wish, slot_id=found.slot.id)
    else:
        changes = amend(kept, wish=wish, shown_at=now(), introduction_id=asked)
        changes.pop("shown_at", None)
    act = Act.WITHDRAW_INTEREST if wish is Wish.WITHDRAWN else Act.SHOW_INTEREST
    audit.record(act, kept, changes, by=by)


def withdraw_interest(found: Seat, *, by: Actor) -> bool:
    """Withdraw what was shown for a pitch, the same day, and a request to be introduced that was made here with it.

    Returns whether a request was withdrawn.
    """
    POLICY.require(by, Act.WITHDRAW_INTEREST, found)
    refuse_if(why_not_wish(found))
    kept = queries.interest_in(found.seat.id, found.slot.id)
    if kept is None or kept.wish is Wish.WITHDRAWN:
        raise Conflict("You have shown no interest in this pitch.")
    is_undone = _take_back(kept, by=by)
    _keep(found, kept, Wish.WITHDRAWN, None, by=by)
    return is_undone


def _take_back(kept: NightInterest, *, by: Actor) -> bool:
    """Withdraw the request that was made here, where the business has not answered it; whether one was withdrawn."""
    asked = introduction(kept.introduction_id) if kept.introduction_id else None
    if asked is None:
        return False
    if asked.status is IntroductionStatus.AGREED:
        words = "The business has agreed to meet you, so your request can no longer be withdrawn."
        raise Conflict(words, about=asked)
    if asked.status not in AT_WORK:
        return False
    introducing.take_back(asked, by=by)
    return True


def why_not_rate(found: Seat) -> str | None:
    """Why no feedback can be given; None from the beginning of the night until it is released to the businesses."""
    if found.seat.night.released_at is not None:
        until = moment_in_words(feedback_until(found.seat.night.starts_at))
        return f"Feedback could be given until {until}. The businesses have theirs now."
    return why_not_say(found)


def give_feedback(found: Seat, *, score: int | None, words: str, by: Actor) -> None:
    """Say how clear a pitch was, by a score, in words, or both. The business never learns whose it is."""
    POLICY.require(by, Act.GIVE_FEEDBACK, found)
    refuse_if(why_not_rate(found))
    said = words.strip()
    if score is None and not said:
        raise Invalid("Choose a score or write a comment", field="words")
    require_unnamed(said, found.seat.account_id, field="words")
    kept = queries.feedback_on(found.seat.id, found.slot.id)
    if kept is None:
        kept = NightFeedback(place_id=found.seat.id, slot_id=found.slot.id, given_at=now())
        kept.score, kept.words = score, said
        session().add(kept)
        session().flush()
        audit.record(Act.GIVE_FEEDBACK, kept, created(score=score, words=said or None), by=by)
        return
    changes = amend(kept, score=score, words=said)
    if changes:
        audit.record(Act.GIVE_FEEDBACK, kept, changes, by=by)
