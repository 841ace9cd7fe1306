"""Who is shown to whom: contacts that the founder chose and saw beforehand, and no word of an investor that names them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from crm.angels.introductions import queries
from crm.angels.introductions.jobs import tend_daily
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing as service
from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.angels.investors.rules.identity import Identity, said_in
from crm.angels.pitches.models import PitchQuestion
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_on
from crm.kernel.errors import Invalid
from crm.kernel.roles import Role, Scope, Standing
from tests import factories, network
from tests.angels.introductions.test_introducing import investor, shown
from tests.angels.people import acting, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock


def colleague(found: network.Pitch, **fields: str) -> network.Account:
    """Somebody of three minutes who contributes to the business."""
    made = factories.account(**fields)
    where = {"scope": Scope.BUSINESS, "scope_id": str(found.business_id), "standing": Standing.CONTRIBUTOR}
    factories.grant(made, Role.FOUNDER, **where)
    return made


def test_n21_the_investor_sees_the_contacts_that_the_founder_chose_and_nobody_else(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = shown(), investor()
    chosen = colleague(found, name="Chosen Colleague", email="chosen@made.example")
    colleague(found, name="Three Minutes", email="minutes@made.example")
    made = network.introduction(found, owner)
    client.sign_in(cast.founder)
    preview = client.get(f"/introductions/{made.id}/agree").text
    assert "Chosen Colleague, chosen@made.example" in preview
    assert "name, email address and phone number" in preview
    assert network.whole_introduction(made).status is S.REQUESTED
    sent = {"contacts": [str(cast.founder.id), str(chosen.id)]}
    assert client.post(f"/introductions/{made.id}/agree", data=sent).status_code == 303
    theirs = client.sign_in(owner).get(f"/introductions/{made.id}").text
    assert cast.founder.email in theirs
    assert "chosen@made.example" in theirs
    assert "minutes@made.example" not in theirs


def test_somebody_is_chosen_and_nobody_of_another_business(cast: Cast, client: ConformingClient) -> None:
    made = network.introduction(shown(), investor())
    client.sign_in(cast.founder)
    none = client.post(f"/introductions/{made.id}/agree")
    assert (none.status_code, "Choose who the investor may contact" in none.text) == (422, True)
    other = client.post(f"/introductions/{made.id}/agree", data={"contacts": str(cast.other_founder.id)})
    assert other.status_code == 422
    with pytest.raises(Invalid, match="people of your business"):
        service.agree(made, [cast.other_founder.id], by=cast.founder.actor)
    assert network.whole_introduction(made).status is S.REQUESTED


NAMING = [
    ("I am Philippa Unmistakable.", "your name"),
    ("Best wishes\nPhilippa", "your name"),
    ("P. Unmistakable here", "your name"),
    ("Write to PU@made.example", "email address"),
    ("Write to somebody.else@web.example", "email address"),
    ("Write to pu at made dot example", "email address"),
    ("Ring 0121-496 0123", "telephone number"),
    ("Ring +44 (0)7700 900123", "telephone number"),
    ("We at Brindley Capital like it", "name of your firm"),
    ("philippa here, call me", "your name"),
    ("I like it, Unmistakable as ever", "your name"),
    ("Ring oh one two one, four nine six, oh one two three", "telephone number"),
    ("look for unmistakable on the register", "your name"),
    ("UNMISTAKABLE'S money is patient", "your name"),
    (
        "Ring plus four four double seven double oh nine hundred, or oh double seven double oh nine one two three four",
        "telephone number",
    ),
]


@pytest.mark.parametrize(("text", "what"), NAMING)
def test_n21_an_investors_own_words_do_not_name_them(
    cast: Cast, client: ConformingClient, text: str, what: str
) -> None:
    found, owner = shown(), investor()
    network.certification(owner, particulars={"organisation": "Brindley Capital Ltd"})
    client.sign_in(owner)
    for where, field in (("request", "message"), ("ask", "question")):
        refused = client.post(f"/pitches/{found.id}/{where}", data={field: text})
        assert refused.status_code == 422
        assert f"Remove {what}" in refused.text or f"Remove the {what}" in refused.text
    assert rows(Introduction) == rows(PitchQuestion) == []


KNOWN = Identity("Zoë Whittåker", "zoe@whittaker.example", "0121 496 0123", ("The Rowan & Ash Partners Ltd",))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("whittaker", "your name"),
        ("you may know of whittåker already", "your name"),
        ("w h i t t a k e r", "your name"),
        ("W.H.I.T.T.A.K.E.R", "your name"),
        ("whit-taker on most sites", "your name"),
        ("find whittaker99 online", "your name"),
        ("find zoewhittaker or zoe_whittaker", "your name"),
        ("my page is drwhittaker", "your name"),
        ("ｗｈｉｔｔａｋｅｒ", "your name"),
        ("whit\u200btaker", "your name"),
        ("rowan and ash partners", "the name of your firm"),
        ("ROWAN ASH PARTNERS LIMITED", "the name of your firm"),
        ("rowanashpartners", "the name of your firm"),
        ("rowan-and-ash-partners", "the name of your firm"),
        ("zoe at whittaker dot example", "the email address"),
        ("other [at] web [dot] example", "the email address"),
        ("other(at)web(dot)example", "the email address"),
        ("other ＠ web.example", "the email address"),
        ("see whittaker.example", "your name"),
        ("0121/496/0123", "the telephone number"),
        ("0121–496–0123", "the telephone number"),
        ("０１２１ ４９６ ０１２３", "the telephone number"),
        ("012 149 601 23", "the telephone number"),
    ],
)
def test_n21_however_a_name_an_address_or_a_number_is_written_it_names_them(
    text: str, what: str | None
) -> None:
    assert said_in(text, KNOWN) == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("i grew up above a baker shop, and young firms are my field", None),
        ("my name is young", "your name"),
        ("ask for mr. young", "your name"),
        ("best wishes,\ndaisy young", "your name"),
        ("At Young and Sons we make lamps", "your name"),
    ],
)
def test_n21_a_surname_that_is_a_word_names_them_where_it_is_said_to(text: str, what: str | None) -> None:
    assert said_in(text, Identity("Daisy Young", "")) == what


@pytest.mark.parametrize(
    "text",
    [
        "I made films for ten years and know buyers.",
        "Is £1,000,000 enough, and what of 2026 to 2028? Company 01234567?",
        "Philippa Street is where I saw your lamps.",
        "See https://made.example/lamps",
        "One or two films, three or four seasons, five or six years",
        "",
    ],
)
def test_what_names_nobody_is_sent(text: str) -> None:
    known = Identity("Philippa Unmistakable", "pu@made.example", "0121 496 0123", ("Brindley Capital Ltd",))
    assert said_in(text, known) is None


@pytest.mark.parametrize(
    "start", [datetime(2026, 12, 21, 10, tzinfo=UTC), datetime(2027, 3, 8, 10, tzinfo=UTC)]
)
def test_answer_by_a_day_includes_that_day(
    cast: Cast, client: ConformingClient, clock: Clock, start: datetime
) -> None:
    clock.move_to(start)
    by = acting(cast.angel.account)
    made = service.request(shown(), "Hello", by=by)
    last = made.lapse_on
    for moment in (moment_on(last, time(0, 1)), moment_on(last, time(23, 59, 59))):
        clock.move_to(moment)
        tend_daily()
        assert network.whole_introduction(made).status is S.REQUESTED
        page = client.sign_in(cast.founder).get(f"/introductions/{made.id}").text
        assert f"Answer by {day_in_words(last)}" in page
    clock.move_to(moment_on(last + timedelta(days=1), time(0, 0)))
    tend_daily()
    assert network.whole_introduction(made).status is S.LAPSED


def test_what_is_held_waits_to_the_end_of_the_day_that_is_named(cast: Cast, clock: Clock) -> None:
    clock.move_to(datetime(2026, 3, 9, 10, tzinfo=UTC))
    owner = investor()
    made = network.introduction(shown(), owner)
    for each in rows(network.Certification):
        if each.account_id == owner.id:
            each.revoked_at, each.revoked_reason = datetime(2026, 3, 9, 9, tzinfo=UTC), "Abroad"
    service.agree(made, [cast.founder.id], by=cast.founder.actor)
    assert made.status is S.HELD
    last = queries.held_until(made)
    clock.move_to(moment_on(last, time(23, 59, 59)))
    tend_daily()
    assert network.whole_introduction(made).status is S.HELD
    clock.move_to(moment_on(last + timedelta(days=1), time(0, 1)))
    tend_daily()
    assert network.whole_introduction(made).status is S.EXPIRED


def test_a_first_name_that_is_also_a_word_names_a_person_only_with_a_capital_within_a_sentence() -> None:
    known = Identity("Grace Field", "gf@made.example")
    assert said_in("There is grace in this. Grace notes in a field too.", known) is None
    assert said_in("It would delight me, Grace", known) == "your name"


@pytest.mark.parametrize(
    ("name", "refused", "passed"),
    [
        (
            "Søren O'Neill-Łódź",
            (
                "S. O’Neill here",
                "Regards, O'Neill",
                "ask for Neill",
                "soneill? oneill",
                "write to Lodz",
                "SØREN",
            ),
            ("We sell neatly across one hill",),
        ),
        ("Anna Smythe Jones", ("Smythe here", "a smythe of that kind", "jones"), ("We answer in May",)),
        ("Pia van der Vliet", ("the vliet money",), ("Can you show the van that you sell from?",)),
    ],
)
def test_n21_each_part_of_a_surname_names_an_investor(
    cast: Cast, client: ConformingClient, name: str, refused: tuple[str, ...], passed: tuple[str, ...]
) -> None:
    found, owner = shown(), network.admitted(network.investor(name=name))
    client.sign_in(owner)
    for text in refused:
        answer = client.post(f"/pitches/{found.id}/ask", data={"question": text})
        assert (answer.status_code, "Remove your name" in answer.text) == (422, True), text
    assert rows(PitchQuestion) == []
    for text in passed:
        assert client.post(f"/pitches/{found.id}/ask", data={"question": text}).status_code == 303, text
