"""What a raise came to: found in part and said so, stated anew when an investment falls, and closed from every state it can be in."""

from __future__ import annotations

from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import ClosedAs, PitchStatus
from crm.db.session import session
from crm.evidence.models import Ask
from crm.evidence.queries import totals
from crm.evidence.workflow import AskStatus, Instrument
from crm.kernel.money import Money
from tests import network
from tests.angels.deals import made
from tests.angels.deals.test_investing import met, raised
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

K = Money.pounds
S = InvestmentStatus


def test_k8_k11_a_part_raised_need_is_partly_found_and_a_reversal_states_the_result_anew(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(status=PitchStatus.DRAFT, amount=K(60_000))
    client.sign_in(cast.founder).post(f"/raises/{found.id}/submit")
    network.review(network.whole(found))
    client.sign_in(cast.network_manager).post(f"/raises/{found.id}/publish")
    found = network.whole(found)
    owner, _ = met(found)
    made.investment(found, owner, S.MATCHED, amount=K(30_000))
    paid = made.investment(found, owner, amount=K(15_000))
    client.sign_in(cast.founder)
    assert "of which £15,000 is reported and not yet confirmed" in " ".join(
        client.get(f"/raises/{found.id}/close").text.split()
    )
    sent = {"closed_as": "part_funded", "raised": "45,000", "why": "other", "note": ""}
    assert client.post(f"/raises/{found.id}/close", data=sent).status_code == 422
    assert client.post(f"/raises/{found.id}/close", data=sent | {"note": "Time ran out"}).status_code == 303
    (kept,) = rows(Ask)
    page = client.sign_in(cast.adviser).get(f"/asks/{kept.id}").text
    for words in ("Partly found", "£45,000 from Angel investors", "Why the other £15,000 was not found"):
        assert words in page
    assert totals()[Instrument.EQUITY, AskStatus.UNMET] == (1, K(15_000))
    client.sign_in(cast.founder).post(f"/investments/{paid.id}/reverse", data={"reason": "It came back"})
    session().expire_all()
    done = network.whole(found)
    assert (done.closed_as, done.raised, queries.sums_of(done).invested) == (
        ClosedAs.PART_FUNDED,
        K(30_000),
        K(30_000),
    )
    assert totals()[Instrument.EQUITY, AskStatus.UNMET] == (1, K(30_000))
    assert [each.to_address for each in letters("investment_reversed")] == [owner.email]


def test_k33_a_raise_with_an_investment_is_closed_while_it_is_edited_and_one_never_shown_is_not(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    made.investment(found, None, S.MATCHED, amount=K(60_000))
    client.sign_in(cast.founder)
    page = " ".join(client.get(f"/raises/{found.id}/revise").text.split())
    assert "Investors can no longer see the pitch" in page
    assert client.post(f"/raises/{found.id}/revise").status_code == 303
    assert f"/raises/{found.id}/close" in client.get(f"/raises/{found.id}").text
    sent = {"closed_as": "part_funded", "raised": "60,000", "why": "too_early"}
    assert client.post(f"/raises/{found.id}/close", data=sent).status_code == 303
    never = network.pitch(own_business(), PitchStatus.DRAFT)
    assert f"/raises/{never.id}/close" not in client.get(f"/raises/{never.id}").text
    assert client.post(f"/raises/{never.id}/close", data=sent).status_code == 409


def test_k6_a_commitment_to_other_terms_is_asked_for_again_and_one_to_the_same_terms_stays(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    mine = made.pledge(found, owner, PledgeStatus.COMMITTED)

    def published(**changed: str) -> None:
        pitching.revise(network.whole(found), by=cast.founder.actor)
        for name, value in changed.items():
            setattr(network.whole(found), name, value)
        session().flush()
        client.sign_in(cast.founder).post(f"/raises/{found.id}/submit")
        network.review(network.whole(found))
        client.sign_in(cast.network_manager).post(f"/raises/{found.id}/publish")
        session().expire_all()

    published()
    client.sign_in(owner).post(f"/pledges/{mine.id}/commit")
    published(summary="Other words")
    assert queries.sums_of(network.whole(found)).committed == K(10_000)
    published(terms="At another valuation")
    sums = queries.sums_of(network.whole(found))
    assert (sums.committed, sums.pledged) == (Money(0), K(10_000))
    assert {each.to_address for each in letters("pledge_asked_again")} == {owner.email}
    assert "Commit" in client.sign_in(owner).get(f"/pledges/{mine.id}").text
