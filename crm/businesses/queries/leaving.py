"""What removing a person from a business comes to: what is open with them, what goes on, and who is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.audit.queries import names_of
from crm.businesses.models import Consent, Person
from crm.businesses.queries.seeing import consents_of, people_of
from crm.db.base import Base
from crm.db.erasing import Hindrance, rooms
from crm.db.personal import Subject
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.folding import same_name
from crm.kernel.roles import Standing


@dataclass(frozen=True)
class Leaving:
    """What is said before a person is removed. ``account`` is how they sign in for the business, if they do.

    ``theirs`` is open in their name, ``of_business`` open for the business that they act for. ``agreed`` are the consents that
    they gave and that still hold. ``months`` is how long their name and address are kept.
    """

    account: Account | None
    is_owner: bool
    is_last_owner: bool
    others: Sequence[Person]
    colleagues: Sequence[Account]
    theirs: Sequence[Hindrance]
    of_business: Sequence[Hindrance]
    agreed: Sequence[Consent]
    months: int


def leaving(person: Person) -> Leaving:
    """What removing a person comes to now. It changes nothing."""
    let_in = people_of_business(person.business_id)
    own = [(who, held) for who, held in let_in if _is_account_of(who, person)]
    owners = {who.id for who, held in let_in if held.standing is Standing.OWNER}
    account = own[0][0] if own else None
    is_owner = account is not None and account.id in owners
    here = [each for each in people_of(person.business_id) if not each.left_on and each.id != person.id]
    given = [each for each in consents_of(person.business_id) if each.withdrawn_at is None]
    return Leaving(
        account,
        is_owner,
        is_owner and len(owners) == 1,
        here,
        [who for who, _ in let_in if account is None or who.id != account.id],
        open_about(Subject(None, "", person_ids=[person.id])),
        open_about(Subject(None, "", business_ids=[person.business_id])) if account else [],
        [each for each in given if same_name(each.given_by) == same_name(person.name)],
        int(figure_on("retention.contact_months", on=today())),
    )


def _is_account_of(who: Account, person: Person) -> bool:
    return who.id == person.account_id or (person.email is not None and who.email == person.email)


def open_about(about: Subject) -> list[Hindrance]:
    """What every room says is open about somebody, each with its reference, business and sum: it hinders erasing them."""
    found = [each for room in rooms() for find in room.hinders for each in find(about)]
    ids: dict[str, list[UUID]] = {}
    for each in found:
        if each.row_id is not None:
            ids.setdefault(each.table, []).append(each.row_id)
    said = {row_id: words for table, those in ids.items() for row_id, words in _called(table, those)}
    return [replace(each, about=said.get(str(each.row_id), "")) for each in found]


def _called(kind: str, ids: Sequence[UUID]) -> Iterator[tuple[str, str]]:
    """What some rows are called, by their ids: their own name, what they belong to, and the sum that they are about."""
    table = Base.metadata.tables[kind]
    sums = {}
    if "amount" in table.c:
        rows = session().execute(select(table.c.id, table.c.amount).where(table.c.id.in_(ids)))
        sums = {str(row_id): amount.in_full() for row_id, amount in rows if amount}
    for row_id, named in names_of(kind, map(str, ids)).items():
        words = dict.fromkeys([named.own, *named.of, sums.get(row_id, "")])
        yield row_id, ", ".join(filter(None, words))
