"""A syndicate through its pages: led by agreement, joined on a version, confirmed again, named by consent, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from crm.accounts.models import Account
from crm.angels.deals.queries import pledges
from crm.angels.deals.service import pledging
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch, Promotion
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import ClosedAs
from crm.angels.syndicates.jobs import tend_daily
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service import agreeing, joining, leading
from crm.angels.syndicates.workflow import LeadStatus, MemberStatus, Naming, SyndicateStatus, TermsStatus
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.money import Money
from tests import network, syndicates
from tests.angels.deals.made import pledge
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import acting, letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
TERMS = agreeing.TermsDetails(Money.pounds(5_000), date(2099, 1, 1), "None", pre_money=Money.pounds(1))
L, M, T = LeadStatus, MemberStatus, TermsStatus


def named(name: str) -> Account:
    return network.admitted(network.investor(name=name))


def backer(found: Pitch, name: str, status: PledgeStatus = PledgeStatus.PLEDGED) -> Account:
    """An investor with a pledge to the raise."""
    owner = named(name)
    pledge(found, owner, status)
    return owner


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def day(**parts: int) -> dict[str, str]:
    on = today() + timedelta(**parts)
    return {"closes_on-day": str(on.day), "closes_on-month": str(on.month), "closes_on-year": str(on.year)}


def sent_terms(**more: Any) -> dict[str, Any]:
    given = {"pre_money": "800,000", "minimum": "5,000", "rights": "One vote a share.", "takes_fee": "none"}
    return {**given, "fee": "", **day(days=30), **more}


def opened(client: ConformingClient, cast: Cast) -> tuple[Pitch, Syndicate, Account]:
    """A raise with a lead whose first version is agreed."""
    found = shown()
    leader = backer(found, "Lena Leads")
    made, _, _ = syndicates.open_syndicate(found, leader)
    return found, made, leader


def test_an_investor_leads_by_agreement_and_others_join_on_a_version_and_confirm_the_next(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    leader, joiner = backer(found, "Lena Leads"), backer(found, "Mo Member")
    client.sign_in(leader)
    assert "No investor has offered to lead" in text_of(client, f"/pitches/{found.id}")
    sent = client.post(f"/pitches/{found.id}/lead", data={"message": "I ran a studio for ten years."})
    assert sent.status_code == 303
    (made,), (offer,) = rows(Syndicate), rows(SyndicateLead)
    where = f"/syndicates/{made.id}"
    assert "We email you when the business answers" in text_of(client, where)
    (letter,) = letters("lead_offered")
    assert letter.to_address == cast.founder.email
    client.sign_in(cast.founder)
    assert "Answer the offer of Lena Leads to lead your raise" in text_of(client, "/desk")
    assert client.post(f"/syndicate-leads/{offer.id}/agree").status_code == 303
    assert len(letters("lead_agreed")) == 1
    client.sign_in(leader)
    assert f"Record the terms of syndicate {made.reference}" in text_of(client, "/desk")
    assert client.post(f"{where}/terms/new", data=sent_terms()).status_code == 303
    (first,) = rows(SyndicateTerms)
    assert client.sign_in(joiner).get(f"{where}/join").status_code == 409, "no terms are agreed yet"
    client.sign_in(cast.founder)
    assert "Agree version 1 of the syndicate’s terms" in text_of(client, "/desk")
    assert "£800,000.00" in text_of(client, f"/syndicate-terms/{first.id}/agree")
    assert client.post(f"/syndicate-terms/{first.id}/agree").status_code == 303
    client.sign_in(joiner)
    assert "£800,000.00" in text_of(client, where)
    joined = client.post(f"{where}/join", data={"naming": "members", "seen": str(first.id)})
    assert joined.status_code == 303
    assert letters("syndicate_joined")[0].context["investor"] == "Mo Member"
    assert [each.status for each in rows(SyndicateMember)] == [M.JOINED]


def test_terms_that_change_are_confirmed_again_by_each_member_on_the_version_they_read(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, leader = opened(client, cast)
    first = syndicates.whole(made).agreed
    assert first is not None
    joiner = backer(found, "Mo Member")
    place = syndicates.member(made, first, joiner)
    where = f"/syndicates/{made.id}"
    client.sign_in(leader)
    assert "Mo Member" in text_of(client, where)
    client.post(
        f"{where}/terms/new", data=sent_terms(pre_money="900000", takes_fee="fee", fee="10% of gains")
    )
    second = next(each for each in rows(SyndicateTerms) if each.number == 2)
    client.sign_in(cast.founder).post(f"/syndicate-terms/{second.id}/agree")
    assert rows(SyndicateMember)[0].status is M.UNCONFIRMED
    assert letters("syndicate_confirm")[0].to_address == joiner.email
    client.sign_in(joiner)
    assert "Confirm your place in syndicate" in text_of(client, "/desk")
    both = text_of(client, f"/syndicate-members/{place.id}/confirm")
    assert "£900,000.00" in both
    assert "£800,000.00" in both, "the version they joined on is beside it"
    stale = client.post(f"/syndicate-members/{place.id}/confirm", data={"seen": str(first.id)})
    assert stale.status_code == 409, "nobody confirms what they have not read"
    assert (
        client.post(f"/syndicate-members/{place.id}/confirm", data={"seen": str(second.id)}).status_code
        == 303
    )
    assert (rows(SyndicateMember)[0].status, rows(SyndicateMember)[0].terms_id) == (M.JOINED, second.id)
    assert "Syndicate terms" in {each.item for each in rows(Promotion)}


@pytest.mark.parametrize("naming", Naming)
def test_a_member_is_named_to_those_they_chose_and_to_the_networks_staff(
    cast: Cast, client: ConformingClient, naming: Naming
) -> None:
    found, made, leader = opened(client, cast)
    member = backer(found, "Quiet Quentin")
    other = backer(found, "Other Olive")
    on = syndicates.whole(made).agreed
    assert on is not None
    place = syndicates.member(made, on, member, naming=Naming.NOBODY)
    syndicates.member(made, on, other)
    where = f"/syndicates/{made.id}"
    client.sign_in(member)
    assert client.post(f"/syndicate-members/{place.id}/naming", data={"naming": naming}).status_code == 303
    sees = {
        leader: naming in (Naming.LEAD, Naming.MEMBERS),
        cast.founder.account: naming in (Naming.LEAD, Naming.MEMBERS),
        other: naming is Naming.MEMBERS,
        named("A reader of pitches"): False,
        cast.network_manager.account: True,
    }
    for reader, knows in sees.items():
        assert ("Quiet Quentin" in client.sign_in(reader).get(where).text) is knows, reader.name
    assert client.sign_in(cast.other_founder).get(where).status_code == 404
    assert client.sign_in(cast.adviser).get(where).status_code == 404


def test_sums_of_a_syndicate_are_apart_and_for_the_networks_staff_alone_since_two_looks_have_a_difference(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, leader = opened(client, cast)
    on = syndicates.whole(made).agreed
    assert on is not None
    syndicates.member(made, on, backer(found, "One", PledgeStatus.COMMITTED))
    where = f"/syndicates/{made.id}"
    syndicates.member(made, on, backer(found, "Two"))
    syndicates.member(made, on, backer(found, "Unsure"), M.UNCONFIRMED)
    for reader in (leader, cast.founder.account, named("A reader of pitches")):
        seen = text_of(client.sign_in(reader), where)
        assert "3 investors lead or have confirmed a place" in seen
        assert "<dt>Pledged</dt>" not in seen
        assert "£20,000" not in seen
    shown_sums = text_of(client.sign_in(cast.network_manager), where)
    assert "<dt>Pledged</dt><dd>£20,000</dd>" in shown_sums
    assert "<dt>Committed</dt><dd>£10,000</dd>" in shown_sums
    assert "<dt>Invested</dt><dd>£0</dd>" in shown_sums


def test_one_without_a_pledge_or_an_introduction_neither_leads_nor_joins(cast: Cast) -> None:
    found = shown()
    stranger, met = named("Stranger"), named("Met")
    network.introduction(found, met, IntroductionStatus.AGREED)
    actors = {name: acting(each) for name, each in (("stranger", stranger), ("met", met))}
    with pytest.raises(Conflict, match="You need a pledge"):
        leading.offer(network.whole(found), "I would like to lead.", by=actors["stranger"])
    made = leading.offer(network.whole(found), "I would like to lead.", by=actors["met"])
    assert made.status is L.OFFERED
    about = rows(Syndicate)[0]
    leading.agree(whole_lead(made.id), by=cast.founder.actor)
    by = acting(met)
    agreed = agreeing.propose(syndicates.whole(about), TERMS, by=by)
    agreeing.agree(whole_terms(agreed.id), by=cast.founder.actor)
    actors = {name: acting(each) for name, each in (("stranger", stranger), ("met", met))}
    with pytest.raises(Conflict, match="You need a pledge"):
        joining.join(syndicates.whole(about), Naming.NOBODY, by=actors["stranger"])
    with pytest.raises(Conflict, match="You lead this syndicate"):
        joining.join(syndicates.whole(about), Naming.NOBODY, by=actors["met"])


def test_one_whose_gate_has_closed_reads_neither_terms_nor_names_and_can_still_leave(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, _ = opened(client, cast)
    on = syndicates.whole(made).agreed
    assert on is not None
    gone = network.investor(name="Lapsed Lionel")
    network.angel(gone)
    pledge(found, gone)
    place = syndicates.member(made, on, gone)
    where = f"/syndicates/{made.id}"
    seen = text_of(client.sign_in(gone), where)
    for secret in ("Lena Leads", "800,000", found.headline, syndicates.whole(made).pitch.business.name):
        assert secret not in seen
        assert secret not in text_of(client, "/syndicates")
    assert client.get(f"/syndicate-members/{place.id}/confirm").status_code in (403, 404)
    assert client.post(f"/syndicate-members/{place.id}/leave").status_code == 303
    assert rows(SyndicateMember)[0].status is M.LEFT
    assert {len(letters(kind)) for kind in ("syndicate_left", "syndicate_left_business")} == {1}


def test_another_lead_replaces_the_first_and_nothing_holds_until_new_terms_are_agreed(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, leader = opened(client, cast)
    on = syndicates.whole(made).agreed
    assert on is not None
    member = backer(found, "Mo Member")
    place = syndicates.member(made, on, member)
    rival = leading.offer(network.whole(found), "I have led three raises.", by=acting(backer(found, "Rita")))
    client.sign_in(cast.founder)
    page = text_of(client, f"/syndicate-leads/{rival.id}/agree")
    assert "Lena Leads leads now and is replaced" in page
    assert "1 member has to confirm" in page
    assert client.post(f"/syndicate-leads/{rival.id}/agree").status_code == 303
    about = syndicates.whole(made)
    assert about.status is SyndicateStatus.FORMING
    assert [each.status for each in about.terms] == [T.REPLACED]
    assert {each.status for each in about.leads} == {L.REPLACED, L.LEADING}
    assert letters("lead_replaced")[0].to_address == leader.email
    assert letters("syndicate_without_lead")[0].to_address == member.email
    client.sign_in(member)
    assert "no longer hold" in text_of(client, f"/syndicates/{made.id}")
    assert "Confirm your place" not in text_of(client, "/desk"), "there is nothing to confirm yet"
    assert client.get(f"/syndicate-members/{place.id}/confirm").status_code == 409
    own = client.sign_in(acting_account("Rita"))
    assert own.post(f"/syndicate-leads/{rival.id}/withdraw").status_code == 303
    assert syndicates.whole(made).lead is None
    assert letters("lead_gone")[0].context["investor"] == "Rita"


def acting_account(name: str) -> Account:
    return next(each for each in rows(Account) if each.name == name)


def test_the_business_turns_down_an_offer_and_a_version_with_reasons_that_are_read(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    offer = leading.offer(found, "I would like to lead.", by=acting(backer(found, "Lena Leads")))
    client.sign_in(cast.founder)
    sent = client.post(f"/syndicate-leads/{offer.id}/decline", data={"reason": "We know another lead."})
    assert sent.status_code == 303
    assert letters("lead_declined")[0].context["reason"] == "We know another lead."
    again = leading.offer(network.whole(found), "I would still.", by=acting(acting_account("Lena Leads")))
    client.post(f"/syndicate-leads/{again.id}/agree")
    client.sign_in(acting_account("Lena Leads"))
    where = f"/syndicates/{again.syndicate_id}"
    client.post(f"{where}/terms/new", data=sent_terms())
    (version,) = rows(SyndicateTerms)
    assert client.get(f"{where}/terms/new").status_code == 409, "one version waits at a time"
    client.sign_in(cast.founder)
    assert (
        client.post(f"/syndicate-terms/{version.id}/decline", data={"reason": "Too low."}).status_code == 303
    )
    assert letters("terms_declined")[0].context["reason"] == "Too low."
    client.sign_in(acting_account("Lena Leads"))
    client.post(f"{where}/terms/new", data=sent_terms(pre_money="950,000"))
    second = next(each for each in rows(SyndicateTerms) if each.number == 2)
    assert client.post(f"/syndicate-terms/{second.id}/withdraw").status_code == 303
    assert [each.status for each in syndicates.whole(rows(Syndicate)[0]).terms] == [T.DECLINED, T.WITHDRAWN]


def test_the_lead_is_not_asked_whether_the_business_agrees(cast: Cast) -> None:
    found, made, leader = opened(None, cast)  # type: ignore[arg-type]
    by, other = acting(leader), acting(backer(found, "Rita"))
    version = agreeing.propose(syndicates.whole(made), TERMS, by=by)
    with pytest.raises(NotAllowed):
        agreeing.agree(version, by=by)
    with pytest.raises(NotAllowed):
        agreeing.propose(syndicates.whole(made), TERMS, by=other)


def test_a_pledge_that_is_withdrawn_ends_the_place_it_stood_on_unless_they_were_introduced(
    cast: Cast,
) -> None:
    found, made, _ = opened(None, cast)  # type: ignore[arg-type]
    on = syndicates.whole(made).agreed
    assert on is not None
    alone, met = named("Alone"), named("Met")
    network.introduction(found, met, IntroductionStatus.AGREED)
    for each in (alone, met):
        syndicates.member(made, on, each)
        own = pledge(found, each)
        by = acting(each)
        pledging.withdraw(whole_pledge(own.id), by=by)
    states = {each.account.name: each.status for each in syndicates.whole(made).members}
    assert states == {"Alone": M.ENDED, "Met": M.JOINED}
    assert [each.to_address for each in letters("syndicate_place_ended")] == [alone.email]
    assert syndicates.whole(made).lead is not None


def whole_lead(lead_id: Any) -> SyndicateLead:
    found = queries.lead(lead_id)
    assert found is not None
    return found


def whole_terms(terms_id: Any) -> SyndicateTerms:
    found = queries.terms(terms_id)
    assert found is not None
    return found


def whole_pledge(pledge_id: Any) -> Any:
    return pledges.pledge(pledge_id)


def test_when_the_raise_ends_the_syndicate_ends_and_everybody_in_it_is_told_once(cast: Cast) -> None:
    found, made, leader = opened(None, cast)  # type: ignore[arg-type]
    on = syndicates.whole(made).agreed
    assert on is not None
    member = backer(found, "Mo Member")
    syndicates.member(made, on, member)
    outcome = pitching.Outcome(ClosedAs.UNFUNDED, why=UnmetReason.COLLATERAL, note="Made")
    pitching.close(network.whole(found), outcome, by=cast.founder.actor)
    about = syndicates.whole(made)
    assert about.status is SyndicateStatus.ENDED
    assert {each.status for each in about.leads} == {L.ENDED}
    assert {each.status for each in about.members} == {M.ENDED}
    assert about.agreed is not None, "what was agreed stays on record"
    assert {each.to_address for each in letters("syndicate_ended")} == {leader.email, member.email}
    assert not letters("syndicate_place_ended")


def test_what_waits_is_reminded_of_once_after_five_working_days(cast: Cast) -> None:
    _, made, _ = opened(None, cast)  # type: ignore[arg-type]
    long_ago = now() - timedelta(days=14)
    syndicates.lead(made, status=L.OFFERED, offered_at=long_ago)
    lead = syndicates.whole(made).lead
    on = syndicates.whole(made).agreed
    assert lead is not None
    assert on is not None
    syndicates.terms(made, lead, T.PROPOSED, 2, proposed_at=long_ago)
    syndicates.member(made, on, status=M.UNCONFIRMED, asked_at=long_ago)
    kinds = ("lead_reminded", "terms_reminded", "syndicate_confirm_reminded")
    for _ in range(2):
        tend_daily()
        assert [len(letters(kind)) for kind in kinds] == [1, 1, 1]
