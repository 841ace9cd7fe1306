"""Members and raises as the lists of the year tell them apart."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm.accounts.models import Account
from crm.angels.investors.models import Angel
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.angels.pitches.models import Pitch
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope, Standing
from tests import factories, network
from tests.client import ConformingClient

SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
WHO = re.compile(r'name="who" value="([0-9a-f-]+)"')


def member(name: str, *, paid: int = 200, signed: int = -100, joined: int = -400, **fields: Any) -> Account:
    """A member whose membership ends in so many days, and who signed and joined so many days from now."""
    owner = network.investor(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@made.example")
    network.angel(owner, decided_at=now() + timedelta(days=joined), **fields)
    network.membership(owner, days=(paid - 364, paid))
    network.certification(owner, signed_on=today() + timedelta(days=signed))
    return owner


def angel_id(owner: Account) -> str:
    """The id by which a member is ticked."""
    return str(session().scalars(select(Angel.id).where(Angel.account_id == owner.id)).one())


def looked(owner: Account, found: Pitch, *, days: int) -> None:
    """That a member opened a pitch so many days ago."""
    signed = network.certification(owner, signed_on=today() - timedelta(days=days))
    moment = now() - timedelta(days=days)
    network.promotion(found, signed, shown_at=moment, shown_on=moment.date())


def raised(name: str, *, published: int, owner: Account | None = None, **fields: Any) -> Pitch:
    """A raise that was published so many days ago, of a business with an owner if one is given."""
    firm = network.legal(factories.business(name=name))
    if owner is not None:
        factories.grant(
            owner, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(firm.id), standing=Standing.OWNER
        )
    return network.pitch(firm, published_at=now() - timedelta(days=published), **fields)


def preview(client: ConformingClient, address: str, **chosen: Any) -> str:
    """The page that shows who gets an email."""
    answer = client.post(address, data=chosen)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def sent(client: ConformingClient, page: str, *, kind: str, note: str = "") -> str:
    """The page of the result, once what a preview showed is sent."""
    found = SEEN.search(page)
    assert found
    data = {"who": WHO.findall(page), "kind": kind, "note": note, "seen": found[1]}
    answer = client.post("/angels/mailings/send", data=data)
    assert answer.status_code == 303, answer.text
    return html.unescape(client.get(answer.headers["Location"]).text)


__all__ = ["AngelStatus", "CheckOutcome", "angel_id", "looked", "member", "preview", "raised", "sent"]
