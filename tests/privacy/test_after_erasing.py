"""What was erased stays erased: nobody is known again by a closed account, and letters to others are left alone."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.kernel.clock import now
from crm.notices.rules import Person
from crm.notices.service import NOWHERE, erase_letters
from crm.notices.workflow import LetterStatus
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient


def test_an_erased_account_gets_no_name_role_or_way_in_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    given = {"email": "p-1@erased.invalid", "name": "Erased person P-1"}
    account = factories.account(AccountStatus.DEACTIVATED, **given)
    client.sign_in(cast.administrator)
    page = f"/people/{account.id}"
    role = {"role": "auditor", "scope": "everywhere"}
    answers = [
        client.get(f"{page}/correct"),
        client.post(f"{page}/correct", data={"name": "Ann Lee", "email": "ann@lee.example"}),
        client.get(f"{page}/roles/new"),
        client.post(f"{page}/roles/new", data=role),
        client.post(f"{page}/reactivate"),
    ]
    shown = client.get(page).text

    assert "Nobody uses this account again" in shown
    assert not [each for each in ("/correct", "/roles/new", "/reactivate") if f"{page}{each}" in shown]
    assert {each.status_code for each in answers} == {409}
    assert all("This person was erased" in each.text for each in answers)
    db.expire_all()
    assert {"email": account.email, "name": account.name} == given
    assert account.status is AccountStatus.DEACTIVATED


@pytest.mark.parametrize("naming", [None, ("angel",)])
def test_erasing_somebody_without_an_account_leaves_the_letters_to_others_without_one(
    naming: tuple[str, ...] | None, cast: Cast, db: Session
) -> None:
    sent = {
        "kind": "angel_refused",
        "_status": LetterStatus.SENT,
        "sent_at": now(),
        "kept_text": "Dear reader",
    }
    theirs = factories.letter(to_address="ann@lee.example", to_name="Ann Lee", account_id=None, **sent)
    others = factories.letter(to_address="bo@lee.example", to_name="Bo Lee", account_id=None, **sent)
    db.flush()
    who = Person(None, "ann@lee.example", "Ann Lee", ("angel",), naming)

    assert erase_letters(who, known_as="Erased person P-1", by=cast.administrator.actor) == 1
    assert theirs.to_address == NOWHERE
    assert (others.to_address, others.kept_text) == ("bo@lee.example", "Dear reader")
