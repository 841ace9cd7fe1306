"""Who acts in the demonstration's rounds: its assessors, and the owners of the businesses that apply. All invented."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from crm.accounts.queries import (
    account,
    account_of,
    actor_of,
    people_of_business,
    standing_in,
    standing_in_for,
)
from crm.accounts.service.founders import Admission, admit
from crm.db.session import session
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.assessing.models import Assessment

OWNERS = (
    *("Abeni", "Bilal", "Cerys", "Dewi", "Ebele", "Fergus", "Gita", "Hamza", "Iona", "Jomo", "Kezia", "Luca"),
    *(
        "Mina",
        "Niall",
        "Oona",
        "Pavel",
        "Runa",
        "Samir",
        "Tova",
        "Umar",
        "Vera",
        "Wren",
        "Ximena",
        "Yusuf",
        "Zara",
    ),
)


def assessor_of(found: Assessment) -> Actor:
    """The assessor whom an application was given to."""
    who = account(found.assessor_id)
    return standing_in(actor_of(who)) if who else SYSTEM


def owner_of(business_id: UUID, *, by: Actor, is_told: bool = True) -> Actor:
    """The owner who applies for a business, admitted where there is none. Where nobody is to be told, ``by`` acts."""
    if is_told and not people_of_business(business_id):
        number = next(each for each in count(1) if account_of(_address(each)) is None)
        name = f"{OWNERS[(number - 1) % len(OWNERS)]} Demo-Applicant"
        admit(Admission(_address(number), name, business_id), by=standing_in(by))
        session().flush()
    return standing_in_for(business_id, otherwise=by)


def _address(number: int) -> str:
    return f"applicant.{number}@demo.example"
