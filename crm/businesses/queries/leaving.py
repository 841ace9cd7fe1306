"""What removing a person from a business comes to: what is open with them, what goes on, and who is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.businesses.models import Consent, Person
from crm.businesses.queries.seeing import consents_of, people_of
from crm.db.erasing import Hindrance, rooms
from crm.db.personal import Subject
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
        _open(Subject(None, "", person_ids=[person.id])),
        _open(Subject(None, "", business_ids=[person.business_id])) if account else [],
        [each for each in given if same_name(each.given_by) == same_name(person.name)],
        int(figure_on("retention.contact_months", on=today())),
    )


def _is_account_of(who: Account, person: Person) -> bool:
    return who.id == person.account_id or (person.email is not None and who.email == person.email)


def _open(about: Subject) -> list[Hindrance]:
    """What every room says is open about somebody: the same as hinders erasing them."""
    return [each for room in rooms() for find in room.hinders for each in find(about)]
