"""Proposing a draft, and confirming it: all or nothing, under the cap, by a second person who did not score or moderate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed
from crm.funding.envelopes.queries.ledger import hold as hold_envelope
from crm.kernel.clock import now
from crm.kernel.errors import Elsewhere, Invalid, require_all, require_reason
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.queries.drafts import Weighed, mark_of_draft, weighed_with_limits
from crm.programme.cohort.queries.independence import why_not_apart
from crm.programme.cohort.queries.money import bar_of
from crm.programme.cohort.queries.signposts import signposts_for
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.freezing import frozen_limits, frozen_ranking
from crm.programme.cohort.service.deciding import Ruling, decide, reserves_among
from crm.programme.cohort.service.drafting import in_words
from crm.programme.cohort.service.reasons import is_short, too_short
from crm.programme.cohort.workflow import DRAFTS, Act, DraftStatus

NOT_WHO_PROPOSED = "You proposed this cohort, so another approver confirms it."

ALREADY_PROPOSED = "Another draft of this cohort is proposed already. It is confirmed or sent back before another draft can be proposed."
CONFIRMED = "This cohort is confirmed already."


@dataclass(frozen=True)
class Proposing:
    """With what a draft is proposed: how many of the next ranked wait behind it, and why a target is not met or a limit passed."""

    reserves: int = 0
    target_reason: str = ""
    limit_reason: str = ""


def propose(
    found: CohortDraft, wanted: Proposing | None = None, *, seen: str | None = None, by: Actor
) -> None:
    """Propose a draft to an approver. ``seen`` is the mark of the draft that its page showed."""
    wanted = wanted or Proposing()
    POLICY.require(by, Act.PROPOSE, found)
    _hold(found)
    DRAFTS.target(Act.PROPOSE, found.status)
    refuse_if(why_not_now(found))
    sound = _as_shown(found, seen)
    _require_sound(sound, wanted)
    _require_reserves(sound, wanted.reserves)
    refuse_if(why_over(found))
    changes = amend(found, reserves=wanted.reserves, sent_back_reason="", **_reasons(sound, wanted))
    changes |= advance(DRAFTS, found, Act.PROPOSE)
    amend(found, proposed_at=now(), proposed_by_id=by.account_id)
    audit.record(Act.PROPOSE, found, changes, by=by)


def _reasons(sound: Weighed, given: Proposing) -> dict[str, str]:
    """The reasons that are kept: of each only where it was needed."""
    return {
        "target_reason": given.target_reason.strip() if sound.unmet else "",
        "limit_reason": given.limit_reason.strip() if sound.over_limit else "",
    }


def why_not_now(found: CohortDraft) -> str | None:
    """Why no draft of the cohort can be proposed: another is confirmed or proposed."""
    if found.cohort.confirmed_at is not None:
        return CONFIRMED
    other = queries.proposed_beside(found)
    return Elsewhere(beside_in_words(other.name), other) if other else None


def beside_in_words(name: str) -> str:
    """Why no draft can be proposed beside the one that is."""
    return f"“{name}” of this cohort is proposed already. It is confirmed or sent back before another draft can be proposed."


def _hold(found: CohortDraft) -> None:
    queries.hold(found.cohort)
    queries.read_again(found)


def _as_shown(found: CohortDraft, seen: str | None) -> Weighed:
    """A held draft as it is now. Raises `Changed` where its page showed another."""
    sound = weighed_with_limits(found, candidates(found.round))
    require_as_previewed(seen, mark_of_draft(sound))
    return sound


def _require_sound(sound: Weighed, given: Proposing) -> None:
    """Refuse what no cohort may have: nobody, open assessments, thresholds; departures, targets and limits without a reason."""
    refuse_if(why_not_proposed(sound))
    require_all(
        lambda: _require_reason(_why_unmet(sound), given.target_reason, field="reason"),
        lambda: _require_reason(why_beyond(sound), given.limit_reason, field="limit_reason"),
    )


def _require_reason(words: str | None, reason: str, *, field: str) -> None:
    if words and is_short(reason):
        raise Invalid(f"{words}. Say why in a sentence{too_short(reason)}", field=field)


def _why_unmet(sound: Weighed) -> str | None:
    return f"This target is not met: {sound.unmet[0].aim.words}" if sound.unmet else None


def why_beyond(sound: Weighed) -> str | None:
    """What of a draft needs a reason since it is more than can be given of subsidies today (decision 0114)."""
    each_of_them = "; ".join(each.words for each in sound.over_limit)
    return f"More than can be given today. {each_of_them}" if each_of_them else None


def why_not_proposed(sound: Weighed) -> str | None:
    """What keeps a draft from being proposed or confirmed, targets apart."""
    if not sound.selected:
        return "Nobody is chosen in this draft yet."
    open_ = [each for each in sound.rows if not each.is_closed]
    if open_:
        verb = "is" if len(open_) == 1 else "are"
        return f"{len(open_)} of the applications {verb} still being assessed. Close every assessment first: {_names(open_)}."
    if sound.below:
        return f"Below a threshold, without an override: {_names(sound.below)}."
    if sound.unexplained_parts:
        return f"Awarded less than asked for without a reason: {_names(sound.unexplained_parts)}."
    return _unexplained(sound)


def _unexplained(sound: Weighed) -> str | None:
    """The first that is chosen over others without a reason, and how many more are."""
    over = next(((one, others) for one, others in sound.departures if one in sound.unexplained), None)
    if over is None:
        return None
    more = len(sound.unexplained) - 1
    others = (
        f" {more} more {'lacks' if more == 1 else 'lack'} one too: one reason can be given to all."
        if more
        else ""
    )
    return f"{over[0].name} is chosen over {in_words(over[1])} without a reason.{others}"


def left_to_wait(sound: Weighed) -> int:
    """How many applications can go on the waiting list behind a draft: those that could be chosen, and are not."""
    return len(reserves_among(sound.rows, chosen=set(sound.chosen), most=len(sound.rows)))


def _require_reserves(sound: Weighed, reserves: int) -> None:
    left = left_to_wait(sound)
    if reserves > left:
        how_many = (
            "No other application"
            if not left
            else "Only 1 application"
            if left == 1
            else f"Only {left} applications"
        )
        raise Invalid(
            f"{how_many} can go on the waiting list. Enter {left}{' or fewer' if left else ''}",
            field="reserves",
        )


def _names(rows: Sequence[Candidate]) -> str:
    more = len(rows) - 3
    named = ", ".join(each.name for each in rows[:3])
    return f"{named} and {more} more" if more > 0 else named


def send_back(found: CohortDraft, *, reason: str, seen: str | None = None, by: Actor) -> None:
    """Send a proposed draft back to be changed, with a reason. ``seen`` is the mark of the draft that its page showed."""
    POLICY.require(by, Act.SEND_BACK, found)
    require_reason(reason)
    _hold(found)
    DRAFTS.target(Act.SEND_BACK, found.status)
    _as_shown(found, seen)
    changes = advance(DRAFTS, found, Act.SEND_BACK) | amend(found, sent_back_reason=reason.strip())
    audit.record(Act.SEND_BACK, found, changes, by=by)


def why_not_by(found: CohortDraft, account_id: UUID | None) -> str | None:
    """Why just this approver cannot confirm a draft: they proposed it, or scored or moderated in its round (P25)."""
    if account_id is not None and account_id == found.proposed_by_id:
        return NOT_WHO_PROPOSED
    return why_not_apart(account_id, found.cohort.round_id)


def confirm(found: CohortDraft, *, seen: str | None = None, by: Actor) -> None:
    """Confirm a proposed draft: every decision is saved and every award reserved, or nothing is (P27, P28).

    Nothing is visible to applicants yet. Drafts that share applicants with it go out of date (P30). ``seen`` is the mark of the
    draft that its page showed: what the approver did not see is not confirmed.
    """
    POLICY.require(by, Act.CONFIRM, found)
    signposts = signposts_for(
        [each.business_id for each in candidates(found.round)]
    )  # before anything is held
    _hold(found)
    DRAFTS.target(Act.CONFIRM, found.status)
    refuse_if(why_not_by(found, by.account_id))
    sound = _as_shown(found, seen)
    _require_sound(sound, Proposing(found.reserves, found.target_reason, found.limit_reason))
    _require_money(found)
    _save_decisions(sound, signposts, by=by)
    told = advance(DRAFTS, found, Act.CONFIRM) | amend(found, confirmed_at=now())
    amend(found, confirmed_by_id=by.account_id)
    amend(found.cohort, confirmed_at=found.confirmed_at)
    found.cohort.ranking, found.cohort.limits = frozen_ranking(sound.rows), frozen_limits(sound.every_limit)
    session().flush()
    audit.record(Act.CONFIRM, found, told | {"money": (None, found.money)}, by=by)
    _mark_stale(found, by=by)


def why_over(found: CohortDraft) -> str | None:
    """Why a draft is neither proposed nor confirmed: it is over what is free in its envelope, by a penny or more (P27)."""
    bar = bar_of(found.cohort, found)
    return bar.short_in_words if bar is not None and bar.over else None


def _require_money(found: CohortDraft) -> None:
    """Refuse a draft that is over what is free, with the envelope held until this ends."""
    if found.cohort.envelope_id is not None:
        hold_envelope(found.cohort.envelope_id)
        refuse_if(why_over(found))


def _save_decisions(sound: Weighed, signposts: Mapping[UUID, Any], *, by: Actor) -> None:
    """A decision for every ranked application: awarded, on the waiting list, or unsuccessful with signposts."""
    waiting = reserves_among(sound.rows, chosen=set(sound.chosen), most=sound.draft.reserves)
    places = {each.id: place for place, each in enumerate(waiting, 1)}
    for each in sound.rows:
        award, place = sound.chosen.get(each.id), places.get(each.id)
        elsewhere = [] if award or place else signposts[each.business_id]
        capital = sound.places[each.id].capital if award else each.capital
        part = sound.places[each.id].part_reason if award and award < each.sum else ""
        decide(sound.draft.cohort, Ruling(each, award, place, elsewhere, capital, part), by=by)


def _mark_stale(found: CohortDraft, *, by: Actor) -> None:
    """Open drafts that share an applicant with the one that was confirmed are out of date."""
    taken = {each.application_id for each in found.places}
    for each in queries.drafts_of(found.cohort_id):
        shares = any(one.application_id in taken for one in each.places)
        if each.id != found.id and each.status is DraftStatus.OPEN and shares:
            audit.record(Act.GO_STALE, each, advance(DRAFTS, each, Act.GO_STALE), by=by)
