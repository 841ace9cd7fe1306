"""The kinds of support that the product comes with, and the demonstration's conversations and hours."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of, standing_in_for
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, people_of
from crm.casework import queries
from crm.casework.models import Conversation, SupportKind
from crm.casework.service import conversing, counting, stepping, writing
from crm.casework.service.keeping_kinds import add_missing
from crm.casework.workflow import Channel
from crm.db.session import session
from crm.directory.rules.labels import NEEDS, NEEDS_OF_AREA, TRIAGE_AREAS
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Reader

TALKS = (
    (40, "The accounts, and what they say", "finance.investment_readiness", 10, "complete"),
    (25, "A first look at the rights they own", "ip.ip_audit", 6, "complete"),
    (12, "What a publisher wants to see", "finance.equity", 14, "complete"),
    (3, "The next grant", "finance.grant", 3, "draft"),
    (2, "Begun by mistake", None, None, "discarded"),
)


TEMPLATES = (
    writing.TemplateDetails(
        "After a first conversation",
        "What we spoke of, {business}",
        "Hello {name},\n\nthank you for the time you took. As promised, this is what comes next:\n\n- \n\n"
        "If anything here is not as you remember it, write back to me.",
    ),
    writing.TemplateDetails(
        "A document is missing",
        "One thing we need from {business}",
        "Hello {name},\n\nto go on we need one more thing from you:\n\n- \n\nYou can answer to this e-mail.",
    ),
)


def load_kinds() -> dict[str, int]:
    """Each need within each area of triage: the two-level list of the field."""
    listed = [
        SupportKind(
            code=f"{area}.{need}", area=area, area_label=TRIAGE_AREAS[area], label=NEEDS.get(need, need)
        )
        for area, needs in NEEDS_OF_AREA.items()
        for need in needs
    ]
    return {"kinds of support": add_missing(listed), "e-mail templates": _load_templates()}


LATE_STEP = "Send the notes of the visit"
"""What the adviser of the demonstration promised by a day that is over."""


def _load_templates() -> int:
    """Those that the product comes with, where there are none at all: what was renamed does not come back."""
    if queries.templates(with_retired=True):
        return 0
    return len([writing.add_template(each, by=SYSTEM) for each in TEMPLATES])


def load_demo() -> dict[str, int]:
    """Conversations in every state, and hours that were confirmed, disputed and only stated."""
    if session().scalar(select(func.count()).select_from(Conversation)):
        return {"demo conversations": 0}
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    whole, who = business(found.id) if found else None, account_of("adviser@demo.example")
    adviser = account(who.id) if who else None
    if whole is None or adviser is None:
        return {"demo conversations": 0}
    actor = actor_of(adviser)
    for talk in TALKS:
        _talk(whole, talk, by=actor)
    _answers(whole, by=actor)
    _steps(whole, by=actor)
    _email(whole, adviser.email, by=actor)
    return {"demo conversations": len(TALKS)}


def _talk(owner: Business, talk: tuple[int, str, str | None, int | None, str], *, by: Actor) -> None:
    days, subject, kind, quarters, becomes = talk
    assert by.account_id is not None
    details = conversing.ConversationDetails(
        happened_on=today() - timedelta(days=days),
        subject=subject,
        people=tuple(each.id for each in people_of(owner.id)[:1]),
        advisers=(by.account_id,),
        notes="Invented: what was said stays between us.",
        channel=Channel.VIDEO,
        kind_code=kind if kind and queries.kind(kind) else None,
        quarters=quarters,
    )
    made = conversing.record(owner, details, by=by)
    queries.read_again(made)
    if becomes == "complete":
        conversing.complete(made, by=by)
    elif becomes == "discarded":
        conversing.discard(made, by=by)


def _email(owner: Business, address: str, *, by: Actor) -> None:
    reader = next(each for each in people_of(owner.id) if each.email)
    details = writing.EmailDetails(reader.id, "The list of funders", "Invented: the list that I promised.")
    writing.write(owner, details, reply_to=address, by=by)


def _steps(owner: Business, *, by: Actor) -> None:
    """One that is due, one without a day, and one that is late."""
    assert by.account_id is not None
    for title, due in (
        ("Send the list of funders", today()),
        ("Ask how the pitch went", None),
        (LATE_STEP, today()),
    ):
        made = stepping.add(owner, stepping.StepDetails(title, (by.account_id,), due), by=by)
        if title == LATE_STEP:
            made.due_on = today() - timedelta(days=3)


def _answers(owner: Business, *, by: Actor) -> None:
    """Two rows answered for, the third left open."""
    person = queries.readers_at(owner.id)[0]
    to = Reader(person.email or "", person.name)
    rows = queries.hours_of(owner.id)
    later, asked = rows[0], rows[1:]
    counting.ask(owner, to, by=by)
    later.asked_at = None
    session().flush()
    who = standing_in_for(owner.id, otherwise=SYSTEM)
    name = to.name if who.is_system else who.name
    answer = counting.HoursAnswer({asked[0].id}, name, "Invented: this was an hour shorter.")
    counting.answer(owner, answer, by=who)
