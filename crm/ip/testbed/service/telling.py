"""Letters about test-bed projects: to a business that is invited or named, and to the lead."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.kernel.calendar import day_in_words
from crm.notices.service import Extras, Reader, queue

ASKING = ("test_bed_invited", "test_bed_naming")
"""The letters that ask for an answer."""


def reader_at(part: ProjectPart) -> dict[str, str]:
    """Whom a letter to a business goes to: name and email, or nothing."""
    return first_reader(people_of(part.business_id))


def has_account(part: ProjectPart) -> bool:
    """Whether anybody at a business has an account, so that it can answer on its own page."""
    return bool(people_of_business(part.business_id))


def tell_business(part: ProjectPart, kind: str, **more: Any) -> None:
    """Write to the first person at a business who has an email address, and tell them how they can answer.

    Who has no account cannot open the page: what asks for an answer goes to those of the business who have one as well,
    and everything does where nobody at it has an email address.
    """
    to, own = reader_at(part), [account for account, _ in people_of_business(part.business_id)]
    is_known = any(each.email.lower() == to.get("email", "").lower() for each in own)
    context = _context(part) | {"has_account": bool(own)} | more
    for each in own if not is_known and (kind in ASKING or not to) else ():
        _queue(part, kind, Reader(each.email, each.name, each.id), context | {"is_known": True})
    if to:
        _queue(part, kind, Reader(to["email"], to["name"]), context | {"is_known": is_known})


def _queue(part: ProjectPart, kind: str, to: Reader, context: dict[str, Any]) -> None:
    lead = part.project.lead
    queue(kind, to, having=Extras(context, reply_to=lead.email if lead else None))


def _context(part: ProjectPart) -> dict[str, Any]:
    """What every letter to a business says."""
    found = part.project
    return {
        "business": part.business.name,
        "title": found.title,
        "lead": found.lead.name if found.lead else "",
        "path": f"/test-bed/parts/{part.id}",
    }


def tell_invited(part: ProjectPart) -> None:
    """Invite a business: what is tried out, when and with whom, what it would do, and what may be published."""
    found = part.project
    told = {"question": found.question, "may_publish": found.may_publish, "does": part.does}
    days = {name: day_in_words(getattr(found, name)) for name in ("starts_on", "ends_on")}
    partners = ", ".join(each.name for each in found.partners)
    tell_business(part, "test_bed_invited", partners=partners, **days, **told)


def tell_withdrawn(part: ProjectPart) -> None:
    """Tell the lead of a project that a business no longer takes part."""
    lead, path = part.project.lead, f"/test-bed/parts/{part.id}"
    if lead is not None:
        _tell(lead, part.project, "test_bed_withdrawn", business=part.business.name, path=path)


def tell_named(naming: Naming, part: ProjectPart, *, lesson: Lesson) -> None:
    """Ask a business whether it may be named in exactly this text."""
    path, shown = f"/test-bed/namings/{naming.id}", lesson.public
    told = {name: getattr(shown, name) for name in ("text", "question", "partners")}
    days = {name: day_in_words(getattr(shown, name)) for name in ("tried_from", "tried_to")}
    tell_business(part, "test_bed_naming", path=path, lesson=shown.title, **days, **told)


def tell_lead(lesson: Lesson, kind: str, **more: Any) -> None:
    """Write to the lead of the project and to who wrote the lesson, each once."""
    people = {each.id: each for each in (lesson.project.lead, lesson.written_by) if each is not None}
    for each in people.values():
        _tell(each, lesson.project, kind, lesson=lesson.title, path=f"/test-bed/texts/{lesson.id}", **more)


def _tell(to: Account, found: Project, kind: str, **more: Any) -> None:
    context = {"title": found.title, **more}
    queue(kind, Reader(to.email, to.name, account_id=to.id), having=Extras(context))
