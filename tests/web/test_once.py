"""A form acts once, however often it is sent; and what was typed survives a session that ended meanwhile."""

from __future__ import annotations

import ast
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from justhtml import JustHTML
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.figures.models import DatedFigure
from crm.notices.models import Letter
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.house import modules

PAGE = "/figures/enquiry.reply_days/new"
PROPOSAL = {
    "value": "12",
    "valid_from-day": "1",
    "valid_from-month": "4",
    "valid_from-year": "2027",
    "source": "A board paper",
    "confidence": "read",
}
CHANGES_WHO_IS_THERE = frozenset({"begin_session", "end_session", "begin_look", "end_look"})


@pytest.fixture
def administrator(client: ConformingClient, cast: Cast) -> ConformingClient:
    return client.sign_in(cast.administrator)


def one_time_id(client: ConformingClient, page: str = PAGE) -> str:
    return once_in(client.get(page).text)


def once_in(page: str) -> str:
    root: Any = JustHTML(page, sanitize=False).root
    return str(root.query_one('main input[name="once"]').attrs["value"])


def link_to_a_new_form(page: str) -> str:
    """Where whoever means to send something once more is led."""
    root: Any = JustHTML(page, sanitize=False).root
    return str(root.query_one("a.govuk-notification-banner__link").attrs["href"])


def figures(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(DatedFigure)) or 0


def test_the_same_form_sent_twice_acts_once_and_is_led_to_the_same_place(
    administrator: ConformingClient, db: Session
) -> None:
    before, form = figures(db), PROPOSAL | {"once": one_time_id(administrator)}
    first = administrator.post(PAGE, data=form)
    second = administrator.post(PAGE, data=form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert figures(db) == before + 1
    page = administrator.get(second.headers["Location"])
    assert page.text.count("govuk-notification-banner--success") == 1


def test_a_form_loaded_anew_by_going_back_and_sent_again_is_led_to_the_same_place(
    administrator: ConformingClient, db: Session, clock: Any
) -> None:
    before = figures(db)
    first = administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})
    second = administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})

    assert second.headers["Location"] == first.headers["Location"]
    assert "You had already sent this" in administrator.get(second.headers["Location"]).text
    assert figures(db) == before + 1


def test_k3_what_was_taken_back_meanwhile_may_be_sent_again_with_the_same_words(
    administrator: ConformingClient, db: Session
) -> None:
    """What the first one made has moved on: a new form about it is no copy of the first."""
    before = figures(db)
    first = administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})
    administrator.post(f"{first.headers['Location']}/withdraw")
    second, copy = (
        administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)}) for _ in range(2)
    )

    assert second.headers["Location"] != first.headers["Location"]
    assert copy.headers["Location"] == second.headers["Location"]
    assert figures(db) == before + 2


def test_whoever_means_a_second_one_opens_a_new_form_and_that_too_acts_once(
    administrator: ConformingClient, db: Session
) -> None:
    """The way is on the page to which the copy was led; it does not matter how often its form is loaded or sent."""
    before, page = figures(db), "/figures/enquiry.reply_days/new"
    for _ in range(2):
        led = administrator.post(page, data=PROPOSAL | {"once": one_time_id(administrator)})
    way = link_to_a_new_form(administrator.get(led.headers["Location"]).text)
    administrator.post(f"{led.headers['Location']}/withdraw")
    answers = [
        administrator.post(way, data=PROPOSAL | {"once": one_time_id(administrator, way)}) for _ in range(2)
    ]

    assert answers[0].headers["Location"] != led.headers["Location"], "the second that was meant"
    assert answers[1].headers["Location"] == answers[0].headers["Location"]
    assert figures(db) == before + 2


def test_a_new_form_that_was_refused_is_still_meant(administrator: ConformingClient, db: Session) -> None:
    before = figures(db)
    first = administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})
    administrator.post(f"{first.headers['Location']}/withdraw")
    way = f"{PAGE}?again={'a' * 16}"
    refused = administrator.post(way, data={"once": one_time_id(administrator, way)})
    administrator.post(PAGE, data=PROPOSAL | {"once": once_in(refused.text)})

    assert figures(db) == before + 2


def test_a_form_of_choices_and_numbers_is_known_again(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    page = f"/businesses/{BUSINESS}/export-cover/new"
    contract = {"country": "Canada", "sells": "services", "wishes": "advice", "value": "20,000"}
    led = [
        client.post(page, data=contract | {"once": one_time_id(client, page)}).headers.get("Location")
        for _ in range(2)
    ]

    assert led[0] == led[1] is not None


def test_a_button_that_makes_one_thing_makes_one_after_back(client: ConformingClient, db: Session) -> None:
    """Each visitor has their own: another one's press is no second one."""
    led = [begun_by(client) for _ in range(2)]
    page = client.get(led[0]).text

    assert led[0] == led[1]
    assert "You had already sent this" in page
    client.sign_out()
    assert begun_by(client) != led[0]


def begun_by(client: ConformingClient) -> str:
    form = {"once": one_time_id(client, "/enquire")}
    return str(client.post("/enquire", data=form).headers["Location"])


def test_a_form_that_shows_what_is_saved_may_change_it_back_with_the_same_words(
    administrator: ConformingClient, cast: Cast, clock: Any
) -> None:
    page = f"/people/{cast.founder.id}/correct"
    first, other = (
        {"name": "Ann First", "email": "ann.first@made.example"},
        {"name": "Ann Other", "email": "ann.first@made.example"},
    )
    for form in (first, other, first):
        clock.shift(1)
        assert (
            administrator.post(page, data=form | {"once": one_time_id(administrator, page)}).status_code
            == 303
        )

    assert "Ann First" in administrator.get(page).text


def test_k3_words_of_ours_that_nobody_touched_do_not_make_the_same_form_another(
    administrator: ConformingClient, db: Session
) -> None:
    """A page that fills in the sender's name, sent, gone back to, and sent once more, is one letter."""
    told = {"name": "Sam Sender", "email": "sam@made.example", "text": "Please call me about the round"}
    shown = administrator.get("/contact").text
    own = re.findall(r'name="(name|email)"[^>]*value="([^"]+)"', shown)
    form = told | dict(own)
    assert own
    answers = [
        administrator.post("/contact", data=form | {"once": one_time_id(administrator, "/contact")})
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [303, 303]
    assert len(db.scalars(select(Letter).where(Letter.kind == "contact")).all()) == 1


def test_the_same_words_an_hour_later_are_meant(
    administrator: ConformingClient, db: Session, clock: Any
) -> None:
    before = figures(db)
    first = administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})
    administrator.post(f"{first.headers['Location']}/withdraw")
    clock.shift(3600)
    administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})

    assert figures(db) == before + 2


def test_two_forms_with_other_words_are_two(administrator: ConformingClient, db: Session) -> None:
    before = figures(db)
    administrator.post(PAGE, data=PROPOSAL | {"once": one_time_id(administrator)})
    later = PROPOSAL | {"valid_from-month": "5"}
    administrator.post(PAGE, data=later | {"once": one_time_id(administrator)})

    assert figures(db) == before + 2


def test_a_form_that_was_refused_can_be_sent_again(administrator: ConformingClient, db: Session) -> None:
    before, form = figures(db), PROPOSAL | {"once": one_time_id(administrator)}

    assert administrator.post(PAGE, data=form | {"value": "-5"}).status_code == 422
    assert administrator.post(PAGE, data=form).status_code == 303
    assert figures(db) == before + 1


def test_a_form_changed_after_going_back_asks_before_it_creates_again(
    administrator: ConformingClient, db: Session
) -> None:
    before, form = figures(db), PROPOSAL | {"once": one_time_id(administrator)}
    administrator.post(PAGE, data=form)
    changed = form | {"source": "Another board paper", "valid_from-month": "5"}
    asked = administrator.post(PAGE, data=changed)

    assert asked.status_code == 409
    assert "You have already sent this form" in asked.text
    assert "Another board paper" in asked.text
    assert "See what it says now" in asked.text, "with the way to what was saved"
    assert figures(db) == before + 1
    root: Any = JustHTML(asked.text, sanitize=False).root
    meant = changed | {"once": root.query_one('main input[name="once"]').attrs["value"]}
    assert administrator.post(PAGE, data=meant).status_code == 303
    assert figures(db) == before + 2


def test_an_id_that_was_shown_to_somebody_else_means_nothing(
    administrator: ConformingClient, cast: Cast, db: Session
) -> None:
    form = PROPOSAL | {"once": one_time_id(administrator)}
    administrator.post(PAGE, data=form)
    administrator.sign_in(cast.auditor)

    assert administrator.post(PAGE, data=form).status_code == 403


@pytest.mark.parametrize("forged", ["", "x", "a.b", "W10.x", "null", "\N{SNOWMAN}"])
def test_an_id_that_we_did_not_sign_means_nothing(
    administrator: ConformingClient, db: Session, forged: str
) -> None:
    assert administrator.post(PAGE, data=PROPOSAL | {"once": forged}).status_code == 303


def test_what_was_typed_survives_signing_in_again(
    administrator: ConformingClient, cast: Cast, db: Session
) -> None:
    before, form = figures(db), PROPOSAL | {"once": one_time_id(administrator), "source": "Typed for an hour"}
    administrator.sign_out()
    sent = administrator.post(PAGE, data=form)

    assert sent.headers["Location"].startswith("/sign-in?next=")
    told = administrator.get(sent.headers["Location"]).text
    assert "what you typed is kept" in told
    assert "What you entered is kept. You were signed out before it was saved." in told
    assert "nothing is saved" not in told
    again = administrator.sign_in(cast.administrator).get(_next(sent.headers["Location"]))
    assert "Typed for an hour" in again.text
    assert "It is not saved yet" in again.text
    assert figures(db) == before


def test_a_page_whose_token_is_of_an_earlier_session_comes_back_filled_in(
    administrator: ConformingClient, db: Session
) -> None:
    before, form = figures(db), PROPOSAL | {"once": one_time_id(administrator), "source": "Typed for an hour"}
    sent = administrator.post(PAGE, data=form, token=False)

    assert sent.status_code == 303
    assert "Typed for an hour" in administrator.get(sent.headers["Location"]).text
    assert figures(db) == before


def test_what_was_typed_is_shown_to_its_author_alone(administrator: ConformingClient, cast: Cast) -> None:
    form = PROPOSAL | {"once": one_time_id(administrator), "source": "Typed for an hour"}
    administrator.sign_out()
    sent = administrator.post(PAGE, data=form)

    other = administrator.sign_in(cast.auditor).get(_next(sent.headers["Location"]))
    assert "Typed for an hour" not in other.text


def test_a_form_that_was_never_shown_by_us_is_not_kept(client: ConformingClient, cast: Cast) -> None:
    sent = client.post(PAGE, data=PROPOSAL | {"source": "A stranger's words"})

    assert sent.headers["Location"] == "/sign-in?next=%2Fdesk"


OWN = f"/businesses/{BUSINESS}"


def pressed_in(client: ConformingClient, action: str, page: str = "/desk") -> str:
    """The one-time id of the form of one button that goes to an address."""
    root: Any = JustHTML(client.get(page).text, sanitize=False).root
    return str(root.query_one(f'form[action="{action}"] input[name="once"]').attrs["value"])


@pytest.mark.parametrize("has_token", [True, False])
def test_k28_a_button_pressed_after_signing_out_leads_to_signing_in_and_back_to_its_page(
    client: ConformingClient, cast: Cast, has_token: bool
) -> None:
    action = f"{OWN}/consents/give"
    form = {"once": pressed_in(client.sign_in(cast.founder), action), "seen": "7a4254f0eff16c96"}
    client.sign_out()
    sent = client.post(
        action, data=form, headers={"Referer": f"http://localhost{OWN}?tab=support&kept=1"}, token=has_token
    )

    assert _next(sent.headers["Location"]) == f"{OWN}?tab=support", "what the page was asked for stays"
    told = client.get(sent.headers["Location"]).text
    assert "You were signed out, so nothing is saved yet. Sign in and do it again." in told
    assert "What you typed" not in client.sign_in(cast.founder).get(OWN).text


def test_whatever_changes_who_is_there_may_be_sent_again() -> None:
    """Its answer carries a new cookie: the second of two clicks must bring it too."""
    bare = [
        f"{module.name} {function.name}"
        for module in modules("crm")
        if "views" in module.name
        for function in module.functions()
        if _is_route(function)
        and _calls(function, module)
        and "repeats=True" not in ast.unparse(function.decorator_list[-1])
    ]

    assert bare == []


def _is_route(function: Any) -> bool:
    return any("permit" in ast.unparse(each) for each in function.decorator_list)


def _calls(function: Any, module: Any) -> bool:
    """Whether a view, or a function of its module that it names, changes who is there."""
    names = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
    helpers = [each for each in module.functions() if each.name in names and not _is_route(each)]
    return bool(
        CHANGES_WHO_IS_THERE & names
        or any(
            CHANGES_WHO_IS_THERE & {each.id for each in ast.walk(helper) if isinstance(each, ast.Name)}
            for helper in helpers
        )
    )


def _next(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]
