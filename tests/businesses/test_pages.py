"""The pages of businesses: nobody sees more than is theirs, bad input is kept and said, nothing strange gets in."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.audit.models import AuditEntry, AuditValue
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.rules.labels import PURPOSES, current_version, wording
from crm.businesses.workflow import ConsentPurpose
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

NEWS = {"purpose": "news", "version": current_version("news")}


def test_a40_somebody_of_another_hub_sees_it_nowhere(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    factories.index(db.get(Business, BUSINESS), ())
    client.sign_in(cast.other_adviser)
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    assert client.get(f"/businesses/{BUSINESS}/history").status_code == 404
    listed = client.get("/businesses").text
    assert "Other Cast Press" in listed
    assert "Cast Pictures" not in listed
    assert "1 business" in listed
    assert "0 businesses" in client.get("/businesses?q=pictures").text
    client.sign_in(cast.administrator)
    assert "Cast Pictures" in client.get("/businesses.csv").text


def test_a40_a_manager_takes_out_only_what_they_see(client: ConformingClient, cast: Cast) -> None:
    text = client.sign_in(cast.hub_manager).get("/businesses.csv").text
    assert "Cast Pictures" in text
    assert "Other Cast Press" not in text


def test_a41_seeing_is_not_taking_out_and_taking_out_is_kept(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    assert client.sign_in(cast.adviser).get("/businesses.csv").status_code == 403
    assert "as CSV" not in client.get("/businesses").text
    assert client.sign_in(cast.hub_manager).get("/businesses.csv?q=cast&sort=name").status_code == 200
    kept = db.scalars(
        select(AuditValue)
        .join(AuditEntry, AuditEntry.id == AuditValue.entry_id)
        .where(AuditEntry.act == "extract_businesses")
    ).one()
    assert kept.changes == {"filters": {"q": ["cast"], "sort": ["name"]}, "rows": 0}


def test_a59_a_file_has_the_rows_and_the_order_of_the_screen(client: ConformingClient, cast: Cast) -> None:
    for name in ("=1+1", "@x", "+44 121", "-cmd", "\tTab", "Zebra"):
        factories.business(name=name, dcms_groups=("crafts",), trading_outcode="B1")
    client.sign_in(cast.administrator)
    answer = client.get("/businesses.csv?group=crafts")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][0] == "Name"
    assert {row[0] for row in rows[1:]} == {"'=1+1", "'@x", "'+44 121", "'-cmd", "Tab", "Zebra"}
    screen = client.get("/businesses?group=crafts").text
    places = [
        screen.index(f">{row[0].removeprefix(chr(39)).strip()}<") for row in rows[1:] if "\t" not in row[0]
    ]
    assert places == sorted(places)


def test_a42_a_founder_sees_their_own_and_none_of_what_staff_keep(
    client: ConformingClient, cast: Cast
) -> None:
    found = business(BUSINESS)
    assert found is not None
    factories.connection(found, who="A secret investor")
    factories.claim(found, name="A secret claimant")
    page = client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}")
    assert page.status_code == 200
    assert "secret" not in page.text
    assert client.get(f"/businesses/{OTHER_BUSINESS}").status_code == 404
    desk = client.get("/desk").text
    assert "Cast Pictures" in desk
    assert desk.count("/consents/give") == len(ConsentPurpose)


def test_a_founder_agrees_and_takes_back_on_their_desk(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    client.post(f"/businesses/{BUSINESS}/consents/give", data=NEWS)
    assert client.get("/desk").text.count("/consents/withdraw") == 1
    client.post(f"/businesses/{BUSINESS}/consents/withdraw", data={"purpose": "news"})
    assert client.get("/desk").text.count("/consents/withdraw") == 0


def test_a43_whoever_was_deactivated_is_out_at_once_and_stays_named(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.adviser)
    data = {"name": "Cast Pictures", "description": "New words", "trading_place": "B1 1AA"}
    assert client.post(f"/businesses/{BUSINESS}/edit", data=data).status_code == 303
    assert cast.adviser.id is not None
    factories.stand(cast.adviser.id, AccountStatus.DEACTIVATED)
    assert client.get(f"/businesses/{BUSINESS}").status_code == 303
    page = client.sign_in(cast.administrator).get(f"/businesses/{BUSINESS}/history").text
    assert "Adviser of the Cast changed details" in page


@pytest.mark.parametrize("number", ["1234567", "SC421617", " oc301206"])
def test_a27_company_numbers_are_taken_as_people_type_them(
    client: ConformingClient, cast: Cast, db: Session, number: str
) -> None:
    client.sign_in(cast.administrator)
    data = {"name": "Numbered", "company_number": number, "trading_place": "B13"}
    assert client.post("/businesses/new", data=data).status_code == 303
    kept = db.scalars(select(Business.company_number).where(Business.name == "Numbered")).one()
    assert kept == {"1234567": "01234567", "SC421617": "SC421617", " oc301206": "OC301206"}[number]


@pytest.mark.parametrize("number", ["12345", "ABCDEFGH", "123456789", "१२३४५६७८"])
def test_a27_what_is_no_company_number_is_said_at_its_field_and_kept(
    client: ConformingClient, cast: Cast, db: Session, number: str
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post("/businesses/new", data={"name": "Numbered", "company_number": number})
    assert answer.status_code == 422
    assert 'id="company_number-error"' in answer.text
    assert f'value="{number}"' in answer.text
    assert db.scalar(select(func.count()).where(Business.name == "Numbered")) == 0


def test_a28_candidates_are_shown_and_those_of_others_only_by_name(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.adviser)
    answer = client.post("/businesses/new", data={"name": "Other Cast Press Ltd", "trading_place": "B1"})
    assert answer.status_code == 422
    assert "Is it one of these?" in answer.text
    assert f"/businesses/{OTHER_BUSINESS}" not in answer.text
    assert "ask them to share it with you" in answer.text
    data = {"name": "Other Cast Press Ltd", "trading_place": "B1", "not_a_duplicate": "Another town"}
    assert client.post("/businesses/new", data=data).status_code == 303


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "R&D <10 staff>", "🎬 Ŵyn", "x" * 10_000])
def test_a69_what_people_write_is_kept_and_shown_as_they_wrote_it(
    client: ConformingClient, cast: Cast, db: Session, text: str
) -> None:
    client.sign_in(cast.adviser)
    data = {"name": "Cast Pictures", "description": text, "trading_place": "B1"}
    assert client.post(f"/businesses/{BUSINESS}/edit", data=data).status_code == 303
    page = client.get(f"/businesses/{BUSINESS}").text
    assert "<script>alert" not in page
    assert db.scalars(select(Business.description).where(Business.id == BUSINESS)).one() == text


def test_a69_more_than_fits_is_said_and_kept(client: ConformingClient, cast: Cast) -> None:
    answer = client.sign_in(cast.adviser).post(
        f"/businesses/{BUSINESS}/edit", data={"name": "Cast Pictures", "description": "x" * 10_001}
    )
    assert answer.status_code == 422
    assert "10,000 characters or fewer" in answer.text
    assert "x" * 10_001 in answer.text


def test_a70_fields_that_no_form_has_change_nothing(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    before = db.get(Business, BUSINESS)
    assert before is not None
    hub = before.hub_id
    data = {
        "name": "Cast Pictures", "trading_place": "B1", "status": "archived", "hub_id": str(factories.hub().id),
        "source": "evil", "_status": "archived", "place_method": "adviser", "role": "administrator",
    }  # fmt: skip
    assert client.sign_in(cast.founder).post(f"/businesses/{BUSINESS}/edit", data=data).status_code == 303
    db.expire_all()
    after = db.get(Business, BUSINESS)
    assert after is not None
    assert (after.status.value, after.hub_id, after.source, after.place_method) == (
        "active",
        hub,
        "the cast",
        "outcode",
    )


def test_archiving_without_a_reason_is_said_at_its_field(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.hub_manager)
    answer = client.post(f"/businesses/{BUSINESS}/archive", data={"reason": " "})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert client.post(f"/businesses/{BUSINESS}/archive", data={"reason": "Closed"}).status_code == 303
    assert "This record is archived: Closed" in client.get(f"/businesses/{BUSINESS}").text
    assert client.post(f"/businesses/{BUSINESS}/restore").status_code == 303


@pytest.mark.parametrize(
    ("field", "typed"),
    [("turnover", "1,23"), ("turnover", "-5"), ("turnover", "1e6"), ("turnover", "NaN"), ("turnover", "9" * 20),
     ("employees", "two"), ("employees", "-1"), ("months", "25")],
)  # fmt: skip
def test_figures_that_cannot_be_read_are_said_at_their_field_and_kept(
    client: ConformingClient, cast: Cast, field: str, typed: str
) -> None:
    data = {
        "year_end-day": "31",
        "year_end-month": "3",
        "year_end-year": "2026",
        "measure": "headcount",
        "source": "The accounts",
    }
    answer = client.sign_in(cast.adviser).post(
        f"/businesses/{BUSINESS}/figures/new", data=data | {field: typed}
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{typed}"' in answer.text


def test_figures_without_a_single_one_are_refused(client: ConformingClient, cast: Cast) -> None:
    data = {
        "year_end-day": "31",
        "year_end-month": "3",
        "year_end-year": "2026",
        "measure": "headcount",
        "source": "The accounts",
    }
    answer = client.sign_in(cast.adviser).post(f"/businesses/{BUSINESS}/figures/new", data=data)
    assert answer.status_code == 422
    assert "Enter at least one of the figures" in answer.text


def test_a_consent_is_a_switch(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    where, data = f"/businesses/{BUSINESS}", NEWS
    details = f"{where}/details"
    assert client.post(f"{where}/consents/give", data=data).status_code == 303
    assert "News and events: agreed" in client.get(details).text
    assert client.post(f"{where}/consents/withdraw", data=data).status_code == 303
    assert "News and events: not agreed" in client.get(details).text
    assert client.post(f"{where}/consents/withdraw", data=data).status_code == 409
    assert client.post(f"{where}/consents/give", data={"purpose": "evil"}).status_code == 422


@pytest.mark.parametrize("part", ["founder", "adviser"])
def test_the_words_that_are_agreed_to_stand_before_the_button_k24(
    client: ConformingClient, cast: Cast, part: str
) -> None:
    client.sign_in(getattr(cast, part))
    pages = [f"/businesses/{BUSINESS}/details", *(["/desk"] if part == "founder" else [])]
    for page in pages:
        text = html.unescape(client.get(page).text)
        for purpose in ConsentPurpose:
            button = text.index(f'name="purpose" value="{purpose}"')
            words = f"“{wording(purpose, current_version(purpose))}”"
            heading = text.rindex(PURPOSES[purpose], 0, button)
            assert words in text[heading:button], (page, purpose)


def test_words_that_nobody_was_shown_are_not_agreed_to_k24(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    give = f"/businesses/{BUSINESS}/consents/give"
    for version in ({}, {"version": "2020-01"}):
        refused = client.post(give, data={"purpose": "news"} | version)
        assert refused.status_code == 409
        assert "The words to agree to have changed" in refused.text
    assert "News and events: not agreed" in client.get(f"/businesses/{BUSINESS}/details").text


def test_who_was_sent_to_agree_comes_back_to_where_they_were_k33(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    back = f"/businesses/{BUSINESS}/support"
    page = client.get(f"/businesses/{BUSINESS}/details?next={back}").text
    (give,) = set(re.findall(r'action="([^"]*/consents/give[^"]*)"', page))
    assert client.post(html.unescape(give), data=NEWS).headers["Location"] == back
    assert "News and events: consent recorded." in client.get(back).text


def test_looking_up_fills_what_is_empty_where_a_name_fits_and_keeps_what_people_said(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = db.get(Business, BUSINESS)
    assert found is not None
    found.company_number, found.registered_address = "90999001", "As the founder said"
    found.trading_postcode, found.trading_outcode = "CV1 2BB", "CV1"
    db.flush()
    client.sign_in(cast.adviser)
    stranger = client.post(f"/businesses/{BUSINESS}/look-up")
    assert stranger.status_code == 422
    assert "90999001 is LANTERN OTTER ANIMATION LTD" in stranger.text
    found.name = "Lantern Otter Animation Limited"
    db.flush()
    assert client.post(f"/businesses/{BUSINESS}/look-up").status_code == 303
    page = client.get(f"/businesses/{BUSINESS}").text
    assert "Companies House says active" in page
    assert "LANTERN PICTURES LTD" in page
    db.expire_all()
    after = db.get(Business, BUSINESS)
    assert after is not None
    assert (after.registered_address, after.sic_codes, after.dcms_groups) == (
        "As the founder said",
        ("59112", "59111"),
        ("film_tv_radio_photo",),
    )


def test_a_number_that_the_register_does_not_know_is_said(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found: Any = db.get(Business, BUSINESS)
    client.sign_in(cast.adviser)
    assert "no company number" in client.post(f"/businesses/{BUSINESS}/look-up").text
    found.company_number = "01234567"
    db.flush()
    assert "knows no company with this number" in client.post(f"/businesses/{BUSINESS}/look-up").text


def test_forms_that_name_a_person_lead_to_adding_one_first_and_back_where_a_business_has_none(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    (held,) = cast.adviser.account.grants
    nobody = factories.business(hub_id=UUID(str(held.scope_id)))
    client.sign_in(cast.adviser)
    for form in ("referrals/new", "conversations/new", "appointments/new", "emails/new"):
        where = f"/businesses/{nobody.id}/{form}"
        page = client.get(where).text
        assert f"Add a person at {nobody.name} first" in page
        assert 'method="post"' not in page.split("<main")[1].split("</main>")[0]
    link = f"/businesses/{nobody.id}/people/new?next=/businesses/{nobody.id}/referrals/new"
    assert link in client.get(f"/businesses/{nobody.id}/referrals/new").text.replace("%2F", "/")
    form = client.get(link).text.replace("%2F", "/")
    assert f'action="{link}"' in form
    answer = client.post(link, data={"name": "Ada Byron", "email": "ada@made.example"})
    assert answer.headers["Location"] == f"/businesses/{nobody.id}/referrals/new"
    assert "Ada Byron" in client.get(answer.headers["Location"]).text
    away = client.post(
        f"/businesses/{nobody.id}/people/new?next=https://elsewhere.example/", data={"name": "Bo"}
    )
    assert away.headers["Location"].startswith(f"/businesses/{nobody.id}/details")
