"""Files of claims through the page: one at two costs, several of which some cannot be taken, and a claim taken back."""

from __future__ import annotations

import io
import re

import pytest

from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.queries.evidence import draft_for
from crm.programme.claims.service import assessing, claiming
from crm.programme.claims.service.assessing import Ruling
from crm.programme.claims.workflow import ClaimStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.claims.test_claims import file
from tests.programme.pages import sent
from tests.web.test_once import once_in

BILL = b"Made: one bill\n"
OTHER = b"Made: another bill\n"
WHY = "Made: the bill is for two halves of the work"


def test_k6_a_cost_whose_file_another_claim_has_is_approved_with_a_reason_that_stays(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    one = claimed.submitted(found, 1_000, bill=BILL)
    draft = claimed.claim(claimed.whole(found.id), 500, place=1, bill=BILL)
    client.sign_in(cast.programme_manager)
    alone, asks = f"/award-claims/{one.id}/approve", "although another claim has the same file"
    assert asks not in client.get(alone).text, "a draft asks for no money"
    claiming.submit(draft, declared_by="Made Owner", by=SYSTEM)
    (cost,) = claimed.again(draft).costs
    here = f"/award-claims/{draft.id}"
    page = client.get(f"{here}/approve").text
    assert asks in page
    given = {f"approved_{cost.id.hex}": "500", "version": str(claimed.again(draft).version)}
    for empty in ("", " - "):
        refused = client.post(f"{here}/approve", data={**given, f"again_{cost.id.hex}": empty})
        assert refused.status_code == 422
        assert (
            "Say why you approve cost 1 (Made: a camera), although another claim has the same file"
            in refused.text
        )
    assert "Claim approved" in sent(client, f"{here}/approve", {**given, f"again_{cost.id.hex}": WHY})
    assert WHY in client.sign_in(cast.auditor).get(here).text
    assert WHY not in client.sign_in(cast.founder).get(here).text


def test_k6_no_reason_is_asked_for_a_cost_of_which_nothing_is_approved_or_once_the_other_claim_is_rejected(
    cast: Cast,
) -> None:
    found = claimed.award()
    one = claimed.submitted(found, 1_000, bill=BILL)
    other = claimed.submitted(claimed.whole(found.id), 400, 300, place=1, bill=BILL)
    with pytest.raises(Invalid):
        assessing.approve(other, by=SYSTEM)
    other = claimed.again(other)
    first, second = other.costs
    rulings = {first.id: Ruling(Money(0), "Made: paid already"), second.id: Ruling(second.claimed, "", WHY)}
    assessing.approve(other, rulings, by=SYSTEM)
    assert [each.why_again for each in claimed.again(other).costs] == ["", WHY]
    assessing.reject(claimed.again(one), reason="Made: the wrong year", by=SYSTEM)
    assessing.reject(
        claimed.submitted(claimed.whole(found.id), 100, bill=OTHER), reason="Made: a draft", by=SYSTEM
    )
    claimed.approved(claimed.whole(found.id), 100, bill=OTHER)


def test_one_file_at_two_costs_is_named_to_the_founder_and_to_those_who_approve_it(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    one = claimed.submitted(found, 1_000, bill=BILL)
    other = claimed.again(claimed.claim(claimed.whole(found.id), 500, place=1, bill=BILL))
    client.sign_in(cast.founder)
    page = client.get(f"/award-claims/{other.id}").text
    assert "The same file" in page
    assert f'href="/award-claims/{one.id}"' in page
    claiming.submit(other, declared_by="Made Owner", by=SYSTEM)
    client.sign_in(cast.programme_manager)
    for there in (f"/award-claims/{one.id}", f"/award-claims/{one.id}/approve"):
        assert f'href="/award-claims/{other.id}"' in client.get(there).text


def test_of_several_files_those_that_can_be_taken_are_and_each_other_is_named_with_why(
    client: ConformingClient, cast: Cast
) -> None:
    made = claimed.claim(claimed.award(), 1_000)
    there = f"/award-claims/{made.id}/costs/{made.costs[0].id}/attach"
    client.sign_in(cast.founder)
    fake = (io.BytesIO(b"not a page"), "fake.pdf")
    said = sent(client, there, {"file": [file("good.pdf"), fake]})
    notice = said[said.index("Not added: fake.pdf: The content of this file is not a PDF") - 600 :]
    assert ("File good.pdf added." in said, "Important" in notice[:600]) == (True, True), "no success"
    alone = client.post(there, data={"file": (io.BytesIO(b"not a page"), "fake.pdf")})
    assert "The content of this file is not a PDF" in alone.text


def test_k18_of_several_files_of_evidence_those_that_can_be_taken_stay_and_the_words_with_them(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    there = f"/awards/{found.id}/milestones/{found.milestones[0].id}/evidence"
    client.sign_in(cast.founder)
    fake = (io.BytesIO(b"not a page"), "fake.pdf")
    said = sent(client, there, {"words": "Made: the first film is cut", "file": [file("good.pdf"), fake]})
    for words in (
        "Not added: fake.pdf: The content of this file is not a PDF",
        "good.pdf",
        "the first film is cut",
    ):
        assert words in said
    more = [file("more.pdf"), (io.BytesIO(b"no picture"), "cut.png")]
    begun = draft_for(found.milestones[0].id)
    assert begun is not None
    added = sent(client, f"/milestone-evidence/{begun.id}/files", {"file": more})
    assert ("File more.pdf added." in added, "Not added: cut.png" in added) == (True, True)


def test_p44_a_submitted_claim_is_taken_back_changed_and_submitted_again_until_it_is_decided(
    client: ConformingClient, cast: Cast
) -> None:
    made = claimed.submitted(claimed.award(), 1_000)
    here = f"/award-claims/{made.id}"
    client.sign_in(cast.founder)
    assert "Claim taken back" in sent(client, f"{here}/take-back")
    page = client.get(here).text
    assert "Add a cost" in page
    assert "Taken back to be changed" in page, "the version that was submitted says so"
    assert "“Draft”" in client.post(f"{here}/take-back").text
    client.sign_in(cast.programme_manager)
    assert client.post(f"{here}/approve").status_code == 409


def test_k3_a_claim_that_was_taken_back_is_signed_again_with_the_same_name(
    client: ConformingClient, cast: Cast
) -> None:
    """The form was opened anew; it says the very same within minutes, and is no copy of the first."""
    made = claimed.claim(claimed.award(), 1_000)
    here = f"/award-claims/{made.id}"
    client.sign_in(cast.founder)
    for _ in range(2):
        opened = client.get(f"{here}/submit").text
        hidden = dict(re.findall(r'name="(once|seen)"[^>]* value="([^"]+)"', opened))
        signed = client.post(f"{here}/submit", data=hidden | {"declared_by": cast.founder.account.name})
        assert signed.status_code == 303
        assert claimed.again(made).status is ClaimStatus.SUBMITTED
        sent(client, f"{here}/take-back")
        assert claimed.again(made).status is ClaimStatus.DRAFT


def test_k28_a_claim_that_is_signed_in_a_second_tab_is_told_in_one_message_that_it_was_sent(
    client: ConformingClient, cast: Cast
) -> None:
    made = claimed.claim(claimed.award(), 1_000)
    where = f"/award-claims/{made.id}/submit"
    client.sign_in(cast.founder)
    tabs = [once_in(client.get(where).text) for _ in range(2)]
    signed = {"declared_by": cast.founder.account.name, "seen": claiming.mark_of_claim(made)}
    first, copy = (client.post(where, data=signed | {"once": each}) for each in tabs)
    assert (first.status_code, copy.status_code, copy.location) == (303, 303, first.location)
    told = client.get(copy.location).text
    assert "You had already sent this, so nothing was done a second time" in told
    for other in ("use this new form", "This has been done already", "It was not saved"):
        assert other not in told, "there is none to open, and nothing else to say"
