"""Who stands so to a business that they cannot assess it: declared, connected, at work there, having helped it lately or asked to meet it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from crm.accounts.models import RoleGrant
from crm.businesses.models import Business, Connection, Person, ShownInterest
from crm.businesses.workflow import ConnectionKind
from crm.casework.models import Conversation, ConversationAdviser
from crm.db.session import session
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.roles import Role, Scope
from crm.programme.assessing.models import Interest

SUPPORT_MONTHS = 12
"""For so long somebody who helped a business does not assess it, unless a lead says why they may."""
INTEREST_MONTHS = 12
"""For so long nobody assesses a business that they asked to meet as an investor, whatever came of it."""


@dataclass(frozen=True)
class Found:
    """One reason why somebody should not assess a business. ``can_be_overridden`` by a lead with a reason."""

    words: str
    can_be_overridden: bool = False


Conflicts = Mapping[tuple[UUID, UUID], list[Found]]
"""What was found, by account and business."""


def conflicts_between(
    account_ids: Collection[UUID], business_ids: Collection[UUID], *, on: date
) -> Conflicts:
    """Every reason between some accounts and some businesses, in a fixed number of queries.

    An interest in a business is one in all that share a director with it.
    """
    people, asked = list(account_ids), set(business_ids)
    group = _groups(asked, on=on)
    every = sorted({*asked, *group}, key=str)
    found: dict[tuple[UUID, UUID], list[Found]] = {}
    for account_id, business_id, why in (
        *_interests(people, every),
        *_connections(people, every, on=on),
        *_shown_interests(people, every, on=on),
        *_at_work(people, every),
        *_support(people, every, on=on),
    ):
        for target in _reached(business_id, group, asked, is_support=why.can_be_overridden):
            rows = found.setdefault((account_id, target), [])
            if why not in rows:
                rows.append(why)
    return found


def _reached(
    business_id: UUID, group: Mapping[UUID, set[UUID]], asked: set[UUID], *, is_support: bool
) -> set[UUID]:
    """The businesses asked about that a reason about one of them concerns. Help given to one is no interest in others."""
    own = {business_id} & asked
    return own if is_support else own | (group.get(business_id, set()) & asked)


def linked_with(business_ids: set[UUID]) -> set[UUID]:
    """Those that share a director with one of these."""
    return set(_groups(business_ids, on=today()))


def _groups(business_ids: set[UUID], *, on: date) -> dict[UUID, set[UUID]]:
    """For each business of a group with one of these, those of these that it is linked with: by a director of both."""
    directed = (
        Connection.kind == ConnectionKind.DIRECTOR,
        has_come(Connection.valid_from, on=on),
        or_(Connection.valid_to.is_(None), ~is_past(Connection.valid_to, on=on)),
    )
    name = func.lower(Connection.who)
    rows = session().execute(
        select(Connection.business_id, Connection.account_id, name).where(
            *directed, Connection.business_id.in_(business_ids)
        )
    )
    by_sign: dict[object, set[UUID]] = {}
    for business_id, account_id, who in rows:
        by_sign.setdefault(account_id or who, set()).add(business_id)
    accounts = [each for each in by_sign if isinstance(each, UUID)]
    names = [each for each in by_sign if isinstance(each, str)]
    others = session().execute(
        select(Connection.business_id, Connection.account_id, name).where(
            *directed, or_(Connection.account_id.in_(accounts), name.in_(names))
        )
    )
    groups: dict[UUID, set[UUID]] = {}
    for business_id, account_id, who in others:
        groups.setdefault(business_id, set()).update(by_sign.get(account_id or who, set()))
    return groups


Rows = Iterable[tuple[UUID, UUID, Found]]


def _interests(people: list[UUID], businesses: list[UUID]) -> Rows:
    query = (
        select(Interest.account_id, Business.id, Interest.words)
        .join(
            Business,
            or_(Business.id == Interest.business_id, Business.company_number == Interest.company_number),
        )
        .where(Interest.account_id.in_(people), Interest.ended_at.is_(None), Business.id.in_(businesses))
    )
    for account_id, business_id, words in session().execute(query):
        yield account_id, business_id, Found(f"They declared an interest: {words}")


SAID = {
    ConnectionKind.DIRECTOR: "They are a director",
    ConnectionKind.ADVISER: "They advise it",
    ConnectionKind.INVESTOR: "They invest in it, or were introduced to it",
    ConnectionKind.ASSESSOR_INTEREST: "They have an interest in it",
}


def _connections(people: list[UUID], businesses: list[UUID], *, on: date) -> Rows:
    query = select(Connection.account_id, Connection.business_id, Connection.kind).where(
        Connection.account_id.in_(people),
        Connection.business_id.in_(businesses),
        has_come(Connection.valid_from, on=on),
        or_(Connection.valid_to.is_(None), ~is_past(Connection.valid_to, on=on)),
    )
    for account_id, business_id, kind in session().execute(query):
        if account_id is not None:
            yield account_id, business_id, Found(SAID[kind])


def _shown_interests(people: list[UUID], businesses: list[UUID], *, on: date) -> Rows:
    """Who asked to meet a business as an investor. The words do not say so: a request is made without a name."""
    query = select(ShownInterest.account_id, ShownInterest.business_id).where(
        ShownInterest.account_id.in_(people),
        ShownInterest.business_id.in_(businesses),
        ShownInterest.shown_on > add_months(on, -INTEREST_MONTHS),
    )
    for account_id, business_id in session().execute(query):
        yield account_id, business_id, Found(SAID[ConnectionKind.ASSESSOR_INTEREST])


def _at_work(people: list[UUID], businesses: list[UUID]) -> Rows:
    worked = select(Person.account_id, Person.business_id).where(
        Person.account_id.in_(people), Person.business_id.in_(businesses)
    )
    for account_id, business_id in session().execute(worked):
        if account_id is not None:
            yield account_id, business_id, Found("They work or have worked there")
    ids = {str(each): each for each in businesses}
    let_in = select(RoleGrant.account_id, RoleGrant.scope_id).where(
        RoleGrant.account_id.in_(people),
        RoleGrant.role == Role.FOUNDER,
        RoleGrant.scope == Scope.BUSINESS,
        RoleGrant.scope_id.in_(list(ids)),
    )
    for account_id, scope_id in session().execute(let_in):
        yield account_id, ids[str(scope_id)], Found("They have or had access as a founder")


def _support(people: list[UUID], businesses: list[UUID], *, on: date) -> Rows:
    query = (
        select(
            ConversationAdviser.account_id,
            Conversation.business_id,
            func.max(Conversation.happened_on),
        )
        .join(Conversation, Conversation.id == ConversationAdviser.conversation_id)
        .where(
            ConversationAdviser.account_id.in_(people),
            Conversation.business_id.in_(businesses),
            Conversation.happened_on > add_months(on, -SUPPORT_MONTHS),
        )
        .group_by(ConversationAdviser.account_id, Conversation.business_id)
    )
    for account_id, business_id, last in session().execute(query):
        words = f"They recently helped this business, last on {day_in_words(last)}"
        yield account_id, business_id, Found(words, can_be_overridden=True)
