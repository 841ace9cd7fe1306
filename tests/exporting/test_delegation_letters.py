"""The letters about places in delegations: each fits who reads it and how the place stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.db.session import session
from crm.exporting.delegations.forms import delegation_values
from crm.exporting.delegations.jobs import close_and_lapse
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import answering, choosing, leading
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.rules import word
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters


def offered(**fields: Any) -> tuple[Delegation, DelegationPlace]:
    """A place that was offered to the founder's business, where a person without an account would go."""
    found = trade.opened(**fields)
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)), 3)
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    return trade.whole(found.id), trade.again(place)


def texts(kind: str) -> dict[str, str]:
    """The letters of a kind as they are read, by their address."""
    said = {"base_url": "https://crm.example", "service_name": "Growth Hubs"}
    return {
        each.to_address: word(each.kind, {"to_name": each.to_name, **said, **each.context}).text
        for each in letters(kind)
    }


def test_everybody_who_was_offered_a_place_is_told_when_staff_record_that_it_is_declined(
    cast: Cast, client: ConformingClient
) -> None:
    _, place = offered()
    client.sign_in(cast.administrator)
    where = f"/delegation-places/{place.id}/decline"
    page = client.get(where).text
    assert f"We email {place.person.name} and {cast.founder.known.name}." in page
    assert client.post(where, data={"told": "Carl Bell, by telephone today"}).status_code == 303
    told = texts("delegation_declined")
    assert set(told) == {cast.founder.email, place.person.email}
    for text in told.values():
        assert (
            f"{cast.administrator.known.name} recorded that {place.business.name} declines its place" in text
        )
        assert "We were told by: Carl Bell, by telephone today." in text
        assert "If this is wrong, reply at once." in text


def test_a_business_reads_who_told_us_that_it_accepts(cast: Cast, client: ConformingClient) -> None:
    _, place = offered()
    client.sign_in(cast.administrator)
    told = {"told": "Carl Bell, by telephone today", "seen": place.delegation.mark}
    accept = f"/delegation-places/{place.id}/accept"
    asked = client.get(accept).text
    assert "We pay £800.00. " in asked or "We pay £800.00.\n" in asked, "sentences are parted"
    assert client.post(accept, data=told).status_code == 303
    for text in texts("delegation_accepted").values():
        assert f"{cast.administrator.known.name} recorded that it accepts. We were told by: Carl Bell" in text
        assert "If this is wrong, reply at once." in text
    client.sign_in(cast.founder)
    page = client.get(f"/delegation-places/{place.id}").text
    assert f"by {cast.administrator.known.name}, as told by: Carl Bell, by telephone today" in page


def test_a_founder_is_told_of_what_they_did_themselves_as_theirs(
    cast: Cast, client: ConformingClient
) -> None:
    _, place = offered()
    client.sign_in(cast.founder)
    assert client.post(f"/delegation-places/{place.id}/decline").status_code == 303
    told = texts("delegation_declined")
    own, other = told[cast.founder.email], told[str(place.person.email)]
    assert f"You declined the place of {place.business.name}" in own
    assert "If this is wrong" not in own
    assert f"{cast.founder.known.name} declined the place of {place.business.name}" in other
    assert "recorded" not in own + other
    assert "If a business is on the waiting list, it is offered the place now." in own
    _, kept = offered(title="Delegation to another market")
    answering.accept(kept, by=SYSTEM)
    assert "recorded" not in texts("delegation_accepted")[cast.founder.email], "the letter of one's own yes"
    assert client.post(f"/delegation-places/{kept.id}/give-up").status_code == 303
    gone = texts("delegation_given_up")
    assert "You gave up the place" in gone[cast.founder.email]
    assert "attached file" not in gone[cast.founder.email], "the file goes to who would have gone"
    assert "The attached file takes it out of your calendar." in gone[str(kept.person.email)]


def move(found: Delegation) -> dict[str, str]:
    """A delegation returns a day later: what its letters say, by their address."""
    values = delegation_values(trade.whole(found.id))
    told = {name: values[name] for name in ("title", "about", "place", "seats", "closes_on", "cost", "share")}
    told |= {"departs_on": found.departs_on, "returns_on": found.returns_on + timedelta(days=1)}
    details = leading.DelegationDetails(
        edition_id=found.edition_id, criteria=tuple(found.criteria), answer_days=7, **told
    )
    leading.change(trade.whole(found.id), details, version=None, by=SYSTEM)
    return texts("delegation_changed")


def test_an_offer_whose_days_change_says_how_it_is_answered_with_an_account_and_without_k16(
    cast: Cast,
) -> None:
    found, place = offered()
    changed = move(found)
    reply = "Reply to this email with your answer: we record it for you."
    assert reply in changed[str(place.person.email)]
    assert reply not in changed[cast.founder.email]
    for text in changed.values():
        assert f"{place.business.name} is offered a place: accept or decline by" in text
        assert "If the new days do not suit you, decline" in text


def test_an_accepted_place_is_not_asked_for_an_answer_again_when_its_days_change(cast: Cast) -> None:
    found, place = offered()
    answering.accept(place, by=SYSTEM)
    changed = move(found)
    assert set(changed) == {cast.founder.email, place.person.email}
    assert "accept or decline" not in changed[cast.founder.email]
    assert (
        f"The place of {place.business.name} stays booked. Do the new days suit you?"
        in changed[cast.founder.email]
    )
    assert "The attached file changes your calendar." in changed[str(place.person.email)]


def test_a_letter_about_a_lapsed_offer_names_its_last_day_and_those_who_have_an_account_hear_of_every_step(
    cast: Cast,
) -> None:
    _, place = offered()
    place.answer_by = today() - timedelta(days=1)
    session().flush()
    close_and_lapse()
    (text, _) = texts("delegation_lapsed").values()
    assert "by , so" not in text
    assert str((today() - timedelta(days=1)).year) in text.split("so ")[0]
    assert set(texts("delegation_applied")) == {cast.founder.email, place.person.email}


def test_an_invited_business_reads_by_whom_it_is_invited(cast: Cast, client: ConformingClient) -> None:
    found, _ = trade.chosen(3)
    owner = trade.owner(BUSINESS)
    person = factories.person(owner)
    client.sign_in(cast.administrator)
    told = {"person": str(person.id), "why": "To meet buyers", "sells": "services", "reason": "It rang"}
    answer = client.post(f"/delegations/{found.id}/invite/{owner.id}", data=told)
    assert (
        f"We have emailed {person.name} and {cast.founder.known.name}."
        in client.get(answer.headers["Location"]).text
    )
    text = texts("delegation_offered")[str(person.email)]
    assert f"{cast.administrator.known.name} invites {owner.name} to a free place" in text
    assert "next on the waiting list" not in text, "nobody waits"


def test_results_that_staff_record_are_told_to_the_business_with_who_told_us_k15_k16(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    first = counting.returns_of(place.id)[1]
    first.due_on = today()
    session().flush()
    where, sent = f"/delegation-returns/{first.id}/record", {"sales": "12500", "version": str(first.version)}
    client.sign_in(cast.administrator)
    told = sent | {"told": "Elin Bell, by telephone"}
    assert (
        f"We email {place.person.name} and {cast.founder.known.name} what you record"
        in client.get(where).text
    )
    assert client.post(where, data=told).status_code == 303
    known, other = (
        texts("delegation_results_recorded")[each] for each in (cast.founder.email, place.person.email)
    )
    for text in (known, other):
        assert f"{cast.administrator.known.name} recorded what came of “{place.delegation.title}”" in text
        assert "Meetings: Not known yet\nLeads: Not known yet\nSales: £12,500.00" in text
        assert "We were told by: Elin Bell, by telephone." in text
    assert f"If it is wrong, change it here:\n\nhttps://crm.example{where}" in known
    assert "If it is wrong, reply at once." in other
    session().expire_all()
    again = told | {"version": str(counting.returns_of(place.id)[1].version)}
    assert client.post(where, data=again).status_code == 303
    assert len(letters("delegation_results_recorded")) == 2, "nothing changed, so nobody is told of it"


def test_what_a_business_records_itself_it_is_not_told(cast: Cast, client: ConformingClient) -> None:
    place = trade.went(trade.owner(BUSINESS))
    first = counting.returns_of(place.id)[1]
    first.due_on = today()
    session().flush()
    sent = {"sales": "12500", "version": str(first.version)}
    where = f"/delegation-returns/{first.id}/record"
    client.sign_in(cast.founder)
    assert "We email" not in client.get(where).text
    assert client.post(where, data=sent).status_code == 303
    assert letters("delegation_results_recorded") == []


def test_who_went_and_who_did_not_is_told_to_each_business_and_a_correction_too_k15(
    cast: Cast, client: ConformingClient
) -> None:
    found, place = offered()
    answering.accept(place, by=SYSTEM)
    trade.back(found)
    client.sign_in(cast.administrator)
    where = f"/delegations/{found.id}/hold"
    assert "We email each business what you record of it" in client.get(where).text
    assert client.post(where, data={f"went_{place.id.hex}": "yes"}).status_code == 303
    who = cast.administrator.known.name
    for text in texts("delegation_attendance").values():
        assert f"{who} recorded that {place.business.name} went on “{found.title}”" in text
        assert "If it is wrong, reply at once." in text
    assert set(texts("delegation_attendance")) == {cast.founder.email, place.person.email}
    assert client.post(f"/delegation-places/{place.id}/miss").status_code == 303
    said = [each.context["went"] for each in letters("delegation_attendance")]
    assert sorted(said) == [False, False, True, True]


def test_who_applies_reads_before_who_has_a_copy_of_what_they_write_k24(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    factories.person(trade.owner(BUSINESS))
    client.sign_in(cast.founder)
    page = client.get(f"/delegations/{found.id}/apply/{BUSINESS}").text
    words = f"1 person who has one gets a copy too, with what you write here: {cast.founder.known.name}"
    assert f"If they have no account with us, {words}" in " ".join(page.split())
