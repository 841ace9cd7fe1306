"""The terms of a syndicate at their edges, and who is named to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.investors.workflow import Instrument
from crm.angels.syndicates.models import SyndicateLead, SyndicateTerms
from crm.angels.syndicates.rules.naming import has_sums, is_named_to
from crm.angels.syndicates.service import joining
from crm.angels.syndicates.workflow import Naming, TermsStatus
from crm.db.session import session
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Changed
from crm.kernel.money import Money
from tests import network, syndicates
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import acting, rows
from tests.angels.syndicates.test_syndicates import backer, day, opened, sent_terms, text_of
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


def test_terms_that_promise_what_the_raise_refuses_are_refused_at_their_fields(
    cast: Cast, client: ConformingClient
) -> None:
    limits = {"min_ticket": Money.pounds(10_000), "closes_on": today() + timedelta(days=29)}
    found = network.pitch(network.legal(shown().business), **limits)
    made, leader = syndicates.syndicate(network.whole(found)), backer(found, "Lena Leads")
    syndicates.lead(made, leader)
    where = f"/syndicates/{made.id}/terms/new"
    form = text_of(client.sign_in(leader), where)
    assert "From £10,000 to £100,000" in form
    assert f"The last day of the raise is {day_in_words(found.closes_on)}" in form
    refused = client.post(where, data=sent_terms())
    assert refused.status_code == 422
    said = " ".join(refused.text.split())
    assert (
        "The raise takes no less than £10,000 from one investor, so the minimum here cannot be less" in said
    )
    assert f"is {day_in_words(found.closes_on)}, so the closing date here cannot be later" in said
    assert 'href="#closes_on-' in said
    assert not rows(SyndicateTerms)
    fitting = sent_terms(minimum="10,000", **day(days=29))
    assert client.post(where, data=fitting).status_code == 303


def test_terms_whose_raise_has_changed_say_what_it_takes_now_and_are_not_agreed(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, leader = opened(client, cast)
    waiting = syndicates.terms(made, rows(SyndicateLead)[0], TermsStatus.PROPOSED, 2)
    found.min_ticket, found.closes_on = Money.pounds(10_000), today() + timedelta(days=9)
    session().flush()
    last = day_in_words(found.closes_on)
    joiner = backer(found, "Mo Member")
    for reader in (leader, cast.founder, joiner):
        said = text_of(client.sign_in(reader), f"/syndicates/{made.id}")
        assert "£5,000.00. The raise takes no less than £10,000 from one investor" in said
        assert f"The last day of the raise is {last}" in said
    assert "no less than £10,000 from" in text_of(client.sign_in(joiner), f"/syndicates/{made.id}/join")
    client.sign_in(cast.founder)
    refused = client.post(f"/syndicate-terms/{waiting.id}/agree")
    assert refused.status_code == 409
    assert "The lead has to record a new version" in refused.text
    found.closes_on = today() - timedelta(days=1)
    session().flush()
    assert client.sign_in(leader).get(f"/syndicates/{made.id}/terms/new").status_code == 409
