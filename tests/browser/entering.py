"""People who are signed in already, for the stories that are not about signing in: it takes two to five pages and a letter.

How somebody signs in, by password and by the link in a letter, with script and without, the journeys of the administrator,
the applicant and the weights show.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect
from sqlalchemy import select

from crm.accounts.models import Account, LoginSession
from crm.accounts.rules import hash_of_token, new_session_token
from crm.db.session import Database, session
from crm.figures.queries import bank_holidays
from crm.kernel.calendar import add_working_days
from crm.kernel.clock import now, today

DEMO: dict[str, Path] = {}
"""The folder of the demo that is served, by its address."""


def enter(page: Page, email: str) -> None:
    """Open the desk of somebody of the demo, in whose browser they signed in before."""
    ((address, folder),) = DEMO.items()
    page.context.add_cookies([{"name": "crm", "value": _cookie(folder, email), "url": address}])
    page.goto("/desk")
    expect(page).to_have_url(re.compile("/desk$"))


def working_days_ahead(days: int) -> date:
    """A day on which people work, so many of them from today: whatever day of the week the tests run on."""
    (folder,) = DEMO.values()
    opened = Database(f"sqlite:///{folder / 'crm.db'}")
    with opened.transaction():
        found = add_working_days(today(), days, bank_holidays=bank_holidays())
    opened.engine.dispose()
    return found


def _cookie(folder: Path, email: str) -> str:
    """What the browser of somebody holds who signed in just now."""
    signer = Flask("a browser")
    signer.secret_key = (folder / "secret.key").read_text()
    kept = SecureCookieSessionInterface().get_signing_serializer(signer)
    assert kept is not None
    return str(kept.dumps({"_user_id": _new_session(folder, email), "_fresh": True}))


def _new_session(folder: Path, email: str) -> str:
    """The secret of a session that began just now."""
    secret, moment = new_session_token(), now()
    opened = Database(f"sqlite:///{folder / 'crm.db'}")
    with opened.transaction():
        somebody = session().scalars(select(Account.id).where(Account.email == email)).one()
        row = LoginSession(account_id=somebody, token_hash=hash_of_token(secret), device="A test")
        row.began_at, row.expires_at = moment, moment + timedelta(hours=12)
        session().add(row)
    opened.engine.dispose()
    return secret
