"""A business answers, says that something is not available, shares an answer, or withdraws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.angels.diligence import queries
from crm.angels.diligence.models import ANSWER_TABLE, DiligenceAnswer, DiligenceItem
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.service.telling import tell_asker, tell_introduced, tell_settled, tell_syndicate
from crm.angels.diligence.workflow import ITEMS, Act, ItemStatus, Sharing
from crm.angels.pitches.queries import pitches
from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.documents import service as documents
from crm.documents.service import Stored, Subject
from crm.figures.queries import due_after, figure_on
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Answering:
    """What a business answers: words, files or both, and who may read them; or an answer that it gave before."""

    sharing: Sharing
    words: str
    papers: Sequence[Stored] = ()
    earlier_id: UUID | None = None


def answer(found: DiligenceItem, said: Answering, *, by: Actor) -> None:
    """Answer a question, with a new answer or with one given before. The investor is told once nothing of theirs waits."""
    POLICY.require(by, Act.ANSWER, found)
    _hold(found)
    ITEMS.target(Act.ANSWER, found.status, thing=found)
    given = _earlier(found, said) if said.earlier_id else _new(found, said, by)
    was_shared = said.earlier_id is not None and given.sharing is Sharing.INTRODUCED
    changes = advance(ITEMS, found, Act.ANSWER) | amend(given, sharing=_widest(given.sharing, said.sharing))
    changes |= _settle(found, by) | amend(found, answer_id=given.id, reason="")
    session().flush()
    session().refresh(found, attribute_names=["answer"])
    audit.record(Act.ANSWER, found, _told(changes, given), by=by)
    _tell(found)
    if given.sharing is Sharing.INTRODUCED and not was_shared:
        _tell_others(found)


def _hold(found: DiligenceItem) -> None:
    """Lock the pitch first: answering, withdrawing and the end of the pitch come one after the other."""
    pitches.hold(found.pitch)
    read_state_again(found)


def _earlier(found: DiligenceItem, said: Answering) -> DiligenceAnswer:
    given = queries.answer_about(said.earlier_id, found.pitch.id) if said.earlier_id else None
    if given is None:
        raise Invalid("That answer was withdrawn. Choose another, or write a new one", field="earlier")
    return given


def _new(found: DiligenceItem, said: Answering, actor: Actor) -> DiligenceAnswer:
    if not said.words.strip() and not said.papers:
        raise Invalid("Write an answer or add a file", field="words")
    made = DiligenceAnswer(pitch_id=found.pitch.id, question=found.question, words=said.words.strip())
    made.sharing, made.made_at, made.made_by_id = said.sharing, now(), actor.account_id
    session().add(made)
    session().flush()
    for each in said.papers:
        documents.keep(each, Subject(ANSWER_TABLE, made.id), by=actor)
    return made


def _widest(before: Sharing, after: Sharing) -> Sharing:
    """What every introduced investor reads already stays so: it is narrowed by itself, not by answering one more."""
    return Sharing.INTRODUCED if Sharing.INTRODUCED in (before, after) else Sharing.ASKER


def _settle(found: DiligenceItem, actor: Actor) -> Changes:
    return amend(found, answered_at=now(), answered_by_id=actor.account_id, told_at=None)


def _told(changes: Changes, given: DiligenceAnswer) -> Changes:
    """What the log says: that there is an answer and who may read it, never what it says."""
    told = {name: each for name, each in changes.items() if name not in ("answered_by_id", "told_at")}
    return told | {"sharing": (None, given.sharing)}


def _tell(found: DiligenceItem) -> None:
    """Tell the investor at once if nothing of theirs waits any more; otherwise the daily work does."""
    known = queries.items_of(found.introduction_id)
    if any(each.status is ItemStatus.ASKED for each in known):
        return
    tell_settled(
        [
            each
            for each in known
            if each.told_at is None and each.status in (ItemStatus.ANSWERED, ItemStatus.UNAVAILABLE)
        ]
    )


def _tell_others(found: DiligenceItem) -> None:
    tell_introduced(found, queries.introduced_for(found.pitch.id))


def decline(found: DiligenceItem, *, reason: str, by: Actor) -> None:
    """Say that something is not available, and why. It can still be answered later."""
    POLICY.require(by, Act.DECLINE, found)
    if not reason.strip():
        raise Invalid("Enter a reason for the investor", field="reason")
    _hold(found)
    ITEMS.target(Act.DECLINE, found.status, thing=found)
    changes = amend(found, reason=reason.strip()) | advance(ITEMS, found, Act.DECLINE) | _settle(found, by)
    changes.pop("told_at", None)
    session().flush()
    audit.record(Act.DECLINE, found, changes, by=by)
    _tell(found)


def why_not_shared(found: DiligenceItem) -> str | None:
    """Why it cannot be changed now who may read an answer."""
    return None if found.status is ItemStatus.ANSWERED else "There is no answer to share."


def share(found: DiligenceItem, sharing: Sharing, *, with_syndicate: bool | None = None, by: Actor) -> None:
    """Change who may read an answer: also the syndicate of the raise, or not. Those who asked read it either way.

    ``with_syndicate`` is None where that stays as it is.
    """
    POLICY.require(by, Act.SHARE, found)
    _hold(found)
    refuse_if(why_not_shared(found))
    assert found.answer is not None
    given = found.answer
    changes = amend(given, sharing=sharing)
    if with_syndicate is not None:
        changes |= amend(given, with_syndicate=with_syndicate)
    if changes:
        audit.record(Act.SHARE, found, changes, by=by)
    session().flush()
    if "sharing" in changes and sharing is Sharing.INTRODUCED:
        _tell_others(found)
    if "with_syndicate" in changes and given.with_syndicate:
        tell_syndicate(found.pitch.id)


def retract(found: DiligenceItem, *, by: Actor) -> None:
    """Withdraw an answer: no investor can read it from now on, and each question that it served waits for an answer again."""
    POLICY.require(by, Act.RETRACT, found)
    _hold(found)
    ITEMS.target(Act.RETRACT, found.status, thing=found)
    assert found.answer is not None
    amend(found.answer, withdrawn_at=now())
    for each in queries.served_by(found.answer.id):
        changes = advance(ITEMS, each, Act.RETRACT) | amend(each, answer_id=None, told_at=None)
        amend(each, **_days(), nudged_at=None, answered_at=None, answered_by_id=None)
        changes.pop("told_at", None)
        audit.record(Act.RETRACT, each, changes, by=by)
        tell_asker(each.introduction, "diligence_retracted")
    session().flush()


def _days() -> dict[str, object]:
    """A question that waits again has its days anew."""
    day = today()
    names = ("nudge", "task")
    return {f"{each}_on": due_after(day, int(figure_on(f"diligence.{each}_days", on=day))) for each in names}
