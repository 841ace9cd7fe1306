"""One email to many, sent in two tabs at the same moment: everyone gets it once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from crm.accounts import queries as accounts
from crm.businesses.models import Business
from crm.casework.models import WrittenEmail
from crm.db.session import session
from crm.kernel.roles import Role
from crm.lists.models import BulkChange
from crm.lists.service import changing
from crm.lists.service.deeds import Wish
from crm.lists.workflow import Deed
from crm.notices.models import Letter
from tests.faults.test_two_at_once import found, put
from tests.faults.together import browser, in_threads, meet_in, together
from tests.houses import database
from tests.lists.mailed import TYPED, WORDS, agreed

EVERYBODY = [f"reader{number}@made.example" for number in range(3)]


def prepared(app: Flask) -> tuple[UUID, tuple[UUID, ...]]:
    """Somebody who may write to all, and three businesses that agreed, committed."""
    sender = put(app, Role.ADMINISTRATOR)
    with database(app).transaction():
        some = [agreed(f"Made {number}", None, {"email": each}) for number, each in enumerate(EVERYBODY)]
        return sender, tuple(sorted(each.id for each in some))


def counted(app: Flask) -> tuple[list[str], int, int]:
    """To whom it goes, how often it is on a record, and how often it was done."""
    with database(app).reading():
        to = session().scalars(select(Letter.to_address).where(Letter.kind == "written_to_many"))
        count = [
            session().scalar(select(func.count()).select_from(each)) for each in (WrittenEmail, BulkChange)
        ]
        return sorted(to), count[0] or 0, count[1] or 0


def test_an_email_sent_in_two_tabs_at_once_reaches_everybody_once(
    committing_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, ids = prepared(committing_app)
    with database(committing_app).reading():
        by = accounts.actor_of(found(sender))
        seen = changing.weigh(Wish(Deed.EMAIL, ids, words=WORDS), by=by).mark
    typed = TYPED | {"who": [str(each) for each in ids], "seen": seen}
    tabs = [browser(committing_app, sender) for _ in range(2)]
    meet_in(monkeypatch, changing, "change")
    answers = in_threads(*((lambda tab=tab: tab.send("/caseload/change", typed)) for tab in tabs))
    assert sorted(each.status_code for each in answers) == [303, 409]
    loser = next(each for each in answers if each.status_code == 409)
    assert "This was sent to them already" in loser.text
    assert counted(committing_app) == (EVERYBODY, 3, 1)


def test_two_who_tick_some_of_the_same_at_once_do_not_write_twice_in_one_name(committing_app: Flask) -> None:
    sender, ids = prepared(committing_app)

    def send(*some: UUID) -> Any:
        by = accounts.actor_of(found(sender))
        return changing.change(Wish(Deed.EMAIL, some, words=WORDS), seen=None, by=by).id

    together(committing_app, lambda: send(*ids[:2]), lambda: send(*ids[1:]))
    to, kept, _ = counted(committing_app)
    assert to == EVERYBODY
    assert kept == 3


def test_the_index_refuses_a_second_copy_whatever_was_weighed(committing_app: Flask) -> None:
    sender, ids = prepared(committing_app)
    with database(committing_app).transaction():
        by = accounts.actor_of(found(sender))
        changing.change(Wish(Deed.EMAIL, ids, words=WORDS), seen=None, by=by)
    with database(committing_app).reading():
        (first, *_) = session().scalars(select(WrittenEmail).order_by(WrittenEmail.id))
        said = {
            key: getattr(first, key) for key in ("business_id", "person_id", "subject", "body", "written_at")
        }
        said |= {"letter_id": first.letter_id, "once": first.once}
        owner = session().get(Business, first.business_id)
        assert owner is not None
    with pytest.raises(Exception, match=r"(?i)unique"), database(committing_app).transaction():
        session().add(WrittenEmail(**said))
