"""A sample of every kind of thing of syndicates that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.workflow import LeadStatus, MemberStatus, TermsStatus
from crm.businesses.queries.seeing import business
from tests import network, syndicates
from tests.angels.deals.made import pledge
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast

Values = Mapping[str, Any]


def _pitch(business_id: UUID) -> Pitch:
    found = business(business_id)
    assert found is not None
    return network.pitch(network.legal(found))


def _syndicates(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that is open, which the angel can join; and one of the other business."""
    own, _, _ = _open(_pitch(BUSINESS))
    return own.id, syndicates.syndicate(_pitch(OTHER_BUSINESS)).id


def _open(found: Pitch, owner: Account | None = None) -> tuple[Syndicate, Any, Any]:
    return syndicates.open_syndicate(found, owner)


def _led(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the angel leads, and one that a stranger leads."""
    own, other = _open(_pitch(BUSINESS), cast.angel.account), _open(_pitch(OTHER_BUSINESS))
    return own[0].id, other[0].id


def _to_join(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the angel can join, having pledged."""
    found = _pitch(BUSINESS)
    pledge(found, cast.angel.account)
    return (_open(found)[0].id,)


def _leads(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The offers of the angel and of a stranger to one business, and one to the other."""
    own, other = (syndicates.syndicate(_pitch(each)) for each in (BUSINESS, OTHER_BUSINESS))
    offered = LeadStatus.OFFERED
    mine = syndicates.lead(own, cast.angel.account, offered)
    return mine.id, syndicates.lead(own, None, offered).id, syndicates.lead(other, None, offered).id


def _versions(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Waiting for each business: one recorded by the angel, one by a stranger."""
    made = []
    for each, owner in ((BUSINESS, cast.angel.account), (OTHER_BUSINESS, None)):
        about = syndicates.syndicate(_pitch(each))
        made.append(syndicates.terms(about, syndicates.lead(about, owner), TermsStatus.PROPOSED))
    return tuple(each.id for each in made)


def _members(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The angel's place on terms that have changed, and a stranger's."""
    made = []
    for each, owner in ((BUSINESS, cast.angel.account), (OTHER_BUSINESS, None)):
        about, _, terms = _open(_pitch(each))
        made.append(syndicates.member(about, terms, owner, MemberStatus.UNCONFIRMED))
    return tuple(each.id for each in made)


LEAVING = (
    *("syndicates.all_syndicates", "syndicates.syndicate", "syndicate_leads.offer"),
    *("syndicate_terms.propose", "syndicate_members.join", "syndicate_members.confirm"),
)
"""Pages that leave a row of the ledger of promotions."""
SAMPLES: dict[str, Callable[[Cast, Values], tuple[Any, ...]]] = {
    "syndicate_id": _syndicates,
    **{f"{name} syndicate_id": _led for name in ("syndicate_terms.propose", "diligence.of_syndicate")},
    "syndicate_members.join syndicate_id": _to_join,
    "lead_id": _leads,
    "terms_id": _versions,
    **{f"syndicate_members.{name} member_id": _members for name in ("confirm", "naming", "leave")},
}
