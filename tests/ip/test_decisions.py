"""Strategic decisions: recorded with what was known then, never changed, looked at again on their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.ip.decisions import queries, service
from crm.ip.decisions.models import DecisionReminder
from crm.ip.decisions.rules import Later, fault_in_options, next_review, read_options
from crm.ip.decisions.service import EntryDetails
from crm.ip.decisions.workflow import EntryKind
from crm.kernel.clock import today
from crm.kernel.errors import Changed
from crm.kernel.permissions import SYSTEM
from crm.rights import queries as rights
from crm.rights.service import keeping
from crm.rights.workflow import RightKind, RightStatus
from tests import assessments, factories, network
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast, Member
from tests.client import ConformingClient
from tests.ip import bed
from tests.programme.applicants import Clock

sqlite = pytest.mark.engine("sqlite")
FORM = {
    "question": "License the otter, or make the toys?",
    "options": "License\nMake the toys\n\n License ",
    "decided": "License to one maker",
    "why": "No money for moulds",
    "decided_by": "Rosa and Ben",
    "known_besides": "A maker in Leeds offered 8%",
}
DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))


# ---------------------------------------------------------------- rules


@given(DAYS, st.lists(st.tuples(st.sampled_from(EntryKind), st.none() | DAYS), max_size=6))
def test_the_last_outcome_says_when_to_look_again_and_corrections_say_nothing(
    first: date, told: list[tuple[EntryKind, date | None]]
) -> None:
    later = [Later(kind is EntryKind.OUTCOME, day) for kind, day in told]
    outcomes = [each.review_on for each in later if each.is_outcome]

    assert next_review(first, later) == ([first, *outcomes][-1])


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("License\nMake", None),
        ("License\n License \n", "Enter at least two options, one a line"),
        ("\n".join(map(str, range(11))), "Enter 10 options or fewer"),
        ("a\n" + "b" * 501, "Each option must be 500 characters or fewer"),
    ],
)
def test_options_are_one_a_line_each_once_and_two_at_least(typed: str, fault: str | None) -> None:
    assert fault_in_options(read_options(typed)) == fault


# ---------------------------------------------------------------- pages


@sqlite
def test_a_founder_records_a_decision_and_what_was_known_stays_as_it_stood(
    client: ConformingClient, cast: Cast
) -> None:
    right = network.right(bed.owner(), title="OTTER, word mark")
    secret = network.right(bed.owner(), title="Process A", kind="trade_secret")
    assessments.readiness_check(bed.owner(), is_finished=True)
    where = f"/businesses/{BUSINESS}/strategic-decisions/record"
    client.sign_in(cast.founder)
    shown = bed.page(client, where)
    assert "OTTER, word mark" in shown
    assert "of 100" in shown
    assert secret.title not in shown
    form = FORM | bed.days("decided_on", today()) | {"seen": bed.seen(shown)}
    wrong = client.post(where, data=form | bed.days("review_on", today()))
    assert "The review day must be today or later, and after the day of the decision" in wrong.text
    assert (
        "one a line"
        in client.post(where, data=form | {"options": "License"} | bed.days("review_on", today())).text
    )
    ahead = bed.days("review_on", today() + timedelta(days=90))
    other = client.post(where, data=form | ahead | {"decided": "Sell the studio"})
    assert "Say which option was chosen" in other.text, "it cannot be changed later"
    made = client.post(where, data=form | ahead)
    page = bed.page(client, made.headers["Location"])
    assert "A maker in Leeds offered 8%" in page
    whole = rights.right(right.id)
    assert whole is not None
    keeping.remove(whole, by=SYSTEM)
    session().flush()
    later = bed.page(client, made.headers["Location"])
    assert "OTTER, word mark" in later
    assert f"/rights/{right.id}" in page
    assert f"/rights/{right.id}" not in later
    assert "License the otter" in bed.page(client, f"/businesses/{BUSINESS}/ip")
    assert client.sign_in(cast.other_founder).get(made.headers["Location"]).status_code == 404


@sqlite
def test_what_becomes_of_a_decision_is_added_and_nothing_is_overwritten(
    client: ConformingClient, cast: Cast
) -> None:
    made = bed.decided(bed.owner())
    where = f"/strategic-decisions/{made.id}"
    client.sign_in(cast.adviser)
    assert "Say what became of it" in client.post(f"{where}/add", data={"kind": "outcome", "words": " "}).text
    fields = {"kind": "correction", "words": "Ben decided too"}
    refused = client.post(f"{where}/add", data=fields | bed.days("review_on", today() + timedelta(days=9)))
    assert "A correction has no review day" in refused.text
    past = client.post(f"{where}/add", data=fields | {"kind": "outcome"} | bed.days("review_on", today()))
    assert "The next review day must be later than today" in past.text
    assert client.post(f"{where}/add", data=fields).status_code == 303
    assert "Review on" in bed.page(client, where)
    client.post(f"{where}/add", data={"kind": "outcome", "words": "Two games came of it"})
    page = bed.page(client, where)
    for words in ("Ben decided too", "Two games came of it", "It brings money sooner", "Reviewed"):
        assert words in page


@sqlite
def test_the_list_is_filtered_downloaded_and_shows_each_hub_its_own(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    due = bed.decided(
        bed.owner(), question="Due now?", decided_on=today() - timedelta(days=9), review_on=today()
    )
    settled = bed.added(bed.decided(bed.owner(), question="=Settled?"))
    bed.added(bed.decided(bed.owner(), question="Later?"), review_on=today() + timedelta(days=9))
    bed.decided(bed.owner(OTHER_BUSINESS), question="Of another hub?")
    client.sign_in(cast.adviser)
    for show, there in (("due", "Due now?"), ("done", "=Settled?"), ("ahead", "Later?")):
        page = bed.page(client, f"/strategic-decisions?show={show}")
        assert [each for each in ("Due now?", "=Settled?", "Later?") if each in page] == [there]
    assert "Of another hub?" not in bed.page(client, "/strategic-decisions")
    assert client.get("/strategic-decisions?show=zzz").status_code == 422
    then = bed.page(client, f"/strategic-decisions/{due.id}")
    assert "The decision was recorded later than it was taken." in then
    assert client.get("/strategic-decisions.csv").status_code == 403
    file = client.sign_in(manager).get("/strategic-decisions.csv").get_data(as_text=True)
    assert "'=Settled?" in file
    assert "Of another hub?" in file
    assert "Two games" in file
    assert client.get(f"/strategic-decisions/{due.id}/add").status_code == 403
    assert settled.next_review is None
    assert client.sign_in(cast.founder).get("/strategic-decisions").status_code == 403


# ---------------------------------------------------------------- reviews


def test_a_review_is_reminded_of_once_for_each_day_and_what_was_missed_is_caught_up(
    cast: Cast, clock: Clock
) -> None:
    own = bed.owner()
    factories.person(own, email="ann@made.example")
    made = bed.decided(own)
    service.remind()
    assert bed.letters("decision_review") == []
    clock.shift(33 * 24 * 3600)
    for _ in range(2):
        service.remind()
    (letter,) = bed.letters("decision_review")
    assert letter.context["question"] == "License or make?"
    bed.added(made, review_on=today() + timedelta(days=5))
    service.remind()
    clock.shift(6 * 24 * 3600)
    service.remind()
    assert len(bed.letters("decision_review")) == 2
    bed.added(made)
    clock.shift(400 * 24 * 3600)
    service.remind()
    assert session().scalar(select(func.count()).select_from(DecisionReminder)) == 2
    assert queries.due(today()) == []


@sqlite
def test_a_review_that_is_due_is_on_the_desk_of_the_founder_and_of_the_adviser(
    client: ConformingClient, cast: Cast
) -> None:
    made = bed.decided(bed.owner(), decided_on=today() - timedelta(days=9), review_on=today())
    wanted = f"/strategic-decisions/{made.id}/add"
    for part in ("founder", "adviser"):
        assert wanted in bed.page(client.sign_in(cast[part]), "/desk")
    assert wanted not in bed.page(client.sign_in(cast.other_adviser), "/desk")
    bed.added(made)
    assert wanted not in bed.page(client.sign_in(cast.founder), "/desk")


def test_what_changed_after_the_page_was_shown_is_not_recorded_unseen(cast: Cast) -> None:
    seen = service.mark_of_known(bed.owner())
    network.right(bed.owner(), title="A mark that came later")
    with pytest.raises(Changed):
        service.record(bed.owner(), bed.decision_details(), seen=seen, by=SYSTEM)


def test_the_states_in_the_list_are_those_of_the_rule(db: Session) -> None:
    """`next_review` is said once in Python and once in SQL: they agree on every shape of entries."""
    shapes = ([], [0], [None], [0, None], [None, 0], ["correction"], [None, "correction"], [9, "correction"])
    for shape in shapes:
        made = bed.decided(factories.business(), review_on=today() + timedelta(days=1))
        for each in shape:
            kind = EntryKind.CORRECTION if each == "correction" else EntryKind.OUTCOME
            day = today() + timedelta(days=1 + int(each)) if isinstance(each, int) else None
            service.add(made, EntryDetails(kind, "Made", day), by=SYSTEM)
    for on in (today(), today() + timedelta(days=1), today() + timedelta(days=30)):
        for show in ("due", "ahead", "done"):
            found = {each.id for each in queries.every_decision(queries.Wanted(show=show), SYSTEM, on=on)}
            every = queries.every_decision(queries.Wanted(), SYSTEM, on=on)
            assert found == {each.id for each in every if _state(each.next_review, on) == show}


def _state(day: date | None, on: date) -> str:
    return "done" if day is None else "due" if day <= on else "ahead"


@sqlite
def test_a_right_that_became_a_trade_secret_is_named_in_no_file_and_only_to_those_who_may_know_it(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    right = network.right(bed.owner(), title="Process B")
    made = bed.decided(bed.owner())
    right.kind = RightKind.TRADE_SECRET
    session().flush()
    where = f"/strategic-decisions/{made.id}"
    assert "Process B" in bed.page(client.sign_in(cast.founder), where)
    told = bed.page(client.sign_in(manager), where)
    assert "Process B" not in told
    assert "A right that is a trade secret now" in told
    assert "Process B" not in client.get("/strategic-decisions.csv").get_data(as_text=True)


@sqlite
def test_everything_wrong_with_a_decision_is_said_at_once_k12(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/strategic-decisions/record"
    day = timedelta(days=1)
    wrong = bed.days("decided_on", today() + day) | bed.days("review_on", today() - day)
    form = FORM | {"options": "License", "seen": bed.seen(bed.page(client, where))}
    answer = client.post(where, data=form | wrong)
    assert answer.status_code == 422
    for words in ("Enter at least two options", "The day must be today or earlier", "The review day must be"):
        assert words in answer.text


@sqlite
def test_what_is_left_out_of_a_decision_hides_nothing_else_that_is_wrong_k12(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    where, ahead, past = f"/businesses/{BUSINESS}/strategic-decisions/record", today() + DAY, today() - DAY
    options, future = "Enter at least two options", "The day must be today or earlier"
    form = FORM | {"seen": bed.seen(bed.page(client, where))}
    for change, told in (
        ({"why": "", "options": "only one"} | bed.days("decided_on", ahead), ("Say why", options, future)),
        ({"why": ""} | bed.days("review_on", past), ("Say why", "The review day must be")),
        ({"decided_by": "", "decided": "Neither"}, ("Enter who decided", "Say which option was chosen")),
    ):
        answer = client.post(where, data=form | change)
        assert answer.status_code == 422
        assert [words for words in told if words not in answer.text] == []
    made = bed.decided(bed.owner())
    fault = {"kind": "outcome", "words": "!"} | bed.days("review_on", today())
    answer = client.post(f"/strategic-decisions/{made.id}/add", data=fault).text
    assert "Say what became of it" in answer
    assert "The next review day must be later than today" in answer


@sqlite
def test_a_lapsed_right_has_no_renewal_ahead_and_is_offered_as_what_it_is_k11_k13(
    client: ConformingClient, cast: Cast
) -> None:
    gone = network.right(bed.owner(), title="A lamp that folds", status=RightStatus.LAPSED, renews_on=today())
    line = bed.income(bed.owner())
    client.sign_in(cast.founder)
    known = bed.page(client, f"/businesses/{BUSINESS}/strategic-decisions/record")
    assert f"{gone.title}, lapsed" in known
    assert "to be renewed by" not in known
    assert f"{gone.title} (lapsed, protects nothing)" in bed.page(client, f"/income-lines/{line.id}/protect")
