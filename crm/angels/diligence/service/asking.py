"""An introduced investor asks, or withdraws a question; the network reminds a business that does not answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crm.angels.diligence import queries
from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.rules.usual import USUAL
from crm.angels.diligence.service.telling import tell_people
from crm.angels.diligence.workflow import ITEMS, LIVE, Act, ItemStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import told_of
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.service.telling import tell_business
from crm.angels.pitches.workflow import OVER
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor
from crm.notices.queries import unsent
from crm.notices.service import call_back

MOST_OPEN = 40
WITHDRAWN = "The investor withdrew the questions before this letter was sent"


def why_not_met(found: Introduction) -> str | None:
    """Why there is no due diligence under an introduction: it has not taken place."""
    is_met = found.status is IntroductionStatus.AGREED
    return None if is_met else "Due diligence starts once the business has agreed to meet."


def why_not_asked(found: Introduction) -> str | None:
    """Why nothing can be asked under an introduction now, whoever asks."""
    if why_not_met(found):
        return why_not_met(found)
    return "This pitch has ended, so nothing more can be asked." if found.pitch.status in OVER else None


def ask(
    found: Introduction, codes: Collection[str] = (), *, own: str = "", by: Actor
) -> Sequence[DiligenceItem]:
    """Ask for some usual items and for something in the investor's own words. The business is told of all in one letter."""
    POLICY.require(by, Act.ASK, found)
    pitches.hold(found.pitch)
    session().refresh(found.pitch, attribute_names=["_status"])
    refuse_if(why_not_asked(found))
    known = [each for each in queries.items_of(found.id) if each.status in LIVE]
    _require_new(found, own)
    wanted = _wanted(codes, own, known)
    made = [_kept(found, kind, question) for kind, question in wanted]
    session().flush()
    for each in made:
        audit.record(Act.ASK, each, created(reference=found.reference, question=each.question), by=by)
    tell_people(found, "diligence_asked", path=path_of_list(found), count=len(made))
    return made


def _require_new(found: Introduction, own: str) -> None:
    """Refuse what the same investor asked this business in the same words and waits for: it would be answered twice."""
    words = plain_words(own)
    waiting = [each for each in queries.live_items_of(found.account_id) if each.status is ItemStatus.ASKED]
    theirs = (each for each in waiting if each.pitch.business_id == found.pitch.business_id)
    twin = next((each for each in theirs if words and plain_words(each.question) == words), None)
    if twin is not None:
        raise Invalid(
            f"You asked this on {day_in_words(day_of(twin.asked_at))}, and it waits for an answer. "
            "Nothing was sent. Ask something else, or leave this empty",
            field="own",
            about=twin,
        )


def path_of_list(found: Introduction) -> str:
    """Where the business finds what waits for it."""
    return f"/raises/{found.pitch_id}#due-diligence"


def _wanted(codes: Collection[str], own: str, known: Sequence[DiligenceItem]) -> list[tuple[str, str]]:
    live = {each.kind for each in known}
    wanted = [(code, USUAL[code].question) for code in USUAL if code in codes and code not in live]
    if own.strip():
        wanted.append(("", own.strip()))
    if not wanted:
        words = "You have already asked for these" if codes else "Choose an item or write a question"
        raise Invalid(words, field="codes")
    if len(known) + len(wanted) > MOST_OPEN:
        raise Invalid(f"You can have {MOST_OPEN} questions open at a time", field="codes")
    return wanted


def _kept(found: Introduction, kind: str, question: str) -> DiligenceItem:
    day = today()
    nudge, task = (
        due_after(day, int(figure_on(f"diligence.{name}_days", on=day))) for name in ("nudge", "task")
    )
    made = DiligenceItem(introduction_id=found.id, kind=kind, question=question, asked_at=now())
    made.nudge_on, made.task_on = nudge, task
    made._status = ITEMS.start  # noqa: SLF001 where every question begins
    session().add(made)
    return made


def take_back(found: DiligenceItem, *, by: Actor) -> None:
    """Withdraw a question that is not answered. The business is told, unless it was not told of the question yet."""
    POLICY.require(by, Act.TAKE_BACK, found)
    pitches.hold(found.pitch)
    read_state_again(found)
    changes = advance(ITEMS, found, Act.TAKE_BACK) | amend(found, ended_at=now())
    audit.record(Act.TAKE_BACK, found, changes, by=by)
    session().flush()
    _tell_of_withdrawal(found.introduction)


def _tell_of_withdrawal(about: Introduction) -> None:
    """Whoever has not been told of the questions yet gets no letter once none of them waits; the others are told."""
    people, path = told_of(about), path_of_list(about)
    ids = [each.id for each in people]
    waits = {each.account_id for each in unsent("diligence_asked", ids) if each.context.get("path") == path}
    if not any(each.status is ItemStatus.ASKED for each in queries.items_of(about.id)):
        call_back("diligence_asked", path=path, to=ids, reason=WITHDRAWN)
    told = [each for each in people if each.id not in waits]
    investor = about.account.name
    tell_business(about.pitch, "diligence_withdrawn", people=told, path=path, investor=investor)


def why_not_reminded(found: DiligenceItem) -> str | None:
    """Why a business is not reminded now: the question waits no longer, or it was reminded today."""
    if found.status is not ItemStatus.ASKED:
        return "This question is no longer waiting for the business."
    if found.nudged_at is not None and day_of(found.nudged_at) == today():
        return "The business has been reminded today. Remind it again tomorrow, or contact it yourself."
    return None


def remind(found: DiligenceItem, *, by: Actor) -> None:
    """Remind the business of a question, once a day at most."""
    POLICY.require(by, Act.REMIND, found)
    refuse_if(why_not_reminded(found))
    audit.record(Act.REMIND, found, amend(found, nudged_at=now()), by=by)
    nudge([found])


def nudge(some: Sequence[DiligenceItem]) -> None:
    """Remind a business of what one investor asked, in one letter."""
    for each in some:
        amend(each, nudged_at=now())
    about = some[0].introduction
    tell_people(about, "diligence_reminded", path=path_of_list(about), count=len(some))
