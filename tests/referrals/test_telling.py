"""Before a referral leaves, the business is told to whom and with what, and can object in time (issue 15, 4)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.service.people import Agreement, give_consent, withdraw_consent
from crm.businesses.workflow import ConsentPurpose
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.notices.service import as_sent
from crm.referrals.models import Referral
from crm.referrals.service import preparing, telling
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.service.sending import SHARING
from crm.referrals.workflow import ReferralStatus
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import READER, again, agree, announced, letters, sent, token_of
from tests.rules.test_budgets import cast_business

READER_SENT = {"name": "Desk", "email": "desk@provider.example"}


def link_of(made: Referral) -> str:
    return f"/links/told/{links.mint(Purpose.TOLD, str(made.id))}"


def days_later(clock: Any, day: Any, days: int = 1) -> None:
    """To ten in the morning, some days after a day."""
    clock.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(days=days))


def test_the_business_is_told_to_whom_with_what_and_until_when_before_anything_leaves(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    agree(owner)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    client.sign_in(cast.adviser)
    assert "First we tell Jo Maker" in client.get(f"/referrals/{made.id}/announce").text
    assert client.post(f"/referrals/{made.id}/announce", data=READER_SENT).status_code == 303

    assert letters(db, "referral_sent") == []
    (letter,) = letters(db, "referral_told")
    assert (letter.to_address, letter.link_purpose) == ("jo@maker.example", "told")
    told = again(made)
    assert told.objects_until is not None
    assert letter.context["until"] == day_in_words(told.objects_until)
    assert letter.context["agreed"] == "You agreed", "whoever agreed is told that it was them"
    assert "Open Door" in letter.context["to"]
    page = client.get(f"/referrals/{made.id}").text
    assert "Jo Maker was told at jo@maker.example" in page
    assert "can object until the end of" in page

    shown = client.sign_out() or client.get(link_of(made)).text
    assert "A grant for a kiln" in shown
    assert "They know what they want." in shown
    assert again(made).status is ReferralStatus.ANNOUNCED


def test_who_did_not_agree_to_share_is_told_who_did_k16(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    agreement = Agreement("Femi Founder", "told to an adviser")
    give_consent(owner, SHARING, agreement=agreement, by=SYSTEM)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    client.sign_in(cast.adviser).post(f"/referrals/{made.id}/announce", data=READER_SENT)
    (letter,) = letters(db, "referral_told")
    said = word(
        letter.kind, letter.context | {"to_name": letter.to_name, "link": "/", "service_name": ""}
    ).text
    words = f"Femi Founder agreed on {day_in_words(today())} for {owner.name} that we may share what the business told us"
    assert (words in said, "You agreed" in said) == (True, False)


def test_the_business_says_no_by_its_link_and_nothing_leaves(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = announced(cast, owner, details)
    where = link_of(made)
    assert client.post(where, data={"answer": "object", "words": "Not them"}).status_code == 303

    found = again(made)
    assert (found.status, found.reason, found.answered_by) == (
        ReferralStatus.OBJECTED,
        "Not them",
        "Jo Maker",
    )
    (letter,) = letters(db, "referral_objected")
    assert letter.to_address == cast.adviser.email
    assert client.get(where).status_code == 404
    days_later(clock, today(), 30)
    telling.release_or_stop()
    assert letters(db, "referral_sent") == []
    client.sign_in(cast.adviser)
    assert str(made.id) in client.get("/referrals?show=back").text
    assert "Jo Maker objected" in client.get(f"/referrals/{made.id}").text


def test_the_business_says_yes_by_its_link_and_it_is_sent_at_once(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = announced(cast, owner, details)
    shown = client.get(link_of(made)).text
    assert shown.index("would receive:") < shown.index("Yes, send it now"), "what is sent is read first"
    answer = client.post(link_of(made), data={"answer": "agree"})
    thanks = client.get(answer.headers["Location"]).text
    assert "We have sent your details to Anti Copying in Design: Open Door" in thanks
    assert again(made).status is ReferralStatus.SENT
    (letter,) = letters(db, "referral_sent")
    assert letter.to_address == READER.address
    assert f"to refer {owner.name} to you, for Open Door." in _text_of(letter), "which service, k32"
    assert "Referred to: Open Door" in client.get(f"/reply/{token_of(made)}").text
    rows = client.sign_in(cast.auditor).get("/reports/measures/referrals_sent/rows").text
    assert "Open Door" in rows


def _text_of(letter: Letter) -> str:
    return as_sent(letter.kind, letter.context | {"to_name": letter.to_name}).text


@pytest.mark.parametrize(
    ("answer", "status"), [("agree", ReferralStatus.SENT), ("object", ReferralStatus.OBJECTED)]
)
def test_a_founder_who_is_signed_in_finds_it_and_says_yes_or_no(
    client: ConformingClient,
    cast: Cast,
    owner: Business,
    details: ReferralDetails,
    answer: str,
    status: ReferralStatus,
) -> None:
    made = announced(cast, owner, details)
    client.sign_in(cast.founder)
    assert f"/referrals/{made.id}/object" in client.get("/desk").text
    assert "They know what they want." in client.get(f"/referrals/{made.id}/object").text
    assert client.post(f"/referrals/{made.id}/{answer}").status_code == 303
    assert again(made).status is status
    assert client.get(f"/referrals/{made.id}/object").status_code == 409
    client.sign_in(cast.other_founder)
    assert client.post(f"/referrals/{made.id}/{answer}").status_code == 404


def test_k9_on_the_last_day_it_can_still_be_stopped_and_the_day_after_it_is_sent(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = announced(cast, owner, details)
    last = made.objects_until
    assert last is not None
    for moment in (
        datetime(last.year, last.month, last.day, 0, 1, tzinfo=UTC),
        datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC),
    ):
        clock.move_to(moment)
        telling.release_or_stop()
        assert again(made).status is ReferralStatus.ANNOUNCED
    clock.move_to(datetime(last.year, last.month, last.day, 0, 1, tzinfo=UTC) + timedelta(days=1))
    for _ in range(2):
        telling.release_or_stop()
    assert again(made).status is ReferralStatus.SENT
    assert len(letters(db, "referral_sent")) == 1


def test_what_lost_its_consent_meanwhile_is_not_sent_and_its_sender_is_told(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = announced(cast, owner, details)
    held = holding_consent(BUSINESS, ConsentPurpose.SHARE_WITH_PROVIDERS)
    assert held is not None
    withdraw_consent(held, by=SYSTEM)
    assert made.objects_until is not None
    days_later(clock, made.objects_until)
    telling.release_or_stop()
    found = again(made)
    assert (found.status, found.sent_at) == (ReferralStatus.WITHDRAWN, None)
    assert "withdrew its consent" in found.reason
    assert letters(db, "referral_sent") == []
    assert len(letters(db, "referral_stopped")) == 1


def test_whoever_cannot_be_told_by_letter_is_not_referred(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    agree(owner)
    details_without = ReferralDetails(
        factories.person(owner, name="No Address", email=None).id, "x", "y", service_id=details.service_id
    )
    made = preparing.draft(owner, details_without, by=cast.adviser.actor)
    refused = client.sign_in(cast.adviser).post(f"/referrals/{made.id}/announce", data=READER_SENT)
    assert refused.status_code == 422
    assert "No Address has no email address" in refused.text
    with pytest.raises(Invalid):
        telling.announce(again(made), READER, by=cast.adviser.actor)


def test_a_referral_to_a_provider_is_never_sent_straight_away(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    agree(owner)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    refused = client.sign_in(cast.adviser).post(f"/referrals/{made.id}/send")
    assert refused.status_code == 409
    assert "Tell the business first" in refused.text
    assert letters(db, "referral_sent") == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("decline", "declined the referral"),
        ("withdraw", "was withdrawn"),
        ("lapse", "lapsed: no answer"),
    ],
)
def test_34_how_a_referral_was_closed_is_on_the_timeline_by_its_day(
    client: ConformingClient,
    cast: Cast,
    owner: Business,
    details: ReferralDetails,
    clock: Any,
    act: str,
    said: str,
) -> None:
    from crm.referrals.service import answering, sending

    made = sent(cast, owner, details)
    assert made.due_on is not None
    if act == "lapse":
        for _ in range(4):
            clock.shift(40 * 24 * 3600)
            sending.chase_or_lapse()
    elif act == "decline":
        answering.decline_by_link(links.mint(Purpose.REPLY, str(made.id)), "Full")
    else:
        sending.withdraw(made, reason="Twice", by=cast.adviser.actor)
    page = client.sign_in(cast.adviser).get(f"/businesses/{BUSINESS}/activity").text
    assert said in page


def test_34_who_accepts_by_link_is_the_provider_and_not_the_system(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    made = sent(cast, owner, details)
    token = links.mint(Purpose.REPLY, str(made.id))
    assert client.post(f"/reply/{token}", data={"answer": "accept"}).status_code == 303
    found = again(made)
    assert found.service is not None
    who = f"Desk, {found.service.provider.name}"
    assert found.answered_by == who
    client.sign_in(cast.adviser)
    page = client.get(f"/referrals/{made.id}").text
    assert f"{who} accepted the referral" in page
    assert "The system accepted" not in page
    assert who in client.get(f"/businesses/{BUSINESS}/activity").text


def seen_on(page: str) -> dict[str, str]:
    """The mark that a preview carries."""
    (mark,) = re.findall(r'name="seen"[^>]*value="([0-9a-f]{32})"', page)
    return {"seen": mark}


@pytest.mark.parametrize("to", ["service", "colleague"])
def test_a_draft_that_was_changed_after_its_preview_is_not_sent_unseen(
    to: str, client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    agree(owner)
    if to == "colleague":
        details = replace(details, service_id=None, recipient_id=cast.other_adviser.id)
    made = preparing.draft(owner, details, by=cast.adviser.actor)
    where = f"/referrals/{made.id}/{'announce' if to == 'service' else 'send'}"
    client.sign_in(cast.adviser)
    shown = seen_on(client.get(where).text)
    preparing.edit(
        again(made), replace(details, message="A second text."), version=None, by=cast.adviser.actor
    )

    refused = client.post(where, data=READER_SENT | shown)
    assert refused.status_code == 409
    assert "A second text." in refused.text
    assert again(made).status is ReferralStatus.DRAFT
    assert client.post(where, data=READER_SENT | seen_on(refused.text)).status_code == 303
    assert again(made).status is not ReferralStatus.DRAFT


def test_once_consent_is_withdrawn_each_reader_is_told_that_it_will_not_be_sent(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    made = announced(cast, owner, details)
    held = holding_consent(BUSINESS, ConsentPurpose.SHARE_WITH_PROVIDERS)
    assert held is not None
    asked = f"/referrals/{made.id}/object"
    assert asked in client.sign_in(cast.founder).get("/desk").text
    withdraw_consent(held, by=SYSTEM)
    assert asked not in client.get("/desk").text, "nothing is asked that consent blocks"
    where = link_of(made)

    shown = client.get(where).text
    assert "We will not send this: you have withdrawn your agreement" in shown
    assert "Yes, send it now" not in shown
    assert "we will send it after that day" not in shown
    refused = client.post(where, data={"answer": "agree"})
    assert refused.status_code == 409
    assert "you have withdrawn your agreement" in refused.text
    assert "Ask it" not in refused.text
    assert client.sign_in(cast.founder).post(f"/referrals/{made.id}/agree").status_code == 409
    page = " ".join(client.sign_in(cast.adviser).get(f"/referrals/{made.id}").text.split())
    assert "has withdrawn its consent, so this will not be sent" in page
    assert "sent after that day" not in page
    assert letters(db, "referral_sent") == []


def test_k12_refer_is_offered_only_where_there_is_a_person_to_name(
    client: ConformingClient, cast: Cast
) -> None:
    """A business without people shows the way to add one, on its page and on a check of an export contract."""
    found = factories.business(hub_id=cast_business().hub_id)
    check = covers.checked(found)
    client.sign_in(cast.adviser)
    support, cover = f"/businesses/{found.id}/support", f"/export-cover/{check.id}"
    for page in (client.get(support).text, client.get(cover).text):
        assert f"/businesses/{found.id}/people/new" in page
        assert f"/businesses/{found.id}/referrals/new" not in page
        assert '/refer"' not in page
    factories.person(found)
    assert f"/businesses/{found.id}/referrals/new" in client.get(support).text
    assert "a referral names" not in client.get(cover).text


@pytest.mark.parametrize(("answer", "said"), [("object", "said no on"), ("agree", "said yes on")])
def test_k28_a_stale_answer_is_told_who_answered_and_when(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, answer: str, said: str
) -> None:
    made = announced(cast, owner, details)
    client.post(link_of(made), data={"answer": answer})
    client.sign_in(cast.founder)
    for path in ("agree", "object"):
        late = client.post(f"/referrals/{made.id}/{path}")
        assert late.status_code == 409
        assert f"Jo Maker {said} 24 November 2026" in " ".join(late.text.split())
        assert "Business objected" not in late.text


@pytest.mark.parametrize("state", ["draft", "objected", "sent"])
def test_a_refusal_leads_a_founder_to_where_they_see_the_referral_and_staff_to_its_page_k13_k33(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, state: str
) -> None:
    made = (
        announced(cast, owner, details)
        if state != "draft"
        else preparing.draft(owner, details, by=cast.adviser.actor)
    )
    if state != "draft":
        (telling.agree if state == "sent" else partial(telling.object_to, reason="No"))(made, by=SYSTEM)
    support = f"/businesses/{owner.id}/support"
    client.sign_in(cast.founder)
    for act in ("agree", "object"):
        refused = client.post(f"/referrals/{made.id}/{act}", data={"answer": act})
        assert refused.status_code == 409
        assert f'href="/referrals/{made.id}"' not in refused.text
        assert f'href="{support}">See what it says now' in refused.text
    assert client.get(support).status_code == 200
    refused = client.sign_in(cast.adviser).post(f"/referrals/{made.id}/accept")
    assert f'href="/referrals/{made.id}">See what it says now' in refused.text or refused.status_code != 409
