"""A provider’s answer, by link or signed in, and what the business says of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.kernel.calendar import day_in_words
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.rules import word
from crm.notices.service import as_sent
from crm.referrals.service import answering, telling
from crm.referrals.service.answering import Came, Help
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import CAME, again, announced, letters, sent, token_of


def test_a_provider_accepts_and_completes_by_link_and_the_business_says_that_it_helped(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    first = token_of(made)
    assert client.post(f"/reply/{first}", data={"answer": "accept"}).status_code == 303
    assert again(made).status is ReferralStatus.ACCEPTED
    assert [each.link_purpose for each in letters(db, "referral_accepted")] == ["reply"]
    came = {"answer": "complete", "outcome": "helped", "quarters": "1.5", "value": "300"}
    came["note_to_business"] = "Good luck"
    assert client.post(f"/reply/{token_of(made)}", data=came).status_code == 303
    done = again(made)
    assert (done.status, done.outcome, done.quarters) == (ReferralStatus.COMPLETED, Outcome.HELPED, 6)
    assert (done.value, done.completed_by) == (Money.pounds(300), answering.provider_of(done))
    assert done.completed_by is not None
    assert done.completed_by.startswith("Desk, ")
    (asked,) = letters(db, "referral_helped")
    assert (asked.to_address, asked.link_purpose) == ("jo@maker.example", "helped")
    assert asked.context["came"] == "The business was helped: 1.5 hours of help, worth £300"
    helped = links.mint(Purpose.HELPED, str(made.id))
    assert "Good luck" in client.get(f"/links/helped/{helped}").text
    told = {"helped": "yes", "helped_note": "It did"}
    assert client.post(f"/links/helped/{helped}", data=told).status_code == 303
    assert (again(made).helped, again(made).helped_note) == (True, "It did")
    (answered,) = letters(db, "referral_answered")
    assert answered.to_address == cast.adviser.email
    acts = {each.act for each in entries_about(made)}
    assert acts >= {
        "draft_referral",
        "announce_referral",
        "agree_to_referral",
        "accept_referral",
        "complete_referral",
        "say_helped",
    }


def test_a_provider_reads_the_day_and_the_contact_counts_within_the_days_there_were_and_is_told_what_is_next(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    (letter,) = letters(db, "referral_sent")
    assert (letter.context["by_email"], letter.reply_to) == (cast.adviser.email, cast.adviser.email)
    where = f"/reply/{token_of(made)}"
    page = client.get(where).text
    assert made.due_on is not None
    assert f"Answer by {day_in_words(made.due_on)}." in page
    assert f"mailto:{cast.adviser.email}" in page
    came = {"answer": "complete", "outcome": "helped", "quarters": "24.25"}
    refused = client.post(where, data=came)
    assert (refused.status_code, "it can be 24 hours at most" in refused.text) == (422, True)
    clock.shift(24 * 3600)
    assert client.get(where).status_code == 200
    done = client.post(where, data=came | {"quarters": "30 hours"})
    assert "What happens next" in client.get(done.headers["Location"]).text
    assert again(made).quarters == 120
    (told,) = letters(db, "referral_completed")
    assert told.context["path"] == f"/referrals/{made.id}"
    accepted = client.get("/reply/answered?said=accept").text
    assert "its details are behind the link in our new email" in accepted


def test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, clock: Any
) -> None:
    made = sent(cast, owner, details)
    old, live = token_of(made), token_of(made)
    other = links.mint(Purpose.HELPED, str(made.id))
    for dead in (old, other, live[:-1] + "x", "nothing"):
        assert client.get(f"/reply/{dead}").status_code == 404
        assert client.post(f"/reply/{dead}", data={"answer": "accept"}).status_code == 404
    for _ in range(3):
        assert client.get(f"/reply/{live}").status_code == 200
    assert again(made).status is ReferralStatus.SENT
    assert client.post(f"/reply/{live}", data={"answer": "accept"}).status_code == 303
    assert client.get(f"/reply/{live}").status_code == 404
    later = token_of(made)
    clock.shift(31 * 24 * 3600)
    assert client.get(f"/reply/{later}").status_code == 404


def test_what_is_lacking_in_an_answer_is_said_and_the_link_still_works(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made, where = sent(cast, owner, details), ""
    where = f"/reply/{token_of(made)}"
    for data, field in (
        ({"answer": "decline"}, "reason"),
        ({"answer": "complete", "quarters": "1.3"}, "outcome"),
        ({"answer": "complete", "outcome": "helped", "quarters": "1.3"}, "quarters"),
        ({"answer": "complete", "outcome": "helped", "value": "-5"}, "value"),
    ):
        answer = client.post(where, data=data)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert client.post(where, data={"answer": "nonsense"}).status_code == 422
    assert client.post(where, data={"answer": "decline", "reason": "Full"}).status_code == 303
    assert again(made).reason == "Full"


def test_a11_declining_needs_a_reason_and_comes_back_to_whoever_sent_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    with pytest.raises(Invalid):
        answering.decline(made, reason=" ", by=cast.adviser.actor)
    answering.decline(made, reason="Not this year", by=cast.provider.actor)
    assert made.status is ReferralStatus.DECLINED
    (letter,) = letters(db, "referral_declined")
    assert letter.to_address == cast.adviser.email
    client.sign_in(cast.adviser)
    assert "referral you follow up was not taken up" in client.get("/desk").text
    assert str(made.id) in client.get("/referrals?show=back").text


def test_a12_reopened_with_a_note_it_is_a_draft_again_and_nothing_is_sent_before_the_business_is_told(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    answering.decline(made, reason="Full", by=SYSTEM)
    client.sign_in(cast.adviser)
    assert client.post(f"/referrals/{made.id}/reopen").status_code == 422
    assert (
        client.post(f"/referrals/{made.id}/reopen", data={"reason": "They have room now"}).status_code == 303
    )
    assert (again(made).status, again(made).sent_at, again(made).told_at) == (
        ReferralStatus.DRAFT,
        None,
        None,
    )
    page = client.get(f"/referrals/{made.id}").text
    assert "They have room now" in page
    assert "reopened it" in page
    assert f"/referrals/{made.id}/announce" in page
    assert len(letters(db, "referral_sent")) == len(letters(db, "referral_told")) == 1
    assert client.get("/desk").text.count("draft of a referral is not sent") == 1
    assert str(made.id) in client.get("/referrals?show=my_drafts").text
    reader = {"name": "Desk", "email": "desk@provider.example"}
    assert client.post(f"/referrals/{made.id}/announce", data=reader).status_code == 303
    assert (len(letters(db, "referral_sent")), len(letters(db, "referral_told"))) == (1, 2)
    assert "draft of a referral is not sent" not in client.get("/desk").text


@pytest.mark.parametrize("how", ["declined", "objected"])
def test_a_referral_that_came_back_is_closed_and_leaves_the_desk(
    how: str, client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    if how == "declined":
        made = sent(cast, owner, details)
        answering.decline(made, reason="Full", by=SYSTEM)
    else:
        made = announced(cast, owner, details)
        telling.object_to(made, reason="Not them", by=SYSTEM)
    client.sign_in(cast.adviser)
    assert "referral you follow up was not taken up" in client.get("/desk").text
    assert f"/referrals/{made.id}/close" in client.get(f"/referrals/{made.id}").text
    assert client.post(f"/referrals/{made.id}/close").status_code == 303
    assert "referral you follow up was not taken up" not in client.get("/desk").text
    page = client.get(f"/referrals/{made.id}").text
    assert "closed it" in page
    assert ("Full" if how == "declined" else "Not them") in page
    assert client.post(f"/referrals/{made.id}/close").status_code == 409


def test_a_provider_signs_in_and_sees_only_what_was_sent_to_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made, other = sent(cast, owner, details), factories.sent_referral(owner)
    draft = factories.referral(owner, service_id=details.service_id)
    client.sign_in(cast.provider)
    page = client.get("/referrals").text
    assert str(made.id) in page
    assert str(other.id) not in page
    assert [each for each in ("My drafts", "Followed up by me", "choose Refer") if each in page] == []
    assert (
        "A referral to one of your services appears here once it is sent"
        in client.get("/referrals?show=late").text
    )
    assert str(draft.id) not in client.get("/referrals?show=all").text
    assert (
        client.get(f"/referrals/{other.id}").status_code
        == client.get(f"/referrals/{draft.id}").status_code
        == 404
    )
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    assert "What happened" not in client.get(f"/referrals/{made.id}").text
    assert client.post(f"/referrals/{made.id}/accept").status_code == 303
    came = {"outcome": "funded", "value": "1,200"}
    assert client.post(f"/referrals/{made.id}/complete", data=came).status_code == 303
    assert again(made).value == Money.pounds(1_200)


def test_a68_whether_it_helped_is_said_once(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    with pytest.raises(Conflict):
        answering.say(made, Help(helped=True), by=cast.founder.actor)
    answering.complete(made, CAME, by=cast.adviser.actor)
    assert "Say whether" in client.sign_in(cast.founder).get("/desk").text
    assert client.get(f"/referrals/{made.id}/say-helped").status_code == 200
    assert client.post(f"/referrals/{made.id}/say-helped", data={"helped": "no"}).status_code == 303
    assert client.post(f"/referrals/{made.id}/say-helped", data={"helped": "yes"}).status_code == 409
    token = links.mint(Purpose.HELPED, str(made.id))
    assert client.post(f"/links/helped/{token}", data={"helped": "yes"}).status_code == 409
    assert again(made).helped is False
    assert len(letters(db, "referral_answered")) == 1
    with pytest.raises(NotAllowed):
        answering.say(made, Help(helped=True), by=cast.other_founder.actor)


def test_k15_a_provider_answers_a_leaver_and_the_manager_who_has_it_and_the_business_are_told(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    leaver = db.get(Account, cast.adviser.id)
    assert leaver is not None
    leaver._status = AccountStatus.DEACTIVATED
    db.flush()
    where = f"/reply/{token_of(made)}"
    page = client.get(where).text
    assert f"mailto:{cast.hub_manager.email}" in page
    assert cast.adviser.email not in page
    assert client.post(where, data={"answer": "accept"}).status_code == 303
    assert [each.to_address for each in letters(db, "referral_taken_on")] == [cast.hub_manager.email]
    (begun,) = letters(db, "referral_begins")
    assert (begun.to_address, begun.reply_to) == ("jo@maker.example", cast.hub_manager.email)
    (thanks,) = letters(db, "referral_accepted")
    assert (thanks.reply_to, thanks.context["by_email"]) == (cast.hub_manager.email, cast.hub_manager.email)
    told = {"answer": "decline", "reason": "They moved away"}
    assert client.post(f"/reply/{token_of(made)}", data=told).status_code == 303
    assert [each.to_address for each in letters(db, "referral_declined")] == [cast.hub_manager.email]
    assert [each.to_address for each in letters(db, "referral_not_taken")] == ["jo@maker.example"]


def test_34_the_audit_log_says_who_answered_by_a_link_and_finds_them_by_name(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    who = answering.provider_of(made)
    assert client.post(f"/reply/{token_of(made)}", data={"answer": "accept"}).status_code == 303
    client.sign_in(cast.administrator)
    log = " ".join(client.get("/audit", query_string={"person": who.split(",")[0]}).text.split())
    assert who in log
    assert "accepted" in log.lower()
    assert "The system, or a visitor" not in log
    assert "By link" not in log


def test_k27_what_a_provider_writes_stands_marked_in_our_letter_to_the_business() -> None:
    told = {"to": "Open Door", "business_name": "Made", "to_name": "Jo", "link": "", "service_name": "Made"}
    words = word("referral_helped", told | {"note": "Well done.\n\nYOUR GRANT IS APPROVED"}).text
    assert "> Well done.\n>\n> YOUR GRANT IS APPROVED\n" in words


def test_k11_a_provider_who_accepted_is_not_told_that_nothing_was_recorded(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    first = token_of(made)
    assert "Nothing has been recorded." in client.get(f"/reply/{first}").text
    assert client.post(f"/reply/{first}", data={"answer": "accept"}).status_code == 303
    page = " ".join(client.get(f"/reply/{token_of(made)}").text.split())
    assert "Nothing has been recorded." not in page
    assert "That the referral was accepted on 24 November 2026" in page
    assert "without us" not in page


def test_k10_k16_letters_about_an_outcome_name_who_of_our_staff_recorded_it(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    answering.accept(again(made), by=cast.adviser.actor)
    answering.complete(again(made), Came(Outcome.HELPED, "Policy issued"), by=cast.adviser.actor)
    assert letters(db, "referral_completed") == [], "nobody is written to about their own press"
    (asked,) = letters(db, "referral_helped")
    text = as_sent(asked.kind, asked.context | {"to_name": "Made"}).text
    assert (
        f"{cast.adviser.actor.name} of our team recorded what they told us: The business was helped" in text
    )
    assert (f"{cast.adviser.actor.name} writes:" in text, "They write" in text) == (True, False)


def test_k10_a_colleague_who_records_an_outcome_is_named_to_the_sender(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = sent(cast, owner, details)
    answering.accept(again(made), by=cast.hub_manager.actor)
    answering.complete(again(made), CAME, by=cast.hub_manager.actor)
    (told,) = letters(db, "referral_completed")
    assert (
        f"{cast.hub_manager.actor.name} recorded the outcome"
        in as_sent(told.kind, told.context | {"to_name": "Made"}).text
    )
