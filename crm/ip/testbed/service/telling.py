"""Letters about test-bed projects: to a business that is invited or named, and to the lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import people_at, people_of_business
from crm.businesses.models import Person
from crm.businesses.queries.seeing import first_reader, people_by_business
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.ip.testbed.rules.masking import names_another
from crm.ip.testbed.rules.naming import Public
from crm.ip.testbed.workflow import NamingStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue


def readers_at(business_id: UUID) -> list[tuple[Reader, bool]]:
    """Whom a letter to a business goes to, and whether each can open its page.

    The first person there with an email address, and everybody there with an account: whoever answered is told what
    follows, and a preview shows all of them.
    """
    return readers_by_business([business_id])[business_id]


def readers_by_business(business_ids: Collection[UUID]) -> dict[UUID, list[tuple[Reader, bool]]]:
    """The same of each of some businesses, in two queries, however many there are."""
    known, let_in = people_by_business(business_ids), people_at(business_ids)
    return {each: readers_among(known.get(each, ()), let_in.get(each, ())) for each in business_ids}


def readers_among(people: Iterable[Person], own: Sequence[Account]) -> list[tuple[Reader, bool]]:
    """The same, of the people on record at a business and those who are let in to it."""
    to = first_reader(people)
    found = [(Reader(each.email, each.name, each.id), True) for each in own]
    is_known = any(each.email.lower() == to.get("email", "").lower() for each in own)
    return found if is_known or not to else [(Reader(to["email"], to["name"]), False), *found]


def has_account(part: ProjectPart) -> bool:
    """Whether anybody at a business has an account, so that it can answer on its own page."""
    return bool(people_of_business(part.business_id))


def tell_business(part: ProjectPart, kind: str, *, by: Actor | None = None, **more: Any) -> None:
    """Write to everybody at a business (`readers_at`) but for who did it, and tell each how they can answer."""
    readers, lead = readers_at(part.business_id), part.project.lead
    context = _context(part) | {"has_account": any(is_known for _, is_known in readers)} | more
    for to, is_known in readers:
        if by is not None and to.account_id is not None and to.account_id == by.account_id:
            continue
        told = context | {"is_known": is_known}
        queue(kind, to, having=Extras(told, reply_to=lead.email if lead else None))


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
    told: dict[str, Any] = {"question": found.question, "may_publish": found.may_publish, "does": part.does}
    told |= {name: day_in_words(getattr(found, name)) for name in ("starts_on", "ends_on")}
    partners = ", ".join(each.name for each in found.partners)
    tell_business(part, "test_bed_invited", partners=partners, **told)


def tell_withdrawn(part: ProjectPart) -> None:
    """Tell the lead of a project that a business no longer takes part."""
    lead, path = part.project.lead, f"/test-bed/parts/{part.id}"
    if lead is not None:
        _tell(lead, part.project, "test_bed_withdrawn", business=part.business.name, path=path)


def tell_led_before(before: Account, found: Project, *, by_name: str) -> None:
    """Tell who led a project that somebody else leads it now."""
    _tell(before, found, "test_bed_lead", by_name=by_name, path=f"/test-bed/{found.id}")


def tell_named(naming: Naming, part: ProjectPart, *, shown: Public) -> None:
    """Ask a business whether it may be named in this text, as it is shown to it."""
    path = f"/test-bed/namings/{naming.id}"
    told: dict[str, Any] = {name: getattr(shown, name) for name in ("text", "question", "partners")}
    told |= {name: day_in_words(getattr(shown, name)) for name in ("tried_from", "tried_to")}
    told["names_another"] = names_another(shown)
    tell_business(part, "test_bed_naming", path=path, lesson=shown.title, **told)


def tell_answered(
    naming: Naming, part: ProjectPart, *, is_withdrawn: bool = False, is_taken_back: bool = False, by: Actor
) -> None:
    """Tell everybody at a business who was asked what was answered in its name, but for who answered."""
    told: dict[str, Any] = {
        "path": f"/test-bed/namings/{naming.id}",
        "lesson": naming.lesson.title,
        "by_name": by.name,
    }
    told |= {"agrees": naming.status is NamingStatus.AGREED, "is_withdrawn": is_withdrawn}
    told["is_taken_back"] = is_taken_back
    tell_business(part, "test_bed_naming_answered", by=by, **told)


def tell_of_lesson(lesson: Lesson, kind: str, *, parts: Iterable[ProjectPart], path: str) -> None:
    """Tell the businesses that a lesson names what became of it."""
    for each in parts:
        own = f"/test-bed/parts/{each.id}"
        tell_business(each, kind, path=path, lesson=lesson.title, own_path=own)


def tell_lead(lesson: Lesson, kind: str, *, by: Actor | None = None, **more: Any) -> None:
    """Write to the lead of the project, to who wrote the lesson and to who published it, each once; not to who did it."""
    told = (lesson.project.lead, lesson.written_by, lesson.published_by)
    people = {each.id: each for each in told if each is not None and (by is None or each.id != by.account_id)}
    for each in people.values():
        _tell(each, lesson.project, kind, lesson=lesson.title, path=f"/test-bed/texts/{lesson.id}", **more)


def _tell(to: Account, found: Project, kind: str, **more: Any) -> None:
    context = {"title": found.title, **more}
    queue(kind, Reader(to.email, to.name, account_id=to.id), having=Extras(context))
