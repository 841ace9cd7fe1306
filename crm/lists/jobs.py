"""The demonstration's caseload: businesses that were spoken with lately and long ago, next steps, tags, and a saved view.

Several are changed at once, written to and invited.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, first_reader, holding_consent, people_of
from crm.businesses.service import people
from crm.businesses.workflow import ConsentPurpose
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
from crm.lists.service.deeds import Wish, Words
from crm.lists.service.inviting import open_to_invitations
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
WORDS = Words(
    "Two afternoons for studios in December",
    "Invented. We open our doors on two afternoons in December: bring a plan, a draft or a question, "
    "and we look at it together.\n\nReply to this email to say when you come.",
    ConsentPurpose.NEWS,
)


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
    ids = [each.business_id for each in led]
    _several(ids, by=by)
    _written(ids, by=by)
    if email == WHO[0]:
        _invited(ids, by=by)
    return 1


def _written(ids: Sequence[UUID], *, by: Actor) -> None:
    """Those that agreed to news and events are written to; the others are left out."""
    for business_id in ids[:4]:
        found, reader = business(business_id), first_reader(people_of(business_id))
        if found is not None and reader:
            agreement = people.Agreement(reader["name"], "on the telephone")
            people.give_consent(found, ConsentPurpose.NEWS, agreement=agreement, by=by)
    for held in (holding_consent(each, ConsentPurpose.NEWS) for each in ids[1:2]):
        if held is not None:
            people.withdraw_consent(held, by=by)
    changing.change(Wish(Deed.EMAIL, tuple(ids[:6]), words=WORDS), seen=None, by=by)


def _invited(ids: Sequence[UUID], *, by: Actor) -> None:
    """Those of them that can be are invited to a workshop that has places left."""
    for each in open_to_invitations(by)[:1]:
        changing.change(Wish(Deed.INVITE, tuple(ids[:6]), each.id, to_all=True), seen=None, by=by)


def _several(ids: Sequence[UUID], *, by: Actor) -> None:
    """A tag given to several at once, some of which had it, and taken off again; and a business that nobody led, taken."""
    tag = next((each for each in tags_for(by) if each.name == "Net zero"), None)
    if tag is not None:
        changing.change(Wish(Deed.TAG, tuple(ids), tag.id), seen=None, by=by)
        changing.change(Wish(Deed.UNTAG, tuple(ids[-4:]), tag.id), seen=None, by=by)
    free = every_id(rules.Wanted(lead=rules.NOBODY), by, most=1)
    changing.change(Wish(Deed.LEAD, (*free, ids[0]), by.account_id), seen=None, by=by)


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
