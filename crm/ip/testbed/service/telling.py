"""Letters about test-bed projects: to a business that is invited or named, and to the lead."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Account
from crm.businesses.queries.seeing import first_reader, people_of
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.kernel.calendar import day_in_words
from crm.notices.service import Extras, Reader, queue


def reader_at(part: ProjectPart) -> dict[str, str]:
    """Whom a letter to a business goes to: name and email, or nothing."""
    return first_reader(people_of(part.business_id))


def tell_business(part: ProjectPart, kind: str, **more: Any) -> None:
    """Write to the first person at a business who has an email address."""
    to, found = reader_at(part), part.project
    if not to:
        return
    context = {
        "business": part.business.name,
        "title": found.title,
        "lead": found.lead.name if found.lead else "",
        "path": f"/test-bed/parts/{part.id}",
        **more,
    }
    reply_to = found.lead.email if found.lead else None
    queue(kind, Reader(to["email"], to["name"]), having=Extras(context, reply_to=reply_to))


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
