"""A role is ended on a page of its own, to the moment, its holder is told, and it can be given back within a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.service import roles
from crm.accounts.workflow import AccountStatus
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.signposting.workflow import EnquiryStatus
from tests import factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.judging import judged
from tests.rules.test_budgets import cast_business

pytestmark = pytest.mark.engine("sqlite")


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (0, "24 November 2026 to 24 November 2026 at 10am, when it was ended"),
        (-30, "25 October 2026 to 24 November 2026 at 10am, when it was ended"),
        (3, "Ended on 24 November 2026 at 10am, before it began on 27 November 2026"),
    ],
)
def test_a_role_ends_at_this_moment_stays_on_the_list_and_is_given_back(
    client: ConformingClient, cast: Cast, db: Session, clock: Any, begins: int, said: str
) -> None:
    holder = factories.account(name="Bo Holder")
    held = factories.grant(holder, Role.FUNDER, valid_from=today() + timedelta(days=begins))
    person = f"/people/{holder.id}"
    client.sign_in(cast.administrator)
    asked = client.get(f"{person}/roles/{held.id}/end").text
    assert "End Bo Holder’s role of funder" in asked
    assert held.ended_at is None, "looking ends nothing"

    answer = client.post(f"{person}/roles/{held.id}/end")
    page = " ".join(client.get(answer.headers["Location"]).text.split())
    assert "The role of funder has ended." in page
    assert said in page
    assert "In the past" in page
    assert client.get(f"{person}/roles/{held.id}/end").status_code == 409
    letter = db.scalars(select(Letter).where(Letter.account_id == holder.id)).one()
    assert (letter.kind, letter.context["role"]) == ("role_ended", "funder")

    answer = client.post(f"{person}/roles/{held.id}/restore")
    has = "will have the role of funder from" if begins > 0 else "has the role of funder again."
    assert f"Bo Holder {has}" in client.get(answer.headers["Location"]).text
    client.post(f"{person}/roles/{held.id}/end")
    clock.shift(roles.UNDO_WITHIN)
    assert "Give this role back" not in client.sign_in(cast.administrator).get(person).text
    assert client.post(f"{person}/roles/{held.id}/restore").status_code == 409


def test_k12_ending_a_role_says_first_what_is_in_hand_that_only_this_role_works_on(
    client: ConformingClient, cast: Cast
) -> None:
    for _ in range(2):
        factories.enquiry(_status=EnquiryStatus.CLAIMED, claimed_by_id=cast.adviser.id)
    rounds.assessment(rounds.application(cast_business(), rounds.bare_round()), cast.assessor.account)
    client.sign_in(cast.administrator)
    said = {}
    for member in (cast.adviser, cast.assessor):
        (held,) = [each for each in member.account.grants if each.role in (Role.ADVISER, Role.ASSESSOR)]
        said[member.part] = " ".join(client.get(f"/people/{member.id}/roles/{held.id}/end").text.split())
    assert (
        f'href="/people/{cast.adviser.id}/caseload">these in hand</a>: enquiries (2). Next' in said["adviser"]
    )
    assert "They have 1 assessment that is not submitted yet" in said["assessor"]
    assert "in hand" not in said["assessor"]


def test_k15_closing_an_account_says_what_it_leaves_open_of_every_role(
    client: ConformingClient, cast: Cast
) -> None:
    """Once, however many roles leave it; and nobody is asked to chase what a closed account holds."""
    found = rounds.application(own(), judged(assess_until=now() + timedelta(days=2)))
    rounds.assessment(found, cast.assessor.account)
    client.sign_in(cast.programme_manager)
    assert "Chase an assessment" in client.get("/desk").text
    client.sign_in(cast.administrator)
    where = f"/people/{cast.assessor.id}/deactivate"
    assert client.get(where).text.count("They have 1 assessment that is not submitted yet") == 1
    assert client.post(where).status_code == 303
    client.sign_in(cast.programme_manager)
    assert "Chase an assessment" not in client.get("/desk").text


def test_an_account_is_deactivated_on_a_page_of_its_own_and_its_holder_is_told_then_and_when_it_opens_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    holder = factories.account(name="Bo Holder")
    where = f"/people/{holder.id}/deactivate"
    client.sign_in(cast.administrator)
    assert "They are signed out at once" in client.get(where).text
    assert holder.status is AccountStatus.ACTIVE, "looking closes nothing"
    answer = client.post(where)
    assert "Bo Holder can no longer sign in." in client.get(answer.headers["Location"]).text
    assert client.get(where).status_code == 409
    client.post(f"/people/{holder.id}/reactivate")
    told = db.scalars(select(Letter.kind).where(Letter.account_id == holder.id)).all()
    assert set(told) == {"account_deactivated", "account_reactivated"}


def test_k11_a_role_that_begins_later_is_told_so_and_signs_nobody_out(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    holder = factories.account(name="Bo Holder")
    told = {"role": "assessor", "scope": "everywhere"}
    told |= {"valid_from-day": "1", "valid_from-month": "12", "valid_from-year": "2026"}
    client.sign_in(cast.administrator)
    answer = client.post(f"/people/{holder.id}/roles/new", data=told)
    page = client.get(answer.headers["Location"]).text
    assert "Bo Holder will have the role of assessor from 1 December 2026." in page
    letter = db.scalars(select(Letter).where(Letter.account_id == holder.id)).one()
    words = as_sent(letter.kind, {**letter.context, "to_name": letter.to_name})
    assert words.subject == "You will have the role of assessor from 1 December 2026"
    assert "Until then nothing changes for you." in words.text
    assert "signed out" not in words.text


def test_k11_a_role_that_begins_later_leaves_the_sessions_of_its_holder(
    client: ConformingClient, cast: Cast
) -> None:
    told = {"role": "assessor", "scope": "everywhere", "valid_from-year": "2026", "valid_from-month": "12"}
    other = client.application.test_client()
    other.sign_in(cast.finance_officer)
    client.sign_in(cast.administrator)
    assert (
        client.post(
            f"/people/{cast.finance_officer.id}/roles/new", data=told | {"valid_from-day": "1"}
        ).status_code
        == 303
    )
    assert other.get("/account").status_code == 200


def test_k10_ending_the_role_of_a_founder_says_that_it_is_for_one_business(
    client: ConformingClient, cast: Cast
) -> None:
    holder, business = factories.account(name="Bo Holder"), factories.business()
    held = factories.grant(holder, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(business.id))
    page = client.sign_in(cast.administrator).get(f"/people/{holder.id}/roles/{held.id}/end").text

    assert "for one business" in " ".join(page.split())
    assert "the whole service" not in page
