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
from tests.cast import Cast
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
    root: Any = JustHTML(client.get(page).text, sanitize=False).root
    return str(root.query_one('main input[name="once"]').attrs["value"])


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
    assert "not saved a second time" in administrator.get(second.headers["Location"]).text
    assert figures(db) == before + 1


def test_a_form_that_shows_what_is_saved_may_change_it_back_with_the_same_words(
    administrator: ConformingClient, cast: Cast
) -> None:
    page = f"/people/{cast.founder.id}/correct"
    first, other = (
        {"name": "Ann First", "email": "ann.first@made.example"},
        {"name": "Ann Other", "email": "ann.first@made.example"},
    )
    for form in (first, other, first):
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
    assert "what you typed is kept" in administrator.get(sent.headers["Location"]).text
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
