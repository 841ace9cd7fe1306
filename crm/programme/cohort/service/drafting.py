"""Building drafts of a cohort: who is chosen, with which sum, and why over those that rank as high or higher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed
from crm.funding.envelopes.rules import LINES
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Changed, Conflict, Invalid
from crm.kernel.marks import mark_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort, CohortDraft, DraftPlace
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.queries.changes import last_change_of
from crm.programme.cohort.queries.drafts import Weighed, weighed_with_limits
from crm.programme.cohort.rules.choosing import Candidate, passed_over
from crm.programme.cohort.rules.filling import Filled, filled_by_rank, where_it_stops
from crm.programme.cohort.rules.money import SPLIT, Purse, less, parts_of
from crm.programme.cohort.service.lapsing import lapse
from crm.programme.cohort.service.reasons import departing, explain_departing, is_short, too_short
from crm.programme.cohort.workflow import DRAFTS, Act, DraftStatus

FIXED = {
    DraftStatus.PROPOSED: "This draft is proposed and waits for an approver. It can be changed once it is sent back.",
    DraftStatus.CONFIRMED: "This draft is confirmed, so it cannot be changed.",
    DraftStatus.STALE: "This draft is out of date: it shares applicants with the cohort that was confirmed.",
    DraftStatus.DELETED: "This draft was deleted.",
}
NAMED = 3


@dataclass(frozen=True)
class Choice:
    """An application with the sum it would be awarded, and why it is chosen over others or below a threshold.

    ``part`` is why the sum is less than was asked for; ``capital`` is the part of the sum for capital, where the cohort is funded from capital and revenue.
    ``seen`` is the mark of what the draft said of the application on the screen. ``is_for_all`` gives the same reason to all others
    that are chosen over higher ranks without one.
    """

    application_id: UUID
    amount: Money | None = None
    reason: str = ""
    override: str = ""
    capital: Money | None = None
    part: str = ""
    seen: str | None = None
    is_for_all: bool = False


NAME_TAKEN = "There is a draft with this name already. Choose another name"


def why_no_drafts(found: Cohort) -> str | None:
    """Why no draft can be started: the cohort is decided."""
    return "This cohort is confirmed, so no more drafts can be started." if found.confirmed_at else None


def why_fixed(found: CohortDraft) -> str | None:
    """Why a draft cannot be changed."""
    if found.status is DraftStatus.OPEN and found.cohort.confirmed_at:
        return "Another draft of this cohort is confirmed, so this one cannot be changed."
    return FIXED.get(found.status)


def start_draft(found: Cohort, name: str, *, like: CohortDraft | None = None, by: Actor) -> CohortDraft:
    """Start a draft under a name of its own: empty, or with everything that another draft of the cohort has."""
    POLICY.require(by, Act.START_DRAFT, found)
    queries.hold(found)
    refuse_if(why_no_drafts(found))
    if any(each.name.casefold() == name.casefold() for each in queries.drafts_of(found.id)):
        raise Invalid(NAME_TAKEN, field="name")
    made = CohortDraft(cohort_id=found.id, name=name, made_at=now(), made_by_id=by.account_id)
    session().add(made)
    session().flush()
    for each in like.places if like and like.cohort_id == found.id else ():
        _copy(each, made, by=by)
    session().flush()
    audit.record(Act.START_DRAFT, made, created(name=name, like=like.name if like else None), by=by)
    return made


def _copy(place: DraftPlace, to: CohortDraft, *, by: Actor) -> None:
    """The same choice in another draft. What an approver overrode stays the approver's."""
    kept = {name: getattr(place, name) for name in ("application_id", "amount", "capital", "reason")}
    kept |= {"override_reason": place.override_reason, "overridden_by_id": place.overridden_by_id}
    kept["part_reason"] = place.part_reason
    session().add(DraftPlace(draft_id=to.id, **kept, added_at=now(), added_by_id=by.account_id))


def why_not_deleted(found: CohortDraft) -> str | None:
    """Why a draft stays to be read: it was proposed, or it was there to choose from when another was confirmed."""
    if found.cohort.confirmed_at:
        return "The cohort is confirmed, so its drafts stay to be read."
    if found.proposed_at:
        return f"This draft was proposed on {moment_in_words(found.proposed_at)}, so it stays to be read."
    return None


def delete_draft(found: CohortDraft, *, seen: str | None = None, by: Actor) -> None:
    """Delete a draft that is open and was never proposed. That there was one stays in the history.

    ``seen`` is the mark of who was chosen in it on the screen: what a colleague added since is not deleted unread.
    """
    POLICY.require(by, Act.DELETE_DRAFT, found)
    queries.hold(found.cohort)
    queries.read_again(found)
    refuse_if(why_not_deleted(found))
    require_as_previewed(seen, mark_of_chosen(found))
    audit.record(Act.DELETE_DRAFT, found, advance(DRAFTS, found, Act.DELETE_DRAFT), by=by)


def mark_of_chosen(found: CohortDraft) -> str:
    """The mark of who is chosen in a draft, with what, and why."""
    return mark_of(
        found.name,
        sorted(_said_of(each) for each in found.places),
    )


def _said_of(place: DraftPlace) -> tuple[object, ...]:
    """What a draft says of an application: its sums and the reasons."""
    reasons = (place.reason, place.override_reason, place.part_reason)
    return (str(place.application_id), place.amount.pence, place.capital.pence, *reasons)


def mark_of_place(found: CohortDraft, application_id: UUID) -> str:
    """The mark of what a draft says of one application: that it is not chosen, or its sums and the reasons."""
    place = place_of(found, application_id)
    return mark_of("" if place is None else _said_of(place))


def _require_place_as_shown(found: CohortDraft, application_id: UUID, seen: str | None) -> None:
    """Refuse to write over what another person, or another tab, said of an application since its page was opened."""
    if seen is not None and seen != mark_of_place(found, application_id):
        raise Changed(f"{last_change_of(found)} Read what it says now, then save again.")


def choose(found: CohortDraft, wanted: Choice, *, by: Actor) -> DraftPlace:
    """Choose an application, or change its sum. Below a threshold it is refused; over a higher rank it needs a reason (P32, P33)."""
    POLICY.require(by, Act.CHOOSE, found)
    rows = _held(found)
    one = _candidate(rows, wanted)
    _require_place_as_shown(found, one.id, wanted.seen)
    refuse_if(why_below(one))
    return _put(found, one, wanted, rows=rows, act=Act.CHOOSE, by=by)


def why_below(one: Candidate) -> str | None:
    """Why only an approver can choose an application: it is below a threshold."""
    if not one.fails:
        return None
    return (
        f"{one.name} cannot be chosen: {one.fails[0].lower()}. An approver can override this with a reason."
    )


def override(found: CohortDraft, wanted: Choice, *, by: Actor) -> DraftPlace:
    """Choose an application that is below a threshold, with a reason that stays in the pack (P33)."""
    POLICY.require(by, Act.OVERRIDE, found)
    rows = _held(found)
    one = _candidate(rows, wanted)
    _require_place_as_shown(found, one.id, wanted.seen)
    if not one.fails:
        raise Conflict(f"{one.name} is below no threshold, so there is nothing to override.")
    if is_short(wanted.override):
        raise Invalid(
            f"Say in a sentence why it is chosen below the threshold{too_short(wanted.override)}",
            field="override",
        )
    return _put(found, one, wanted, rows=rows, act=Act.OVERRIDE, by=by)


def _held(found: CohortDraft) -> list[Candidate]:
    """The applications as they rank now, with the draft held until this ends."""
    _hold(found)
    return candidates(found.round)


def _candidate(rows: Sequence[Candidate], wanted: Choice) -> Candidate:
    one = next((each for each in rows if each.id == wanted.application_id), None)
    if one is None:
        raise Conflict("This application is not in the ranking, so it cannot be chosen.")
    if one.rank is None:
        raise Conflict(f"{one.name} cannot be chosen yet: its total is {one.total}.")
    return one


def _hold(found: CohortDraft) -> None:
    """Let nobody else change the draft until this ends, and refuse if it is not open."""
    queries.hold(found.cohort)
    queries.read_again(found)
    refuse_if(why_fixed(found))


def _put(
    found: CohortDraft, one: Candidate, wanted: Choice, *, rows: Sequence[Candidate], act: Act, by: Actor
) -> DraftPlace:
    _require_reason(found, one, rows, wanted.reason)
    place = place_of(found, one.id)
    if place is not None and wanted.amount is None:
        raise Invalid(
            f"Enter the award. {place.amount} is saved", field="amount" if found.cohort.line else "revenue"
        )
    amount, capital = _sums(found, one, wanted)
    part, is_new = _why_part(one, amount, wanted.part), place is None
    place = place or _begun(found, one, amount, capital, by=by)
    told = _say(place, wanted, amount=amount, capital=capital, part=part, by=by)
    lapse(found, is_changed=is_new or bool({"amount", "capital"} & told.keys()))
    told |= {"amount": (None, amount)} | ({"capital": (None, capital)} if found.cohort.line is None else {})
    told |= _for_all(found, rows, wanted.reason) if wanted.is_for_all else {}
    audit.record(act, found, {"application": (None, one.reference), **told}, by=by)
    return place


def _say(
    place: DraftPlace, wanted: Choice, *, amount: Money, capital: Money, part: str, by: Actor
) -> Changes:
    """Write the sums of a choice and its reasons; return what changed, without who overrode a threshold."""
    changes = amend(place, amount=amount, capital=capital, reason=wanted.reason.strip(), part_reason=part)
    if wanted.override:
        changes |= amend(place, override_reason=wanted.override.strip(), overridden_by_id=by.account_id)
    session().flush()
    return {name: change for name, change in changes.items() if name != "overridden_by_id"}


def _for_all(found: CohortDraft, rows: Sequence[Candidate], reason: str) -> Changes:
    """Give a reason to every other choice over higher ranks that has none; return whose it is now too."""
    queries.read_again(found)
    others, references = departing(found, rows), {each.id: each.reference for each in rows}
    explain_departing(others, reason)
    return {"same_reason": (None, [references[each.application_id] for each in others])} if others else {}


def _begun(found: CohortDraft, one: Candidate, amount: Money, capital: Money, *, by: Actor) -> DraftPlace:
    place = DraftPlace(draft_id=found.id, application_id=one.id, amount=amount, capital=capital)
    place.added_at, place.added_by_id = now(), by.account_id
    place.reason = place.override_reason = place.part_reason = ""
    session().add(place)
    return place


def _why_part(one: Candidate, amount: Money, said: str) -> str:
    """Why an award is less than was asked for, which its applicant reads in the letter; nothing where it is all of it."""
    if amount >= one.sum:
        return ""
    if is_short(said):
        raise Invalid(
            f"This is less than the {one.sum} asked for. Say why in a sentence{too_short(said)}", field="part"
        )
    return said.strip()


def place_of(found: CohortDraft, application_id: UUID) -> DraftPlace | None:
    """What a draft says of an application, if it is chosen there."""
    return next((each for each in found.places if each.application_id == application_id), None)


def _sums(found: CohortDraft, one: Candidate, wanted: Choice) -> tuple[Money, Money]:
    """The award and its part for capital: as wanted, else as asked for. Neither part is more than its own part asked for."""
    amount = one.sum if wanted.amount is None else wanted.amount
    if found.cohort.line is not None:
        _require_amount(amount, one.asked_for, field="amount")
        return amount, NO_MONEY
    capital = one.capital if wanted.amount is None else wanted.capital or NO_MONEY
    if amount.pence <= 0:
        raise Invalid("Enter the sum to award", field="revenue")
    for line, part in parts_of(amount, capital, lines=SPLIT).items():
        asked = parts_of(one.sum, one.capital, lines=SPLIT)[line]
        if part > asked:
            raise Invalid(
                f"The {LINES[line].lower()} must not be more than the {asked} asked for", field=line
            )
    return amount, capital


def _require_amount(amount: Money, asked_for: Money | None, *, field: str) -> None:
    if amount.pence <= 0:
        raise Invalid("Enter the sum to award", field=field)
    if asked_for is not None and amount > asked_for:
        raise Invalid(f"The award must not be more than the {asked_for} asked for", field=field)


def _require_reason(found: CohortDraft, one: Candidate, rows: Sequence[Candidate], reason: str) -> None:
    over = passed_over(one, rows, chosen=_chosen(found))
    if over and is_short(reason):
        raise Invalid(
            f"Rank {one.rank} would be chosen over {in_words(over)}. Say why in a sentence{too_short(reason)}",
            field="reason",
        )


def _chosen(found: CohortDraft) -> frozenset[UUID]:
    return frozenset(each.application_id for each in found.places)


def in_words(over: Sequence[Candidate]) -> str:
    """Those that are passed over: the first three by rank and name, and how many more there are."""
    named = [f"rank {each.rank} ({each.name})" for each in over[:NAMED]]
    more = len(over) - NAMED
    return f"{', '.join(named)} and {more} more" if more > 0 else " and ".join(named)


def remove(
    found: CohortDraft, application_id: UUID, *, reason: str = "", seen: str | None = None, by: Actor
) -> None:
    """Remove an application from a draft. If lower ranks stay, they are now chosen over it, which needs a reason (P32).

    ``seen`` is the mark of what the draft said of it on the screen.
    """
    POLICY.require(by, Act.REMOVE, found)
    _hold(found)
    place = place_of(found, application_id)
    if place is None:
        raise Conflict("This application is not in the draft.")
    _require_place_as_shown(found, application_id, seen)
    rows = candidates(found.round)
    explain_departing(departing(found, rows, but=application_id), reason)
    session().delete(place)
    session().flush()
    lapse(found)
    told = {"application": (next((one.reference for one in rows if one.id == application_id), ""), None)}
    audit.record(Act.REMOVE, found, told | ({"reason": (None, reason)} if reason.strip() else {}), by=by)
    queries.read_again(found)


def fill(found: CohortDraft, free: Purse, *, seen: str | None = None, by: Actor) -> Filled:
    """Choose by rank for as long as the next fits into what is free beside the draft, and under its limit of subsidies. Returns who was
    added, and where it stops.

    ``free`` is what is free in each line before the draft; ``seen`` the mark of the draft, and of who would be added, on the screen.
    """
    POLICY.require(by, Act.FILL, found)
    _hold(found)
    left = less(free, parts_of(found.money, found.capital, lines=free))
    filled = filling(weighed_with_limits(found, candidates(found.round)), left=left)
    refuse_if(why_nothing_filled(filled))
    require_as_previewed(seen, mark_of_filling(found, filled))
    for each in filled.chosen:
        row = DraftPlace(draft_id=found.id, application_id=each.id, amount=each.sum, added_at=now())
        row.capital = each.capital if found.cohort.line is None else NO_MONEY
        row.added_by_id = by.account_id
        session().add(row)
    session().flush()
    lapse(found)
    told = {"applications": (None, [each.reference for each in filled.chosen])}
    audit.record(Act.FILL, found, told, by=by)
    queries.read_again(found)
    return filled


def filling(sound: Weighed, *, left: Purse) -> Filled:
    """Who would be chosen by rank beside those in a draft. ``left`` is what stays free in each line beside it."""
    others = [each for each in sound.rows if each.id not in sound.chosen]
    return filled_by_rank(others, free=left, left=sound.left)


def mark_of_filling(found: CohortDraft, filled: Filled) -> str:
    """The mark of who is chosen in a draft, and of who would be added by rank, with which sums."""
    added = [(each.reference, each.sum.pence, each.capital.pence) for each in filled.chosen]
    return mark_of(mark_of_chosen(found), added)


def why_nothing_filled(filled: Filled) -> str | None:
    """Why nobody would be added by rank."""
    if filled.chosen:
        return None
    return where_it_stops(filled) or "No other application can be added by rank."
