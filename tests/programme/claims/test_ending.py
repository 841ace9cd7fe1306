"""An award that ends early or is complete: what was not claimed is free again, and nothing is left open. P44: one sum everywhere."""

from __future__ import annotations

from justhtml import JustHTML
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import LedgerAccount
from crm.kernel.money import Money
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.conforming import elements, words
from tests.programme.claims.test_claims import letters, lying
from tests.programme.pages import sent


def test_p44_the_award_its_claims_and_the_ledger_say_the_same_sums(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.paid(found, 2_000)
    claimed.approved(claimed.whole(found.id), 1_250)
    claimed.submitted(claimed.whole(found.id), 700)
    ledger = lying(found)
    assert ledger == {
        LedgerAccount.COMMITTED: Money.pounds(4_750),
        LedgerAccount.CLAIMED: Money.pounds(1_250),
        LedgerAccount.PAID: Money.pounds(2_000),
    }
    said = {
        "Approved": ledger[LedgerAccount.CLAIMED] + ledger[LedgerAccount.PAID],
        "Paid": ledger[LedgerAccount.PAID],
        "Being checked": Money.pounds(700),
        "Left to claim": ledger[LedgerAccount.COMMITTED] - Money.pounds(700),
    }
    for person, pages in (
        (cast.programme_manager, (f"/awards/{found.id}", f"/awards/{found.id}/claims")),
        (cast.founder, (f"/awards/{found.id}", f"/awards/{found.id}/claims")),
    ):
        client.sign_in(person)
        for page in pages:
            shown = rows_of(client.get(page).text)
            assert {key: shown[key] for key in said} == {key: each.in_full() for key, each in said.items()}, (
                page
            )
    client.sign_in(cast.finance_officer)
    ledger_page = client.get(f"/envelopes/{found.envelope_id}/ledger?about=decision:{found.decision_id}").text
    assert "£1,250.00" in ledger_page
    listed = client.get("/award-claims").text
    assert "£1,250.00 approved" in " ".join(listed.split())


def rows_of(text: str) -> dict[str, str]:
    """The keys and values of the lists on a page, the first of each key."""
    found: dict[str, str] = {}
    for row in (each for each in elements(JustHTML(text, sanitize=False).root) if each.name == "div"):
        cells = [each for each in elements(row) if each.name in {"dt", "dd"}]
        if [each.name for each in cells] == ["dt", "dd"]:
            found.setdefault(*(words(each) for each in cells))
    return found


def test_an_award_that_ends_early_frees_what_was_not_claimed_and_leaves_no_claim_open(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    client.sign_in(cast.programme_manager)
    here = f"/awards/{found.id}"
    assert "Withdraw it instead" in client.get(f"{here}/end").text
    claimed.paid(found, 1_000)
    waiting = claimed.submitted(claimed.whole(found.id), 500)
    assert "£7,000.00 was not claimed" in client.get(f"{here}/end").text
    version = {"version": str(claimed.whole(found.id).version)}
    assert "Decide claim 2 first" in client.post(f"{here}/end", data={"reason": "No buyers"} | version).text
    back = {"reason": "One page is missing", "version": str(waiting.version)}
    sent(client, f"/award-claims/{waiting.id}/return", back)
    version = {"version": str(claimed.whole(found.id).version)}
    assert "Say why it ends" in client.post(f"{here}/end", data=version).text
    assert "Award ended" in sent(
        client, f"{here}/end", {"reason": "The second market was given up"} | version
    )
    assert claimed.again(waiting).status is ClaimStatus.DISCARDED
    assert lying(found) == {LedgerAccount.PAID: Money.pounds(1_000)}
    client.sign_in(cast.founder)
    page = client.get(here).text
    assert "The second market was given up" in page
    assert "Do this now" not in page
    assert claimed.whole(found.id).letters[-1]["kind"] == "award_ended"
    assert letters(db, "award_ended") == 1


def test_an_award_is_complete_once_its_milestones_are_met(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    claimed.paid(found, 1_000)
    client.sign_in(cast.programme_manager)
    here = f"/awards/{found.id}"
    assert "is not met yet" in client.post(f"{here}/complete").text
    claimed.met(claimed.whole(found.id), 1)
    assert "Complete the award" in client.get(here).text
    assert "Award completed" in sent(client, f"{here}/complete")
    assert claimed.whole(found.id).status is AwardStatus.COMPLETED
    assert lying(found) == {LedgerAccount.PAID: Money.pounds(1_000)}
    assert letters(db, "award_completed") == 1
