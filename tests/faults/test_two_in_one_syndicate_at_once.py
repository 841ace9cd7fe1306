"""Several act in one syndicate at the same moment: one place each, one lead, and nobody joins on terms that have ended."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.pitches.queries import pitches
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service import agreeing, joining, leading
from crm.angels.syndicates.workflow import LeadStatus, MemberStatus, Naming, TermsStatus
from crm.db.session import session
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope
from tests import factories, network, syndicates
from tests.angels.deals import made
from tests.angels.people import acting
from tests.faults.test_two_in_one_raise_at_once import lawful
from tests.faults.together import together
from tests.houses import database

TIMES = 3


def of(account_id: UUID) -> Actor:
    return acting(owner_of(account_id))


def owner_of(account_id: UUID) -> Account:
    owner = account(account_id)
    assert owner is not None
    return owner


def investor(pitch_id: UUID) -> UUID:
    found, owner = pitches.pitch(pitch_id), network.admitted()
    assert found is not None
    made.pledge(found, owner)
    return owner.id


def join(syndicate_id: UUID, account_id: UUID) -> str:
    actor, found = of(account_id), queries.syndicate(syndicate_id)
    assert found is not None
    joining.join(found, Naming.LEAD, by=actor)
    return "joined"


def stop(lead_id: UUID, account_id: UUID) -> str:
    actor, found = of(account_id), queries.lead(lead_id)
    assert found is not None
    leading.withdraw(found, by=actor)
    return "stopped"


def offer(pitch_id: UUID, account_id: UUID) -> str:
    actor, found = of(account_id), pitches.pitch(pitch_id)
    assert found is not None
    leading.offer(found, "Made message", by=actor)
    return "offered"


def opened() -> tuple[UUID, UUID, UUID, UUID]:
    """A syndicate with a lead and agreed terms: its raise, itself, its lead and the lead's account."""
    lawful()
    found = network.pitch(network.legal(factories.business()))
    about, lead, _ = syndicates.open_syndicate(found, network.admitted())
    return found.id, about.id, lead.id, lead.account_id


def told(answers: list[object]) -> Counter[str]:
    return Counter(each if isinstance(each, str) else type(each).__name__ for each in answers)


def test_two_members_join_at_once_and_one_who_joins_twice_has_one_place(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            pitch_id, syndicate_id, _, _ = opened()
            one, other = investor(pitch_id), investor(pitch_id)
        acts = [partial(join, syndicate_id, each) for each in (one, one, other, other)]
        assert told(together(furnished, *acts)) == {"joined": 2, Conflict.__name__: 2}
        with database(furnished).transaction():
            query = select(SyndicateMember).where(SyndicateMember.syndicate_id == syndicate_id)
            places = session().scalars(query).all()
            assert sorted(str(each.account_id) for each in places) == sorted([str(one), str(other)])


def test_nobody_joins_on_terms_that_end_at_the_same_moment(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            pitch_id, syndicate_id, lead_id, leader = opened()
            joiner = investor(pitch_id)
        acts = (partial(join, syndicate_id, joiner), partial(stop, lead_id, leader))
        answers = told(together(furnished, *acts))
        assert answers["stopped"] == 1
        with database(furnished).transaction():
            about = queries.syndicate(syndicate_id)
            assert about is not None
            assert about.agreed is None
            assert {each.status for each in about.members} <= {MemberStatus.UNCONFIRMED}
            assert len(about.members) == answers["joined"], (
                "who came first has to confirm; who came second is refused"
            )


def test_two_offer_to_lead_a_raise_at_once_and_it_has_one_syndicate(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            lawful()
            pitch_id = network.pitch(network.legal(factories.business())).id
            people = [investor(pitch_id) for _ in range(2)]
        acts = [partial(offer, pitch_id, each) for each in (*people, people[0])]
        assert told(together(furnished, *acts)) == {"offered": 2, Conflict.__name__: 1}
        with database(furnished).transaction():
            count = select(func.count()).select_from(Syndicate).where(Syndicate.pitch_id == pitch_id)
            assert session().scalar(count) == 1


def test_a_business_agrees_a_version_and_its_lead_stops_at_once(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            pitch_id, syndicate_id, lead_id, leader = opened()
            found = pitches.pitch(pitch_id)
            lead = session().get(SyndicateLead, lead_id)
            about = session().get(Syndicate, syndicate_id)
            assert found is not None
            assert lead is not None
            assert about is not None
            version = syndicates.terms(about, lead, TermsStatus.PROPOSED, 2).id
            owner = factories.account().id
            of_business = {"scope": Scope.BUSINESS, "scope_id": str(found.business_id)}
            factories.grant(owner_of(owner), Role.FOUNDER, **of_business)
        answers = told(together(furnished, partial(agree, version, owner), partial(stop, lead_id, leader)))
        assert answers["stopped"] == 1
        with database(furnished).transaction():
            whole = queries.syndicate(syndicate_id)
            assert whole is not None
            assert whole.agreed is None, "terms of a lead end with the lead, whoever came first"
            assert [each.status for each in whole.leads] == [LeadStatus.WITHDRAWN]


def agree(terms_id: UUID, account_id: UUID) -> str:
    actor, found = of(account_id), queries.terms(terms_id)
    assert found is not None
    agreeing.agree(found, by=actor)
    return "agreed"
