"""The cast: invented people with fixed roles and relations, and a visitor. `other_founder` is the stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from uuid import UUID, uuid5

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts import queries
from crm.accounts.models import Account, Hub, RoleGrant
from crm.accounts.rules import hasher
from crm.accounts.workflow import AccountStatus
from crm.angels.investors.queries.gate import facts_of
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.directory.models import Provider
from crm.kernel.clock import now
from crm.kernel.permissions import VISITOR, Actor
from crm.kernel.roles import STAFF, Role, Scope, Standing
from crm.programme.assessing.queries.stakes import facts_of as assessments_of
from crm.web.identity import informed
from tests import network
from tests.houses import TODAY, database

SINCE = date(2026, 1, 1)
PASSWORD = "harbour violin marmalade 91"
NAMESPACE = UUID("8b0c2a5e-7d3f-4d0a-9a53-0a1f6c1f2e77")
HUB, OTHER_HUB = "business-growth-west-midlands", "coventry-warwickshire"
BUSINESS, OTHER_BUSINESS = uuid5(NAMESPACE, "business"), uuid5(NAMESPACE, "other business")
# What the key holder was sent a link to: whoever makes such a thing for them gives it this id.
DRAFT, ENQUIRY, PLAN = (uuid5(NAMESPACE, kind) for kind in ("enquiry_draft", "enquiry", "plan"))
KEYS = frozenset({f"enquiry_draft:{DRAFT}", f"enquiry:{ENQUIRY}", f"plan:{PLAN}"})
KEPT_HASH = hasher("cheap").hash(PASSWORD)


@dataclass(frozen=True)
class Member:
    """One of the cast. The visitor has no account."""

    part: str
    known: Actor
    email: str = ""

    @property
    def id(self) -> UUID | None:
        return self.known.account_id

    @property
    def actor(self) -> Actor:
        """Who they are now: what they were given to assess is told anew at every request."""
        given = assessments_of(self.known)
        return replace(self.known, facts={**self.known.facts, **given}) if given else self.known

    @property
    def account(self) -> Account:
        """Their account as the session of the test knows it now, with its grants."""
        assert self.id is not None
        found = queries.account(self.id)
        assert found is not None
        return found


@dataclass(frozen=True)
class Cast:
    """Everybody, by part. Both advisers belong to different hubs; the founders to different businesses."""

    administrator: Member
    second_administrator: Member
    auditor: Member
    hub_manager: Member
    adviser: Member
    other_adviser: Member
    approver: Member
    finance_officer: Member
    programme_manager: Member
    lead_assessor: Member
    assessor: Member
    network_manager: Member
    angel: Member
    founder: Member
    other_founder: Member
    provider: Member
    key_holder: Member
    visitor: Member

    def __iter__(self) -> Iterator[Member]:
        return (getattr(self, each.name) for each in fields(self))

    def __getitem__(self, part: str) -> Member:
        found = getattr(self, part)
        assert isinstance(found, Member)
        return found


PARTS = tuple(each.name for each in fields(Cast))


@pytest.fixture
def cast(app: Flask, reference: None, db: Session) -> Cast:
    """The cast, on the reference data. They moved in before the first test that asks for them, and are the same in each."""
    found = app.extensions["cast"]
    assert isinstance(found, Cast)
    return found


@pytest.fixture
def owner(cast: Cast) -> Business:
    """The business of the cast's founder."""
    found = business(BUSINESS)
    assert found is not None
    return found


def move_in(app: Flask) -> None:
    """Write down the cast for good in a database that holds the reference data, on the day on which tests begin."""
    with time_machine.travel(TODAY, tick=False), database(app).transaction() as db:
        app.extensions["cast"] = _cast(db)


def _cast(db: Session) -> Cast:
    hubs = {code: str(hub_id) for code, hub_id in db.execute(select(Hub.code, Hub.id))}
    provider = db.scalars(select(Provider.id).order_by(Provider.name).limit(1)).one()
    held = _held(hubs, str(provider))
    rows = [_account(part, role) for part, (role, _, _) in held.items()]
    db.add_all(rows)
    db.flush()
    db.add_all(
        RoleGrant(
            account_id=row.id,
            role=role,
            scope=scope,
            scope_id=scope_id,
            valid_from=SINCE,
            granted_at=now(),
            standing=Standing.OWNER if role is Role.FOUNDER else None,
        )
        for row, (role, scope, scope_id) in zip(rows, held.values(), strict=True)
    )
    db.flush()
    _businesses(db, hubs)
    _network(next(row for part, row in zip(held, rows, strict=True) if part == "angel"))
    members = {
        part: Member(part, informed(queries.actor_of(_loaded(row)), [facts_of]), row.email)
        for part, row in zip(held, rows, strict=True)
    }
    key_holder = Member("key_holder", Actor(keys=KEYS))
    return Cast(**members, key_holder=key_holder, visitor=Member("visitor", VISITOR))


def _held(hubs: dict[str, str], provider: str) -> dict[str, tuple[Role, Scope, str | None]]:
    """The role of each part, and what it is held for."""
    return {
        "administrator": (Role.ADMINISTRATOR, Scope.EVERYWHERE, None),
        "second_administrator": (Role.ADMINISTRATOR, Scope.EVERYWHERE, None),
        "auditor": (Role.AUDITOR, Scope.EVERYWHERE, None),
        "hub_manager": (Role.HUB_MANAGER, Scope.HUB, hubs[HUB]),
        "adviser": (Role.ADVISER, Scope.HUB, hubs[HUB]),
        "other_adviser": (Role.ADVISER, Scope.HUB, hubs[OTHER_HUB]),
        "approver": (Role.APPROVER, Scope.EVERYWHERE, None),
        "finance_officer": (Role.FINANCE_OFFICER, Scope.EVERYWHERE, None),
        "lead_assessor": (Role.LEAD_ASSESSOR, Scope.EVERYWHERE, None),
        "assessor": (Role.ASSESSOR, Scope.EVERYWHERE, None),
        "programme_manager": (Role.PROGRAMME_MANAGER, Scope.EVERYWHERE, None),
        "network_manager": (Role.NETWORK_MANAGER, Scope.EVERYWHERE, None),
        "angel": (Role.ANGEL, Scope.EVERYWHERE, None),
        "founder": (Role.FOUNDER, Scope.BUSINESS, str(BUSINESS)),
        "other_founder": (Role.FOUNDER, Scope.BUSINESS, str(OTHER_BUSINESS)),
        "provider": (Role.PROVIDER, Scope.PROVIDER, provider),
    }


def _businesses(db: Session, hubs: dict[str, str]) -> None:
    """The businesses of the two founders, each cared for by the hub of one of the advisers."""
    for business_id, hub, name in (
        (BUSINESS, HUB, "Cast Pictures"),
        (OTHER_BUSINESS, OTHER_HUB, "Other Cast Press"),
    ):
        db.add(
            Business(
                id=business_id,
                name=name,
                sort_name=name.lower(),
                match_name=name.lower(),
                hub_id=UUID(hubs[hub]),
                trading_postcode="B1 1AA",
                trading_outcode="B1",
                place_method="sector",
                source="the cast",
                created_at=now(),
            )
        )
    db.flush()


def _network(investor: Account) -> None:
    """The network rests on something, a lawyer has read its words, and the angel may see pitches."""
    network.basis()
    network.signed_off()
    network.admitted(investor)


def _account(part: str, role: Role) -> Account:
    name = part.replace("_", " ").title()
    return Account(
        id=uuid5(NAMESPACE, part),
        email=f"{part.replace('_', '.')}@cast.example",
        name=f"{name} of the Cast",
        created_at=now(),
        password_hash=KEPT_HASH if role in STAFF else None,
        _status=AccountStatus.ACTIVE,
    )


def _loaded(row: Account) -> Account:
    found = queries.account(row.id)
    assert found is not None
    return found
