"""The timeline of a business stands by the day things happened, and says who did them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crm.businesses.models import Business
from crm.businesses.service import people
from crm.businesses.service.people import Agreement, PersonDetails, YearDetails
from crm.businesses.workflow import ConsentPurpose
from crm.casework.workflow import Channel, ConversationStatus
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.meetings.workflow import AppointmentStatus, PlaceStatus
from crm.referrals.service import answering, sending
from crm.referrals.service.preparing import ReferralDetails
from tests import factories, gatherings
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.conftest import details, open_service
from tests.referrals.made import sent, token_of

__all__ = ["details", "open_service"]
WHERE = f"/businesses/{BUSINESS}/activity"


def told(page: str) -> list[tuple[str, str]]:
    """Each row of the timeline: what, and when."""
    rows = re.findall(
        r'app-timeline__title">(.*?)</h\d>\s*<p class="app-timeline__when">(.*?)</p>', page, re.DOTALL
    )
    return [tuple(" ".join(re.sub(r"<[^>]+>", "", part).split()) for part in row) for row in rows]  # type: ignore[misc]


def days(day: int) -> str:
    moment = today() - timedelta(days=day)
    return f"{moment.day} {moment:%B %Y}"


def test_a_talk_recorded_late_stands_at_the_day_it_was_held(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    long_ago = today() - timedelta(days=40)
    factories.conversation(
        owner,
        cast.adviser.account,
        subject="Made long ago",
        happened_on=long_ago,
        channel=Channel.TELEPHONE,
        kind_code=factories.support_kind().code,
        completed_at=now(),
        _status=ConversationStatus.COMPLETE,
    )
    factories.email(owner, subject="Made since", written_at=now() - timedelta(days=20))
    rows = told(client.sign_in(cast.adviser).get(WHERE).text)
    names = [title for title, _ in rows]

    late = next(row for row in rows if row[0].startswith("Made long ago"))
    assert late[1].startswith(days(40))
    assert names.index(late[0]) > next(at for at, name in enumerate(names) if name.startswith("Made since"))


def test_finance_stands_at_the_day_it_was_sought(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.ask(owner, asked_on=today() - timedelta(days=90))
    rows = told(client.sign_in(cast.adviser).get(WHERE).text)

    assert any(title.startswith("Sought finance") and when.startswith(days(90)) for title, when in rows)


def test_who_came_to_a_workshop_stands_at_its_day(client: ConformingClient, cast: Cast) -> None:
    begun = now() - timedelta(days=12)
    held = gatherings.workshop(starts_at=begun, ends_at=begun + timedelta(hours=1))
    gatherings.place(held, _status=PlaceStatus.ATTENDED, business_id=BUSINESS)
    rows = told(client.sign_in(cast.adviser).get(WHERE).text)

    assert any(f"came to {held.title}" in title and when.startswith(days(12)) for title, when in rows)


def test_a_referral_that_was_declined_lapsed_or_withdrawn_has_its_row(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    first = sent(cast, owner, details)
    answering.decline(first, reason="Full", by=SYSTEM)
    second = sent(cast, owner, details)
    sending.withdraw(second, reason="No longer needed", by=cast.adviser.actor)
    client.sign_in(cast.founder)
    titles = [title for title, _ in told(client.get(WHERE).text)]

    assert any(title.endswith("declined the referral") for title in titles)
    assert any(title.endswith("was withdrawn") for title in titles)
    assert sum("we referred you to" in title for title in titles) == 2


def test_a_provider_who_accepts_by_the_link_is_named_and_not_the_system(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails
) -> None:
    found = sent(cast, owner, details)
    assert client.post(f"/reply/{token_of(found)}", data={"answer": "accept"}).status_code == 303
    client.sign_in(cast.adviser)
    to = sending.recipient_name(found)

    page = client.get(WHERE).text
    assert any(title == f"{to} accepted the referral" for title, _ in told(page))
    assert "The system" not in page
    assert "The system" not in client.get(f"/referrals/{found.id}").text


def test_k23_the_story_names_the_person_the_consent_the_year_and_who_found_what_is_needed(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    by = cast.adviser.actor
    people.add_person(owner, PersonDetails("Rae Invented"), by=by)
    people.give_consent(
        owner, ConsentPurpose.NEWS, agreement=Agreement("Rae Invented", "on the telephone"), by=by
    )
    people.record_figures(owner, YearDetails(year_end=date(2026, 3, 31), employees=4), by=by)
    client.sign_in(cast.adviser)
    page = client.get(WHERE).text
    for words in ("Rae Invented", "News and events", "Year to 31 March 2026"):
        assert words in page
    for place in ("people", "consents", "figures"):
        assert f"/businesses/{BUSINESS}/details#{place}" in page
    history = " ".join(client.get(f"/businesses/{BUSINESS}/history").text.split())
    assert "Wording: November 2026" in re.sub(r"<[^>]+>", "", history)
    assert "12 months" in history


def test_appointments_and_steps_are_in_the_story_that_staff_read(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    gatherings.appointment(owner, adviser_id=cast.adviser.id, subject="The kiln")
    off = gatherings.appointment(
        owner, adviser_id=cast.adviser.id, reason="They are ill", _status=AppointmentStatus.CANCELLED
    )
    factories.next_step(owner, cast.adviser.account, title="Send the list", done_at=now(), done_by="Made")
    page = client.sign_in(cast.adviser).get(WHERE).text
    titles = [title for title, _ in told(page)]
    assert [each for each in titles if each.startswith(f"Appointment with {cast.adviser.account.name} on ")]
    assert [each for each in titles if each.endswith("cancelled")]
    for words in ("The kiln", "They are ill", f"/appointments/{off.id}", "Next step added: Send the list"):
        assert words in page
    assert "Next step done: Send the list" in titles
    assert "The kiln" not in client.sign_in(cast.founder).get(WHERE).text
