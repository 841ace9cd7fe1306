"""An award that its applicant was told of is withdrawn by two people (decision 0090)."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.programme.cohort.workflow import DecisionStatus
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_deciding import WHY, confirmed, decision_on, two_rounds_of_people
from tests.programme.pages import sent

pytestmark = pytest.mark.engine("sqlite")


def test_p45_one_person_alone_does_not_withdraw_an_award_that_its_applicant_was_told_of(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people()
    found = confirmed(theirs, other)
    one = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    alone = client.post(f"/decisions/{one.id}/withdraw", data={"reason": WHY})
    assert (alone.status_code, "takes two people" in alone.text) == (409, True)
    proposing = f"/decisions/{one.id}/propose-withdrawal"
    assert client.post(proposing).status_code == 422
    assert "Nothing changes until another" in sent(client, proposing, {"reason": WHY})
    own = client.post(f"/decisions/{one.id}/withdraw")
    assert (own.status_code, "You proposed to withdraw this award" in own.text) == (409, True)
    assert client.post(proposing, data={"reason": WHY}).status_code == 409, "once"
    assert "The award stays as it is" in sent(client, f"/decisions/{one.id}/keep")
    db.expire_all()
    kept = decision_on(db, theirs)
    assert (kept.status, kept.withdrawal_proposed_at) == (DecisionStatus.NOTIFIED, None)
    client.sign_in(cast.approver)
    assert client.post(f"/decisions/{one.id}/withdraw").status_code in (403, 409), (
        "an approver decides on a proposal"
    )
