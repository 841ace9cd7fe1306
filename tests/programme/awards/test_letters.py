"""Every email to a business about its grant on the page of the grant: which, to whom, and word for word."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from crm.db.states import advance
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.service.telling import tell_business
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.notices.workflow import MACHINE
from crm.notices.workflow import Act as LetterAct
from crm.programme.awards.models import Award
from crm.programme.awards.service.sending import tell_owners
from crm.programme.outcomes.service import asking
from tests import claimed, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
GRANT = (
    "Grant offer",
    "Grant claim submitted",
    "Grant claim approved",
    "Payment cancelled",
    "Figures asked",
    "Repayment: requested",
)


def posted(db: Session) -> None:
    """As the worker leaves them: each copy that waits was sent, word for word."""
    for each in db.query(Letter).where(Letter.kept_text.is_(None)):
        advance(MACHINE, each, LetterAct.TAKE)
        advance(MACHINE, each, LetterAct.MARK_SENT)
        context = {
            **each.context,
            "to_name": each.to_name,
            "base_url": "https://made.example",
            "service_name": "Made",
        }
        each.sent_at, each.kept_text = now(), word(each.kind, {**context, "link": ""}).text
    db.flush()


def with_two_people(cast: Cast, db: Session) -> str:
    """The page of a grant of which the founder and a colleague were told everything."""
    held = {"scope": Scope.BUSINESS, "scope_id": str(BUSINESS), "standing": Standing.OWNER}
    factories.grant(factories.account(name="Amina Made"), Role.FOUNDER, **held)
    found = claimed.award()
    tell_owners(found, "award_offer", by=SYSTEM)
    made = claimed.approved(claimed.whole(found.id), 500)
    (payment,) = payments_about(Subject("award_claim", made.id))
    tell_business("payment_cancelled", payment, why="Made: the account was closed")
    claimed.asked_back(found, 100)
    asking.plan_with_award(claimed.whole(found.id), by=SYSTEM)
    asking.ask_all()
    posted(db)
    return f"/awards/{found.id}"


def test_issue16_each_reader_finds_every_letter_about_the_grant_in_their_own_copy(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    here, own = with_two_people(cast, db), cast.founder.account.name
    page = client.sign_in(cast.founder).get(here).text
    assert [each for each in GRANT if f"{each}," not in page] == []
    assert f"Sent to Amina Made and {own}." in page
    assert ("Hello Amina Made" in page, f"Hello {own}" in page) == (False, True)
    page = client.sign_in(cast.programme_manager).get(here).text
    assert [each for each in GRANT if f"{each}," not in page] == []
    assert "This is the copy for" in page, "whose copy it is, where the reader got none"


def test_issue16_a_letter_that_failed_or_waits_says_so_and_one_that_was_cancelled_is_not_there(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    here, own = with_two_people(cast, db), cast.founder.account.name
    found = db.get(Award, UUID(here.rsplit("/", 1)[-1]))
    assert found is not None
    tell_owners(claimed.whole(found.id), "award_reminder", by=SYSTEM)
    db.flush()
    for each in db.query(Letter).where(Letter.kind == "award_reminder", Letter.to_name == own):
        advance(MACHINE, each, LetterAct.TAKE)
        advance(MACHINE, each, LetterAct.GIVE_UP)
    db.flush()
    page = client.sign_in(cast.programme_manager).get(here).text
    assert f"Being sent to Amina Made. Could not be delivered to {own}." in page
    for each in db.query(Letter).where(Letter.kind == "award_reminder"):
        advance(MACHINE, each, LetterAct.CANCEL)
    db.flush()
    assert "Grant offer: reminder" not in client.get(here).text
