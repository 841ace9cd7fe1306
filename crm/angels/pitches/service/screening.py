"""The network's side of a pitch: read by several people without an interest, sent back, refused or published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.accounts.queries import account
from crm.angels.investors.queries.angels import wordings
from crm.angels.investors.queries.gate import basis_on
from crm.angels.investors.rules.instruments import HELD, is_cleared
from crm.angels.pitches.models import Pitch, PitchReview
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.queries.ties import tie_between, ties_between
from crm.angels.pitches.rules.labels import BARRIERS, HELP
from crm.angels.pitches.rules.pitching import lacking
from crm.angels.pitches.service import asks
from crm.angels.pitches.service.telling import tell_business, tell_readers, tell_unanswered
from crm.angels.pitches.workflow import PITCHES, Act, PitchStatus, Verdict
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.following import follow
from crm.db.holding import why_held
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.evidence.workflow import UnmetReason
from crm.figures.queries import figure_on
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.permissions import Actor

NO_OWNER = (
    "{business} has no owner who can sign in, so no one would hear of an investor. "
    "Ask its Growth Hub to invite an owner, on the business’s page."
)


@dataclass(frozen=True)
class Opinion:
    """A reviewer's view of a pitch, and why; or that they have an interest in it, and which."""

    verdict: Verdict
    words: str


def review(found: Pitch, opinion: Opinion, *, by: Actor) -> PitchReview:
    """Say what one makes of the version that is screened now: once each. An interest that is known counts as declared."""
    POLICY.require(by, Act.REVIEW, found)
    refuse_if(why_not_reviewed(found))
    if not says_something(opinion.words):
        raise Invalid("Enter your reasons", field="words")
    if any(each.reviewer_id == by.account_id for each in queries.reviews_of(found)):
        raise Conflict("You have already reviewed this version.")
    if opinion.verdict is not Verdict.INTEREST:
        require_no_tie(found, by)
    made = PitchReview(pitch_id=found.id, number=found.number, made_at=now(), reviewer_id=by.account_id)
    made.verdict, made.words = opinion.verdict, opinion.words
    session().add(made)
    session().flush()
    audit.record(Act.REVIEW, found, created(verdict=opinion.verdict, number=found.number), by=by)
    return made


def why_not_reviewed(found: Pitch) -> str | None:
    """Why a pitch cannot be reviewed now: it is not being screened."""
    if found.status is PitchStatus.SCREENING:
        return None
    return f"Pitch {found.reference} is not being screened now, so it cannot be reviewed."


def require_no_tie(found: Pitch, actor: Actor) -> None:
    """Refuse staff who have a tie to the business of a pitch: they decide nothing about it. Raises `Conflict`."""
    own = account(actor.account_id) if actor.account_id else None
    tie = tie_between(own, found.business_id, on=today()) if own else None
    if tie:
        raise Conflict(f"You are {tie}, so a colleague must do this. Declare your interest in a review.")


def lock_of(found: Pitch, reviews: Reviewed | None = None) -> list[str]:
    """What keeps a pitch from being shown, in words; empty where nothing does. The lock is the law's, not ours."""
    kept = [f"Missing: {words}." for words in lacking(found.business, found)]
    if not is_cleared(found.instrument):
        kept.append(HELD)
    if basis_on(today()) is None:
        kept.append("No legal basis of the network is recorded for today.")
    if not any(each.is_approved and each.can_be_signed(on=today()) for each in wordings()):
        kept.append("No lawyer has approved the wording of the investors’ statements.")
    above = why_held("pitch_publishing", found.id)
    if above:
        kept.append(above)
    if not people_told(found.business_id):
        kept.append(NO_OWNER.format(business=found.business.name))
    missing = int(figure_on("pitch.reviews", on=today())) - len((reviews or reviewed(found)).counting)
    if missing > 0:
        people = "1 more person" if missing == 1 else f"{missing} more people"
        kept.append(f"{people} with no tie to the business must review it and mark it as ready to show.")
    return kept


@dataclass(frozen=True)
class Reviewed:
    """The reviews of the version that is screened now. Those in ``tied``, by their ids, do not count: it says why."""

    rows: Sequence[PitchReview]
    tied: Mapping[UUID, str]

    @property
    def counting(self) -> list[PitchReview]:
        """The reviews in favour, by people who have no tie to the business today."""
        return [each for each in self.rows if each.verdict is Verdict.FOR and each.id not in self.tied]


def reviewed(found: Pitch) -> Reviewed:
    """The reviews of this version, with the ties that their reviewers have to the business today."""
    rows = queries.reviews_of(found) if found.number else ()
    ties = ties_between([each.reviewer for each in rows], found.business_id, on=today())
    return Reviewed(rows, {each.id: ties[each.reviewer_id] for each in rows if each.reviewer_id in ties})


def publish(found: Pitch, *, by: Actor) -> None:
    """Show a pitch to those who may lawfully see it. People with an interest in it do not decide."""
    POLICY.require(by, Act.PUBLISH, found)
    queries.hold(found)
    PITCHES.target(Act.PUBLISH, found.status)
    _require_no_interest(found, by)
    kept = lock_of(found)
    if kept:
        raise Conflict(" ".join(kept))
    changes = amend(found, published_at=now(), reason="") | advance(PITCHES, found, Act.PUBLISH)
    audit.record(Act.PUBLISH, found, changes, by=by)
    tell_business(found, "pitch_published")
    if found.number > 1:
        tell_readers(found, "pitch_changed", readers=queries.followers_of(found.id))
    follow(Act.PUBLISH, found, by=by)


def _require_no_interest(found: Pitch, actor: Actor) -> None:
    own = [each for each in queries.reviews_of(found) if each.reviewer_id == actor.account_id]
    if any(each.verdict is Verdict.INTEREST for each in own):
        raise Conflict("You declared an interest in this pitch, so a colleague must decide about it.")
    require_no_tie(found, actor)


def send_back(found: Pitch, *, reason: str, by: Actor) -> None:
    """Send a pitch back, with what needs to change."""
    POLICY.require(by, Act.SEND_BACK, found)
    if not says_something(reason):
        raise Invalid("Enter what needs to change", field="reason")
    queries.hold(found)
    _require_no_interest(found, by)
    changes = advance(PITCHES, found, Act.SEND_BACK) | amend(found, reason=reason)
    audit.record(Act.SEND_BACK, found, changes, by=by)
    tell_business(found, "pitch_sent_back", reason=reason)


def refuse(found: Pitch, why: UnmetReason | None, *, note: str, by: Actor) -> None:
    """Decline a pitch: always with a reason from the list, which the business reads with what could help next."""
    POLICY.require(by, Act.REFUSE, found)
    if why not in BARRIERS:
        raise Invalid("Choose the reason", field="why")
    if why is UnmetReason.OTHER and not says_something(note):
        raise Invalid("Say what the reason is", field="note")
    queries.hold(found)
    _require_no_interest(found, by)
    changes = amend(found, declined_for=why, reason=note, ended_at=now())
    audit.record(Act.REFUSE, found, changes | advance(PITCHES, found, Act.REFUSE), by=by)
    follow(Act.REFUSE, found, by=by)
    asks.settle_ask(found)
    tell_unanswered(found)
    tell_business(found, "pitch_refused", why=BARRIERS[why], help=HELP.get(why, ""), note=note)
