"""A reversed investment is worth nothing and gives no relief; papers that went out for it are still there, with what to tell HMRC."""

from __future__ import annotations

from uuid import UUID

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus
from crm.angels.holdings.jobs import tend_papers
from crm.angels.holdings.models import ReliefFiling
from crm.angels.holdings.workflow import UpdateStatus
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from tests import held, network
from tests.angels.holdings.test_papers import bought, text_of
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

REVERSED = {"reversed_at": now(), "reverse_reason": "Money came back"}


def reverse(client: ConformingClient, cast: Cast, found: Investment) -> None:
    client.sign_in(cast.network_manager)
    sent = {"reason": "Money came back"}
    assert client.post(f"/investments/{found.id}/reverse", data=sent).status_code == 303


def with_papers() -> tuple[UUID, Investment]:
    pitch_id, made = bought()
    held.filing(pitch_id)
    held.certificate(made)
    stated = {"valuation": Money.pounds(500_000), "shares_in_issue": 10_000, "valued_on": today()}
    stated |= {"valuation_basis": "Made"}
    held.company_update(network.whole(made_pitch(pitch_id)).business, UpdateStatus.GIVEN, **stated)
    return pitch_id, made


def made_pitch(pitch_id: UUID) -> network.Pitch:
    return held.session().get_one(network.Pitch, pitch_id)


def test_k11_a_reversed_holding_has_no_value_and_no_claim_and_says_what_the_certificate_is_worth(
    cast: Cast, client: ConformingClient
) -> None:
    _, made = with_papers()
    owner = held.session().get_one(network.Account, made.account_id)
    page = text_of(client.sign_in(owner), f"/holdings/{made.id}")
    assert "Latest stated value" in page
    assert "Claim by" in page
    reverse(client, cast, made)
    page = text_of(client.sign_in(owner), f"/holdings/{made.id}")
    assert "Latest stated value" not in page
    assert "Claim by" not in page
    assert "so it does not count. Do not claim tax relief for it." in page
    assert "not valid: the investment was reversed" in page
    assert "You hold nothing at the moment" in text_of(client, "/portfolio")
    assert "1 investment that was reversed" in text_of(client, "/portfolio")


def test_k16_papers_of_a_reversed_issue_stay_with_what_to_tell_hmrc_and_both_sides_are_told(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = with_papers()
    client.sign_in(cast.network_manager)
    before = text_of(client, f"/investments/{made.id}/reverse")
    assert "SEIS1 was sent to HMRC on 1 August 2025." in before
    assert "The investor was given the certificate SEIS3 on 10 September 2025." in before
    reverse(client, cast, made)
    assert "all reversed since" in text_of(client, "/relief-papers?show=all")
    client.sign_in(cast.founder)
    page = text_of(client, f"/raises/{pitch_id}/papers")
    assert "Reversed: these shares do not count. SEIS1 was sent for them on 1 August 2025." in page
    assert "Write to HMRC now, with the reference 9990001" in page
    assert client.get(f"/raises/{pitch_id}/papers/{made.id}").status_code == 200
    assert client.get(f"/holdings/{made.id}/certificate").status_code == 409
    (told,) = letters("papers_reversed")
    assert (told.to_address, told.context["uir"]) == (cast.founder.email, "9990001")
    (void,) = letters("certificate_void")
    assert void.context["given"] == "10 September 2025"
    assert "Tax-relief papers" not in text_of(client, "/desk")
    tend_papers()
    assert letters("papers_due") == []


def test_k16_an_investment_reversed_before_any_paper_went_out_leaves_no_papers_and_no_letter(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    reverse(client, cast, made)
    assert "No papers needed" in text_of(client.sign_in(cast.founder), f"/raises/{pitch_id}/papers")
    assert letters("papers_reversed") == letters("certificate_void") == []
    assert rows(ReliefFiling) == []


def test_k16_of_an_issue_with_other_investors_the_reversed_one_is_marked_and_the_others_go_on(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, _ = with_papers()
    other = held.investment(made_pitch(pitch_id), status=InvestmentStatus.REVERSED, **REVERSED)
    page = text_of(client.sign_in(cast.founder), f"/raises/{pitch_id}/papers")
    assert "Some of these shares do not count any more" in page
    assert "SEIS1 named them, so write to HMRC now, with the reference 9990001" in page
    assert f"/holdings/{other.id}" in page
    assert "Given 10 September 2025" in page
