"""The demonstration's test-bed projects: one at every stage, lessons in every state, all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from crm.accounts.queries import acting, standing_in_for
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.ip.testbed.queries import reading, seeing
from crm.ip.testbed.service import leading, naming, spending, taking_part, writing
from crm.ip.testbed.service.leading import Findings, ProjectDetails
from crm.ip.testbed.service.spending import SpendDetails
from crm.ip.testbed.service.writing import LessonText
from crm.kernel.clock import earlier, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

MOST_OWNERS = 5
JOINED = timedelta(days=190)
"""When the first business joined: after its first readiness assessment, and before its second."""
LONG_AGO = timedelta(days=480)
IPO, STEAMHOUSE = "UK Intellectual Property Office", "Birmingham City University"
QUESTION = "Invented: do small studios license more work if they have a standard contract?"
EXPECTED = "Invented: with the contract, half of them sign a licence within six months; without it, a fifth."
LEARNED = "Invented: a two-page contract was used; the six-page one was not."
PUBLIC = "Invented: the result and the contract, without names unless a business agrees"


def load_demo() -> dict[str, int]:
    """A project at every stage, businesses in every state, and lessons from draft to taken back."""
    if session().scalar(select(func.count()).select_from(Project)):
        return {"demo test-bed projects": 0}
    by, owners = acting("testbed@demo.example"), _owners()
    _proposed(by=by)
    _agreed(owners, by=by)
    _lessons(_running(owners, by=by), by=by)
    _reporting(owners, by=by)
    _finished(owners, by=by)
    _stopped(owners, by=by)
    return {"demo test-bed projects": len(seeing.every_project(seeing.Wanted()))}


def _owners() -> list[Business]:
    """The founder's own business, then others of the demonstration."""
    found = [*businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows[:1]]
    ids = dict.fromkeys(each.id for each in (*found, *businesses(Search(), SYSTEM).rows))
    whole = (business(each) for each in list(ids)[:MOST_OWNERS])
    return [each for each in whole if each is not None]


def _in(days: int) -> date:
    return today() + timedelta(days=days)


def _project(title: str, begins: int, ends: int, *, by: Actor) -> Project:
    """A project that was proposed, with its partners."""
    details = ProjectDetails(
        f"Invented: {title}", QUESTION, EXPECTED, _in(begins), _in(ends), Money.pounds(12_500), PUBLIC
    )
    made = leading.propose(details, by=by)
    found = _whole(made)
    for name, brings in ((IPO, "Invented: an examiner's time"), (STEAMHOUSE, "Invented: rooms and students")):
        leading.add_partner(found, name, brings=brings, by=by)
        found = _whole(made)
    return found


def _started(title: str, begins: int, ends: int, *, by: Actor) -> Project:
    """A project that was proposed, agreed and started on its first day, so many days ago."""
    with earlier(timedelta(days=-begins)):
        found = _project(title, 0, ends - begins, by=by)
        leading.agree(found, by=by)
        leading.start(found, by=by)
    return _whole(found)


def _whole(made: Project) -> Project:
    found = seeing.project(made.id)
    assert found is not None
    return found


def _proposed(*, by: Actor) -> None:
    """One with partners, and one that still lacks them."""
    _project("which mark do buyers remember?", 30, 200, by=by)
    bare = ProjectDetails("Invented: songs for games", QUESTION, EXPECTED, _in(60), _in(150), Money.pounds(0))
    leading.propose(bare, by=by)


def _agreed(owners: Sequence[Business], *, by: Actor) -> None:
    found = _project("licences for games", -2, 120, by=by)
    leading.agree(found, by=by)
    taking_part.invite(found, owners[0], does="Invented: offer two characters to a game studio", by=by)
    if len(owners) == MOST_OWNERS:
        wrong = taking_part.invite(found, owners[4], does="Invented: offer three songs", by=by)
        taking_part.cancel_invitation(wrong, by=by)


def _running(owners: Sequence[Business], *, by: Actor) -> list[ProjectPart]:
    """One whose last day is over, with businesses in every state and spend, one sum of it cancelled."""
    found = _started("a contract on two pages", -200, -4, by=by)
    with earlier(JOINED):
        parts = [
            taking_part.invite(found, each, does="Invented: use it with three clients", by=by)
            for each in owners[:4]
        ]
        _join(parts[0])
    _spent(found, by=by)
    _join(parts[1])
    taking_part.decline(parts[2], by=_of(parts[2]))
    _join(parts[3])
    taking_part.withdraw(parts[3], by=_of(parts[3]))
    return parts


def _spent(found: Project, *, by: Actor) -> None:
    """Three sums, one of them cancelled."""
    for days, what, pence in ((150, "Invented: a solicitor", 240_050), (90, "Invented: printing", 18_025)):
        with earlier(timedelta(days=days)):
            spending.spend(found, SpendDetails(today(), what, Money(pence)), by=by)
    twice = spending.spend(found, SpendDetails(_in(-90), "Invented: printing", Money(18_025)), by=by)
    again = seeing.spend(found.id, twice.id)
    assert again is not None
    spending.cancel_spend(again, reason="Invented: recorded twice", by=by)


def _of(part: ProjectPart) -> Actor:
    """Somebody of the business, who answers for it; where nobody there has an account, the manager records it."""
    return standing_in_for(part.business_id, otherwise=acting("testbed@demo.example"))


def _join(part: ProjectPart) -> None:
    taking_part.take_part(part, by=_of(part))


def _lessons(parts: Sequence[ProjectPart], *, by: Actor) -> None:
    """A draft that waits for consent, one sent back, one discarded, one to publish, one published, one taken back."""
    found = parts[0].project
    first, second = parts[0].business.name, parts[1].business.name
    _ask(
        _text(
            found, "Ask for a short contract", f"{first} and {second} used it with three clients each.", by=by
        ),
        by=by,
    )
    _text(found, "Who signs first", f"{second} signed first, before the work began.", by=by)
    _answer(
        _text(found, "What a solicitor costs", f"{second} paid for two hours.", by=by), parts[1], agrees=False
    )
    _text(found, "Keep a list of what you own", "Invented: those with a list answered in a day.", by=by)
    writing.discard(_text(found, "A lesson too many", "Nothing new.", by=by), by=by)
    writing.submit(_text(found, "Two pages are enough", LEARNED, by=by), by=by)
    named = _text(
        found, "How one studio licensed a character", f"{first} licensed a character in six weeks.", by=by
    )
    _answer(named, parts[0], agrees=True)
    _publish(named, kept="Invented: who is named agreed to this text", by=by)
    back = _text(found, "Six pages are better", "Invented: this was wrong.", by=by)
    _publish(back, by=by)
    writing.take_back(_again(back), reason="Invented: the figures were of another project", by=by)
    _publish(
        _text(
            found, "Sign before the work starts", f"{LEARNED} Those who signed first were paid first.", by=by
        ),
        by=by,
    )


def _text(found: Project, title: str, words: str, *, by: Actor) -> Lesson:
    made = writing.write(found, LessonText(f"Invented: {title}", words), by=by)
    return _again(made)


def _again(made: Lesson) -> Lesson:
    found = reading.lesson(made.id)
    assert found is not None
    return found


def _ask(lesson: Lesson, *, by: Actor) -> None:
    naming.ask(lesson, by=by)


def _answer(lesson: Lesson, part: ProjectPart, *, agrees: bool) -> None:
    naming.ask(lesson, by=acting("testbed@demo.example"))
    found = next(each for each in reading.namings_in(part.id) if each.lesson_id == lesson.id)
    whole: Naming | None = reading.naming(found.id)
    assert whole is not None
    if agrees:
        naming.agree_naming(whole, by=_of(part))
    else:
        naming.refuse_naming(whole, by=_of(part))


def _publish(lesson: Lesson, *, kept: str = "Invented: it names no business", by: Actor) -> None:
    """Written by one person, published by another."""
    writing.submit(_again(lesson), by=by)
    writing.publish(_again(lesson), kept=kept, is_checked=True, by=acting("approver@demo.example"))


def _reporting(owners: Sequence[Business], *, by: Actor) -> None:
    found = _started("a library of sounds", -300, -20, by=by)
    _join(taking_part.invite(found, owners[0], does="Invented: put twenty sounds in it", by=by))
    leading.report(found, by=by)


def _finished(owners: Sequence[Business], *, by: Actor) -> None:
    found = _started("patents for makers", -500, -120, by=by)
    with earlier(LONG_AGO):
        part = taking_part.invite(found, owners[1], does="Invented: search before you build", by=by)
        _join(part)
    with earlier(timedelta(days=200)):
        spending.spend(found, SpendDetails(today(), "Invented: searches", Money(1_249_950)), by=by)
    leading.report(found, by=by)
    leading.finish(_whole(found), Findings("Invented: a search saved six of eight a filing.", LEARNED), by=by)


def _stopped(owners: Sequence[Business], *, by: Actor) -> None:
    found = _project("a fair for rights", -60, 40, by=by)
    leading.agree(found, by=by)
    taking_part.invite(found, owners[0], does="Invented: show two works", by=by)
    leading.stop(_whole(found), reason="Invented: the hall was let to another", by=by)
