"""The terms of a syndicate at their edges, and who is named to whom."""

from __future__ import annotations

import pytest

from crm.angels.investors.workflow import Instrument
from crm.angels.syndicates.models import SyndicateTerms
from crm.angels.syndicates.rules.naming import has_sums, is_named_to
from crm.angels.syndicates.service import joining
from crm.angels.syndicates.workflow import Naming
from crm.kernel.errors import Changed
from tests import network, syndicates
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import acting, rows
from tests.angels.syndicates.test_syndicates import backer, opened, sent_terms
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


@pytest.mark.parametrize(
    ("instrument", "sent", "field"),
    [
        (Instrument.EQUITY, {"pre_money": ""}, "Enter the valuation"),
        (Instrument.EQUITY, {"pre_money": "NaN"}, "error"),
        (Instrument.EQUITY, {"minimum": "25,000.005"}, "error"),
        (Instrument.EQUITY, {"minimum": "1000000000"}, "Enter a minimum of up to"),
        (Instrument.EQUITY, {"takes_fee": "fee"}, "Describe the fee or carry"),
        (Instrument.EQUITY, {"fee": "2%"}, "Leave this empty"),
        (Instrument.EQUITY, {"cap": "100"}, "Only a convertible loan note"),
        (Instrument.EQUITY, {"closes_on-year": "2020"}, "today or later"),
        (Instrument.CONVERTIBLE, {"pre_money": ""}, "Enter a cap, a discount or both"),
        (Instrument.CONVERTIBLE, {"cap": "900000"}, "Only shares have a valuation"),
    ],
)
def test_n30_terms_that_do_not_fit_are_refused_at_their_field(
    cast: Cast, client: ConformingClient, instrument: Instrument, sent: dict[str, str], field: str
) -> None:
    found = network.pitch(network.legal(shown().business), instrument=instrument)
    made = syndicates.syndicate(network.whole(found))
    leader = backer(found, "Lena Leads")
    syndicates.lead(made, leader)
    answered = client.sign_in(leader).post(f"/syndicates/{made.id}/terms/new", data=sent_terms(**sent))
    assert answered.status_code == 422
    assert field in " ".join(answered.text.split())
    assert not rows(SyndicateTerms)


def test_what_the_page_showed_is_what_is_joined(cast: Cast) -> None:
    found, made, _ = opened(None, cast)  # type: ignore[arg-type]
    by = acting(backer(found, "Mo"))
    with pytest.raises(Changed):
        joining.join(syndicates.whole(made), Naming.LEAD, seen="another", by=by)


def test_names_and_sums_by_side() -> None:
    assert not is_named_to("investor", "members")
    assert is_named_to("business", "nobody", is_met=True), "they know each other already"
    assert [side for side in ("staff", "business", "lead", "member", "investor") if has_sums(side)] == [
        "staff"
    ]
