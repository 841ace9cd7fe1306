"""What a business has not handed in is its own: staff see that there is a draft and when it was saved (decision 0086)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.documents.queries import documents_about
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.queries.claims import COST
from crm.programme.claims.service import assessing, claiming
from tests import claimed, outcomes
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent


def told(page: str) -> list[str]:
    """What of a claim's costs is on a page before its versions as they were submitted."""
    return [each for each in ("Made Ltd", "£1,234.00") if each in page.partition("As it was submitted")[0]]


def test_p43_staff_see_that_a_claim_is_being_written_and_when_it_was_saved_and_not_what_it_says(
    client: ConformingClient, cast: Cast
) -> None:
    made = claimed.claim(claimed.award(), 1_234)
    here = f"/award-claims/{made.id}"
    (kept,) = documents_about(COST, made.costs[0].id)
    file = f"{here}/costs/{made.costs[0].id}/files/{kept.id}"
    for person in (cast.programme_manager, cast.finance_officer, cast.approver, cast.auditor):
        page = client.sign_in(person).get(here).text
        assert (told(page), "Last saved" in page, "has not submitted this claim" in page) == ([], True, True)
        assert client.get(file).status_code == 403
    page = client.sign_in(cast.founder).get(here).text
    assert "Only people at your business can read this claim until it is submitted" in page
    assert told(page) == ["Made Ltd", "£1,234.00"]
    assert client.get(file).status_code == 200

    claiming.submit(made, declared_by="Made Owner", by=SYSTEM)
    assert told(client.sign_in(cast.programme_manager).get(here).text) == ["Made Ltd", "£1,234.00"]
    assert client.get(file).status_code == 200
    assessing.return_(claimed.again(made), reason="An invoice is missing", by=SYSTEM)
    page = client.get(here).text
    assert told(page) == [], "what is being changed is a draft again"
    assert "Made Ltd" in page.partition("As it was submitted")[2], "what was submitted stays readable"
    assert client.get(file).status_code == 403


def test_p43_evidence_and_figures_that_were_not_handed_in_are_read_by_their_business_alone(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = claimed.award()
    draft = claimed.begun_evidence(owner)
    here = f"/milestone-evidence/{draft.id}"
    (kept,) = documents_about("milestone_evidence", draft.id)
    page = client.sign_in(cast.programme_manager).get(here).text
    assert ("Made: it is done" in page, kept.name in page, "Last saved" in page) == (False, False, True)
    assert client.get(f"{here}/files/{kept.id}").status_code == 403
    page = client.sign_in(cast.founder).get(here).text
    assert ("Made: it is done" in page, kept.name in page) == (True, True)
    assert client.get(f"{here}/files/{kept.id}").status_code == 200

    found = outcomes.awarded(owner.business)
    base = outcomes.planned(found)[0]
    sent(client, f"/outcomes/{base.id}/save-draft", {"turnover": "123,456", "version": str(base.version)})
    assert "123,456" in client.get(f"/outcomes/{base.id}/give").text
    client.sign_in(cast.programme_manager)
    assert "Draft last saved" in client.get(f"/outcomes/{base.id}").text
    assert "123,456" not in client.get(f"/outcomes/{base.id}/record").text
