"""What a syndicate never shows: to those who were only ever near it, while its pitch is not published, and after it ended."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.models import Account
from crm.angels.deals.service import pledging
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import ClosedAs
from crm.angels.syndicates.jobs import tend_daily
from crm.angels.syndicates.models import Syndicate, SyndicateMember
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service import agreeing, joining, leading
from crm.angels.syndicates.workflow import LeadStatus, MemberStatus, Naming, TermsStatus
from crm.businesses.models import Connection
from crm.businesses.workflow import ConnectionKind
from crm.db.session import session
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.errors import Changed, Conflict
from crm.kernel.permissions import Actor
from tests import network, syndicates
from tests.angels.deals.made import pledge
from tests.angels.people import acting, letters, rows
from tests.angels.syndicates.test_syndicates import backer, named, opened, text_of, whole_lead, whole_pledge
from tests.cast import Cast
from tests.client import ConformingClient
from tests.factories import kept

pytestmark = pytest.mark.engine("sqlite")
SECRETS = ("Lena Leads", "800,000", "Made rights")


def closed(found: Pitch, cast: Cast) -> None:
    outcome = pitching.Outcome(ClosedAs.UNFUNDED, why=UnmetReason.COLLATERAL, note="Made")
    pitching.close(network.whole(found), outcome, by=cast.founder.actor)


def leave(place: SyndicateMember, *, by: Actor) -> None:
    session().expire_all()
    found = queries.member(place.id)
    assert found is not None
    joining.leave(found, by=by)


def place_of(made: Syndicate, naming: Naming, found: Pitch, name: str) -> SyndicateMember:
    on = syndicates.whole(made).agreed
    assert on is not None
    return syndicates.member(made, on, backer(found, name), naming=naming)


def test_after_its_raise_those_who_were_in_it_read_what_they_agreed_and_others_nothing(
    cast: Cast, client: ConformingClient, clock: Any
) -> None:
    found, made, leader = opened(client, cast)
    member = place_of(made, Naming.MEMBERS, found, "Mo Member").account_id
    offerer, removed, left = backer(found, "Olga Offers"), named("Rose Removed"), backer(found, "Lou Left")
    leading.offer(network.whole(found), "For the business alone.", by=acting(offerer))
    own = pledge(found, removed)
    actors = {each.id: acting(each) for each in (removed, left)}
    for each in (removed, left):
        place = joining.join(syndicates.whole(made), Naming.MEMBERS, by=actors[each.id])
    pledging.withdraw(whole_pledge(own.id), by=actors[removed.id])
    leave(place, by=actors[left.id])
    clock.shift(60)
    closed(found, cast)
    where = f"/syndicates/{made.id}"
    stays = next(each.account for each in syndicates.whole(made).members if each.account_id == member)
    for reader in (leader, stays):
        seen = text_of(client.sign_in(reader), where)
        for words in (*SECRETS, "Mo Member"):
            assert words in seen or reader is stays, (reader.name, words)
        assert "Olga Offers" not in seen, "whose offer was never agreed is named to the business alone"
        assert "For the business alone" not in seen
        assert "Rose Removed" not in seen
    for reader in (offerer, removed, left):
        seen = text_of(client.sign_in(reader), where)
        assert not [words for words in (*SECRETS, "Mo Member") if words in seen], reader.name


def test_while_its_pitch_is_paused_nothing_is_joined_confirmed_or_agreed_and_an_offerer_reads_nothing(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, leader = opened(client, cast)
    place = place_of(made, Naming.LEAD, found, "Mo Member")
    offerer = backer(found, "Olga Offers")
    leading.offer(network.whole(found), "I would lead.", by=acting(offerer))
    waiting = syndicates.terms(made, whole_lead(rows_of_lead(made, leader)), TermsStatus.PROPOSED, 2)
    pitching.pause(network.whole(found), by=cast.founder.actor)
    assert not [
        each for each in SECRETS if each in text_of(client.sign_in(offerer), f"/syndicates/{made.id}")
    ]
    client.sign_in(cast.founder)
    assert client.post(f"/syndicate-terms/{waiting.id}/agree").status_code == 409
    assert "Agree version 2" not in text_of(client, "/desk")
    tend_daily()
    assert not letters("terms_reminded")
    assert place.status is MemberStatus.JOINED


def rows_of_lead(made: Syndicate, leader: object) -> object:
    found = syndicates.whole(made).lead
    assert found is not None
    assert found.account_id == leader.id  # type: ignore[attr-defined]
    return found.id


def test_an_investor_who_leads_is_named_to_others_and_their_words_to_the_business_alone(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, _ = opened(client, cast)
    place_of(made, Naming.LEAD, found, "Mo Member")
    where = f"/syndicates/{made.id}"
    seen = text_of(client.sign_in(named("A reader of pitches")), where)
    assert "Lena Leads" in seen
    assert "Made message" not in seen
    assert "Made message" in text_of(client.sign_in(cast.founder), where)


def test_the_list_shows_the_warning_with_the_name_of_a_business_that_raises_money(
    cast: Cast, client: ConformingClient
) -> None:
    found, _, leader = opened(client, cast)
    name = network.whole(found).business.name
    seen = text_of(client.sign_in(leader), "/syndicates")
    assert name in seen
    assert "app-promotion-warning" in seen
    network.angel(lapsed := network.investor(name="Lapsed Lionel"))
    seen = text_of(client.sign_in(lapsed), "/syndicates")
    assert name not in seen
    assert "app-promotion-warning" not in seen


def test_a_business_replaces_only_the_lead_whom_the_page_named(cast: Cast, client: ConformingClient) -> None:
    found, made, leader = opened(client, cast)
    rival = leading.offer(network.whole(found), "I would lead.", by=acting(backer(found, "Rita")))
    with pytest.raises(Changed):
        leading.agree(whole_lead(rival.id), seen="no lead", by=cast.founder.actor)
    assert syndicates.whole(made).lead.account_id == leader.id  # type: ignore[union-attr]


def test_who_must_confirm_already_is_asked_anew_with_each_version_and_a_tie_since_joining_refuses_it(
    cast: Cast,
) -> None:
    found, made, leader = opened(None, cast)  # type: ignore[arg-type]
    place = place_of(made, Naming.LEAD, found, "Mo Member")
    by = acting(leader)
    details = agreeing.TermsDetails(found.amount, today(), "Made rights", pre_money=found.amount)
    for number in (2, 3):
        version = agreeing.propose(syndicates.whole(made), details, by=by)
        agreeing.agree(version, by=cast.founder.actor)
        asked = queries.member(place.id)
        assert asked is not None
        assert (asked.status, asked.reminded_at) == (MemberStatus.UNCONFIRMED, None), number
        asked.reminded_at = now()
    assert len(letters("syndicate_confirm")) == 2
    tie = Connection(
        business_id=found.business_id,
        account_id=place.account_id,
        who="Mo Member",
        kind=ConnectionKind.DIRECTOR,
        valid_from=today(),
    )
    kept(tie)
    by = acting(named_as("Mo Member"))
    member = queries.member(place.id)
    assert member is not None
    with pytest.raises(Conflict, match="director"):
        joining.confirm(member, by=by)


def named_as(name: str) -> Account:
    return next(each for each in rows(Account) if each.name == name)


def test_nobody_emails_a_business_by_offering_or_joining_again_and_again(cast: Cast) -> None:
    found, made, _ = opened(None, cast)  # type: ignore[arg-type]
    eager = backer(found, "Eager Ed")
    by = acting(eager)
    for _ in range(leading.MOST_OFFERS):
        offer = leading.offer(network.whole(found), "I would lead.", by=by)
        leading.withdraw(whole_lead(offer.id), by=by)
    with pytest.raises(Conflict, match="3 times"):
        leading.offer(network.whole(found), "I would lead.", by=by)
    for _ in range(joining.MOST_PLACES):
        leave(joining.join(syndicates.whole(made), Naming.NOBODY, by=by), by=by)
    with pytest.raises(Conflict, match="5 times"):
        joining.join(syndicates.whole(made), Naming.NOBODY, by=by)


def test_a_form_that_cannot_be_sent_is_not_shown(cast: Cast, client: ConformingClient) -> None:
    found, made, leader = opened(client, cast)
    stranger = named("Stranger")
    client.sign_in(stranger)
    assert client.get(f"/syndicates/{made.id}/join").status_code == 409
    assert client.get(f"/pitches/{found.id}/lead").status_code == 409
    client.sign_in(leader)
    assert client.get(f"/pitches/{found.id}/lead").status_code == 409
    assert rows(SyndicateMember) == []
    assert syndicates.whole(made).lead.status is LeadStatus.LEADING  # type: ignore[union-attr]


def test_k13_the_place_of_another_is_to_an_investor_as_if_it_were_not_there(
    cast: Cast, client: ConformingClient
) -> None:
    found, made, _leader = opened(client, cast)
    place = place_of(made, Naming.NOBODY, found, "Quiet Quentin")
    client.sign_in(named("A reader of pitches"))
    assert client.get(f"/syndicates/{made.id}").status_code == 200
    answers = {
        client.post(f"/syndicate-members/{each}/{act}").status_code
        for each in (place.id, made.id)
        for act in ("confirm", "leave", "naming")
    }
    assert answers == {404}
