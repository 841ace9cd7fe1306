"""The demonstration's caseload: businesses that were spoken with lately and long ago, next steps, tags, and a saved view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.caseload.queries.leads import led_by
from crm.caseload.queries.tags import tags_for
from crm.caseload.service import tagging
from crm.casework import queries as casework
from crm.casework.service import conversing, stepping
from crm.casework.workflow import Channel
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.lists import rules
from crm.lists.models import SavedView
from crm.lists.queries.rows import every_id
from crm.lists.service import changing, saving
from crm.lists.workflow import Deed

WHO = ("adviser@demo.example", "adviser.two@demo.example")
TALKS = (
    (4, "How the new premises work out"),
    (35, "A first look at the order book"),
    (75, "What to sell abroad first"),
    (130, "Plans for the year"),
)
STEPS = (
    ("Ring about the workshop", -2),
    ("Send the names of two mentors", 5),
    ("Look at the draft of the bid", 21),
)
TAGS = (("Net zero",), ("Net zero", "Export ready"), ("Export ready",), ("City of Culture supplier",))
VIEW = "To ring this month"


def load_demo() -> dict[str, int]:
    """What the list shows in each of its columns, where nobody has a saved view yet."""
    if session().scalar(select(func.count()).select_from(SavedView)):
        return {"demo caseloads": 0}
    return {"demo caseloads": sum(_caseload(email) for email in WHO)}


def _caseload(email: str) -> int:
    found = account_of(email)
    who = account(found.id) if found else None
    led = led_by([who.id])[:8] if who else ()
    if who is None or not led:
        return 0
    by = actor_of(who)
    for number, each in enumerate(led):
        whole = business(each.business_id)
        if whole is not None:
            _work(whole, number, by=by)
    wanted = rules.Wanted(lead=rules.MINE, quiet=30, sort="contact")
    saving.save(VIEW, wanted, by=by)
    _several([each.business_id for each in led], by=by)
    return 1


def _several(ids: Sequence[UUID], *, by: Actor) -> None:
    """A tag given to several at once, some of which had it, and taken off again; and a business that nobody led, taken."""
    tag = next((each for each in tags_for(by) if each.name == "Net zero"), None)
    if tag is not None:
        changing.change(changing.Wish(Deed.TAG, tuple(ids), tag.id), seen=None, by=by)
        changing.change(changing.Wish(Deed.UNTAG, tuple(ids[-4:]), tag.id), seen=None, by=by)
    free = every_id(rules.Wanted(lead=rules.NOBODY), by, most=1)
    changing.change(changing.Wish(Deed.LEAD, (*free, ids[0]), by.account_id), seen=None, by=by)


def _work(found: Business, number: int, *, by: Actor) -> None:
    """A conversation, a next step and tags: each until its list is through."""
    assert by.account_id is not None
    if number < len(TALKS):
        _talk(found, *TALKS[number], by=by)
    if number < len(STEPS):
        title, days = STEPS[number]
        step = stepping.add(found, stepping.StepDetails(title, (by.account_id,), today()), by=by)
        step.due_on = today() + timedelta(days=days)
    if number < len(TAGS):
        tagging.change_tags(found, tagging.TagsWanted(frozenset(), frozenset(), TAGS[number]), by=by)


def _talk(found: Business, days: int, subject: str, *, by: Actor) -> None:
    """A conversation of so many days ago, with the first person there."""
    assert by.account_id is not None
    made = conversing.record(
        found,
        conversing.ConversationDetails(
            happened_on=today() - timedelta(days=days),
            subject=subject,
            people=tuple(each.id for each in people_of(found.id)[:1]),
            advisers=(by.account_id,),
            notes="Invented.",
            channel=Channel.TELEPHONE,
            kind_code="finance.grant" if casework.kind("finance.grant") else None,
        ),
        by=by,
    )
    casework.read_again(made)
    conversing.complete(made, by=by)
