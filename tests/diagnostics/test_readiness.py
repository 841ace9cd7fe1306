"""Readiness assessments as people take them: on their own, together, interrupted, and under versions that come and go."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.diagnostics.models import ReadinessCheck, ReadinessSet
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.results import asked_of, result_of
from crm.diagnostics.rules.comparing import unlike
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.rules.scoring import tenths
from crm.diagnostics.service import readiness, sets
from crm.diagnostics.workflow import AnsweredBy, ReadinessStatus, SetStatus
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.web.once import FIELD
from tests import factories
from tests.assessments import BY_ADVISER, again, finished, own, taken
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.diagnostics.test_editing import typed
from tests.statements import recording

SQLITE = pytest.mark.engine("sqlite")


def version_on(page: str) -> str:
    found = re.search(r'name="version" type="hidden" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def once_on(page: str) -> str:
    found = re.search(rf'name="{FIELD}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found.group(1))


def is_only_short_of_answers_when_the_rest_are_unsure(client: ConformingClient, whole: str) -> bool:
    """Answer the two other critical questions “Not sure yet”."""
    for part, key in (("copyright", "cop2"), ("enforcement", "enf4")):
        where = f"{whole}/{part}"
        client.post(where, data={"version": version_on(client.get(where).text), key: "unsure"})
    return "You have answered 2 of 43 questions. Answer 26 or more" in client.post(f"{whole}/finish").text


@SQLITE
def test_a_founder_answers_stops_comes_back_and_is_told_what_is_lacking_a55(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    start = f"/businesses/{BUSINESS}/readiness/{IP}/new"
    page = client.get(start).text
    for words in (
        "Are you applying",
        "answer 26 or more of the 43 questions",
        "4 questions marked “Needed to",
    ):
        assert words in page
    assert client.post(start).status_code == 422
    area = client.post(start, data={"screen": "no"}).headers["Location"]
    assert area.endswith("/ownership")
    page = client.get(area).text
    assert "Part 1 of 12" in page
    assert "Needed to finish. Chain of title is" in page
    assert "a commissioned freelancer normally keeps copyright" in page
    after = client.post(area, data={"version": version_on(page), "own1": "a", "own2": "na", "own4": "unsure"})
    assert after.headers["Location"].endswith("/copyright")

    whole = area.removesuffix("/ownership")
    assert f'href="{whole}"' in client.get("/desk").text
    page = client.get(whole).text
    assert db.scalars(select(ReadinessCheck.answered_by)).one() is AnsweredBy.BUSINESS
    for words in ("2 of 43 questions answered, and 1 more “Not sure yet”", "2 of 4 answered, 1 not sure yet"):
        assert words in page
    assert re.search(r'name="own4"[^>]*value="unsure"[^>]*checked', client.get(area).text)
    lacking = f'href="{whole}/copyright#ask-cop2">'
    assert (lacking in page, "#ask-own4" in page) == (True, False)
    refused = client.post(f"{whole}/finish")
    assert refused.status_code == 422
    told = ("Answer these 2 questions before you finish.", "You have answered 2 of 43 questions. Answer")
    assert all(words in refused.text for words in told), "all that is lacking at once"
    assert lacking in refused.text.split("error-summary__list")[1].split("</ul>")[0], "a link of the box"
    assert is_only_short_of_answers_when_the_rest_are_unsure(client, whole)

    assert client.post(start, data={"screen": "no"}).headers["Location"] == whole
    assert len(db.scalars(select(ReadinessCheck)).all()) == 1


@SQLITE
def test_a_result_says_what_to_do_first_and_never_changes_again_a55(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = taken(own(), most=0)
    readiness.answer(made, {"own1": "a", "own2": "na"}, by=SYSTEM)
    client.sign_in(cast.founder)
    whole = f"/readiness/{made.id}"
    made = again(made)
    readiness.answer(made, {"own4": "b", "cop2": "c", "enf4": "d"}, by=SYSTEM)
    assert "You have answered 5 of 43 questions. Answer 26 or more" in client.post(f"{whole}/finish").text
    made = again(made)
    rest = [each.key for each in asked_of(made)[0].questions if each.area != "ownership"]
    readiness.answer(made, dict.fromkeys(rest, "d"), by=SYSTEM)
    assert client.post(f"{whole}/finish").status_code == 303
    page = client.get(whole).text
    made = again(made)
    assert made.band == "basic"
    assert made.score == 931
    assert "93.1 out of 100" in page
    assert "cannot be above “Basic”" in page
    assert "<svg" in page
    assert "Adopt one signed freelancer agreement" in page
    assert client.get(f"{whole}/report").data.startswith(b"%PDF")
    # A finished one never changes, and a new one begins beside it.
    assert client.get(f"{whole}/ownership").headers["Location"].endswith(whole)
    assert client.post(f"{whole}/finish").status_code == 409
    assert readiness.begin(own(), IP, details=BY_ADVISER, by=SYSTEM).id != made.id


@SQLITE
def test_what_no_page_asks_is_refused_in_words_and_nothing_is_saved(
    client: ConformingClient, cast: Cast
) -> None:
    made = taken(own(), most=0)
    client.sign_in(cast.adviser)
    where = f"/readiness/{made.id}/ownership"
    tampered = client.post(where, data={"version": "", "own2": "z"})
    assert tampered.status_code == 422
    assert "Choose one of the answers shown" in tampered.text
    for stranger in ("ex05", "cop1"):
        answer = client.post(where, data={"version": "", "own1": "a", stranger: "a"})
        assert answer.status_code == 422
        assert "a question that this page does not ask" in answer.text
    assert queries.answers_now(made) == {}
    assert client.get(f"/readiness/{made.id}/nowhere").status_code == 404
    with pytest.raises(Invalid):
        readiness.answer(made, {"ex05": "a"}, by=SYSTEM)


@SQLITE
def test_two_who_answer_at_once_keep_both_and_are_told_where_they_differ(
    client: ConformingClient, cast: Cast
) -> None:
    made = taken(own(), most=1)
    where = f"/readiness/{made.id}/ownership"
    client.sign_in(cast.founder)
    page = client.get(where).text
    shown = {"version": version_on(page), "own1": "c"}
    # An adviser answers the second question meanwhile; the founder the third.
    readiness.answer(made, {"own2": "b"}, by=cast.adviser.actor)
    assert client.post(where, data={**shown, "own3": "d"}).status_code == 303
    assert {key: row.value for key, row in queries.answers_now(made).items()} == {
        "own1": "c",
        "own2": "b",
        "own3": "d",
    }
    # Both change the first: the second to save is told what the first said, and can save again.
    shown = {"version": version_on(client.get(where).text), "own1": "a", "own2": "b", "own3": "d"}
    readiness.answer(made, {"own1": "d"}, by=cast.adviser.actor)
    told = client.post(where, data=shown)
    assert told.status_code == 409
    assert f"{cast.adviser.actor.name} answered" in told.text
    assert "A signed assignment" in told.text
    assert queries.answers_now(made)["own1"].value == "d"
    assert client.post(where, data={**shown, "version": version_on(told.text)}).status_code == 303
    assert queries.answers_now(made)["own1"].value == "a"


@pytest.mark.parametrize("theirs", ["d", None])
def test_after_a_conflict_answers_that_the_reader_never_touched_are_those_saved_now_k4_k18(
    client: ConformingClient, cast: Cast, theirs: str | None
) -> None:
    made = taken(own(), most=1)
    readiness.answer(made, {"own1": "a", "own2": "b", "own3": "a"}, by=cast.founder.actor)
    where = f"/readiness/{made.id}/ownership"
    client.sign_in(cast.founder)
    shown = {"version": version_on(client.get(where).text), "own1": "b", "own2": "b", "own3": "a"}
    # An adviser changes the question that the founder changes too, and two that the founder leaves as they are.
    readiness.answer(made, {"own1": "c", "own2": theirs, "own3": "c"}, by=cast.adviser.actor)

    told = client.post(where, data=shown)
    assert told.status_code == 409
    marked = re.findall(r'<input [^>]*name="(own\d)"[^>]*value="(\w+)"[^>]*\bchecked\b', told.text)
    chosen = dict(marked)
    assert chosen == {"own1": "b", "own2": theirs or "unsure", "own3": "c"}
    again = {"version": version_on(told.text), **chosen}
    assert client.post(where, data=again).status_code == 303
    now = {key: row.value for key, row in queries.answers_now(made).items()}
    assert (now["own1"], now["own2"], now["own3"]) == ("b", theirs, "c")


def replaced(client: ConformingClient, cast: Cast) -> tuple[ReadinessSet, str]:
    """Publish a newer version through the pages: one question changed, one removed. The old one, and the new one's page."""
    client.sign_in(cast.administrator)
    shown = queries.published_set(IP)
    assert shown is not None
    at = f"/question-sets/readiness/{shown.id}"
    assert "Copy to a draft" in client.get(at).text
    assert client.get(f"{at}/questions/own1").status_code == 409
    draft = client.post(f"{at}/draft").headers["Location"]
    assert client.post(f"{at}/draft").headers["Location"] == draft
    assert "not asked until it is published" in client.get(draft).text
    edit = f"{draft}/questions/own1"
    data = typed(client, edit) | {"text": "Who signs what?", "weight": "1.5"}
    data |= {f"label_{each}": f"Answer {each}" for each in "abcd"}
    for weight in ("0", "0.0", "1e3"):
        wrong = client.post(edit, data={**data, "weight": weight})
        assert wrong.status_code == 422
        assert 'href="#weight"' in wrong.text
    assert client.post(edit, data=data).status_code == 303
    assert client.post(edit, data={**data, "text": "Other"}).status_code == 409
    assert "Weight 1.5." in client.get(draft).text
    gone = f"{draft}/questions/man4/remove"
    assert client.post(gone, data={"version": "99"}).status_code == 409, "changed in another tab"
    assert client.post(gone).status_code == 303
    assert client.post(f"{draft}/publish").status_code == 303
    return shown, draft


@SQLITE
def test_a_set_retired_in_the_middle_is_finished_under_its_own_version_a55(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    done, made = finished(factories.business()), taken(own(), pattern="d")
    before = (done.score, dict(done.areas), done.band)
    shown, draft = replaced(client, cast)
    db.refresh(shown)
    assert shown.status is SetStatus.RETIRED
    client.sign_in(cast.founder)
    assert "replaced by a newer version" in client.get(f"/readiness/{made.id}").text
    start = f"/businesses/{BUSINESS}/readiness/{IP}/new"
    assert client.get(start).headers["Location"] == f"/readiness/{made.id}"
    assert client.post(f"/readiness/{made.id}/finish").status_code == 303
    assert again(made).status is ReadinessStatus.FINISHED
    assert made.set_id == shown.id
    same = again(done)
    assert (same.score, same.areas, same.band) == before
    worked_out = result_of(same)
    assert worked_out.answered == 43
    assert worked_out.overall is not None
    assert worked_out.band is not None
    stored = tenths(worked_out.overall), {key: tenths(each) for key, each in worked_out.areas.items()}
    assert (*stored, worked_out.band.key) == before, "its stored answers give what was stored"
    newer = readiness.begin(own(), IP, details=BY_ADVISER, by=SYSTEM)
    assert len(asked_of(newer)[0].questions) == 42
    assert asked_of(newer)[0].questions[0].text == "Who signs what?"
    client.sign_in(cast.administrator)
    assert client.post(f"{draft}/retire").status_code == 303
    assert client.get(f"/businesses/{OTHER_BUSINESS}/readiness/{IP}/new").status_code == 409
    with pytest.raises(Conflict):
        readiness.begin(factories.business(), IP, details=BY_ADVISER, by=SYSTEM)


@SQLITE
def test_services_only_are_not_asked_about_goods(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.adviser)
    start = f"/businesses/{BUSINESS}/readiness/{EXPORT}/new"
    data = {"answered_by": "together", "sells": "services"}
    where = client.post(start, data=data).headers["Location"]
    page = client.get(where.replace("/ambition", "/rules")).text
    assert "visas, work permits" in page
    assert "carnet" not in page
    assert "of 20 questions answered" in client.get(where.removesuffix("/ambition")).text


@SQLITE
def test_who_sees_an_assessment_and_who_changes_its_questions(
    client: ConformingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, open_one = finished(own()), taken(own(), EXPORT, most=2)
    for member, seen in ((cast.other_founder, 404), (cast.other_adviser, 404), (cast.auditor, 200)):
        client.sign_in(member)
        assert client.get(f"/readiness/{done.id}").status_code == seen
    assert "IP readiness" not in client.sign_in(cast.other_adviser).get("/readiness").text.split("<main")[1]
    listed = client.sign_in(cast.adviser).get("/readiness").text
    assert f"/readiness/{done.id}" in listed
    assert f"/readiness/{open_one.id}" in listed
    assert f"/readiness/{open_one.id}" not in client.get(f"/readiness?set={IP}").text
    with pytest.raises(NotAllowed):
        readiness.answer(open_one, {"ex01": "a"}, by=cast.auditor.actor)
    shown = queries.published_set(IP)
    assert shown is not None
    assert client.post(f"/question-sets/readiness/{shown.id}/draft").status_code == 403
    assert sets.load_shipped() == {"readiness question sets": 0}
    shipped = {each: {**queries.shipped_set(each), "intro": "changed"} for each in queries.SHIPPED_SETS}
    monkeypatch.setattr(queries, "shipped_set", shipped.get)
    with pytest.raises(Conflict):
        sets.load_shipped()


@SQLITE
def test_a_page_asks_the_database_no_more_than_twelve_times_however_much_is_answered(
    client: ConformingClient, cast: Cast
) -> None:
    app, owner = client.application, own()
    made = taken(owner, most=1)
    done = finished(factories.business(hub_id=owner.hub_id))
    client.sign_in(cast.adviser)
    pages = (
        f"/readiness/{made.id}",
        f"/readiness/{made.id}/ownership",
        f"/readiness/{done.id}",
        "/readiness",
    )
    counts: list[list[int]] = []
    for most in (1, 100):
        readiness.answer(made, dict.fromkeys(_keys(made)[:most], "b"), by=SYSTEM)
        counts.append([])
        for page in pages:
            with recording(app) as heard:
                assert client.get(page).status_code == 200
            counts[-1].append(len(heard))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
    assert made.status is ReadinessStatus.ANSWERING


def test_saving_a_page_of_answers_asks_the_database_no_more_than_twelve_times_however_many_are_new_or_changed(
    client: ConformingClient, cast: Cast
) -> None:
    app, where = client.application, f"/readiness/{taken(own(), most=0).id}/ownership"
    client.sign_in(cast.adviser)
    counts = []
    for value, count in (("b", 1), ("a", 3), ("b", 3), ("c", 4), ("a", 4)):
        page = client.get(where).text
        keys = list(dict.fromkeys(re.findall(r'name="(own\d+)"', page)))[:count]
        sent = dict.fromkeys(keys, value) | {"version": version_on(page), FIELD: once_on(page)}
        with recording(app) as heard:
            assert client.post(where, data=sent).status_code == 303
        assert {"submission", "readiness_answer", "audit_entry"} <= set(heard.writes)
        counts.append(len(heard))
    # The first post is followed, by the browser of the tests, to the page where it led.
    assert max(counts[1:]) <= 11, counts


def _keys(made: ReadinessCheck) -> list[str]:
    return [each.key for each in asked_of(made)[0].questions]


@pytest.mark.engine("sqlite")
def test_taken_again_says_which_questions_are_new_or_reworded_and_what_does_not_compare_k10_k17(
    client: ConformingClient, cast: Cast
) -> None:
    finished(own(), EXPORT)
    client.sign_in(cast.administrator)
    asked = queries.published_set(EXPORT)
    assert asked is not None
    draft = client.post(f"/question-sets/readiness/{asked.id}/draft").headers["Location"]
    where, new = f"{draft}/questions/ex01", f"{draft}/new-question"
    data = typed(client, where)
    was, area = data["text"], data["area"]
    assert client.post(where, data=data | {"text": "Is anyone in charge of exports?"}).status_code == 303
    added = typed(client, new) | {"area": area, "text": "Which?", "label_a": "This", "label_b": "That"}
    added |= {"next_action": "Choose one", "score_b": "3"}
    assert client.post(new, data=added).status_code == 303
    assert client.post(f"{draft}/publish").status_code == 303

    client.sign_in(cast.founder)
    begun = client.post(
        f"/businesses/{BUSINESS}/readiness/{EXPORT}/new", data={"sells": "both", "start_from": "last"}
    )
    whole = "/".join(begun.headers["Location"].split("/")[:3])
    for page in (f"{whole}/{area}", whole):
        told = " ".join(html.unescape(client.get(page).text).split())
        assert f"Reworded since last time, when it was “{was}” Your answer then:" in told
        assert told.count("New since last time.") == 1


def test_a_comparison_names_the_parts_that_are_scored_on_one_of_two_days_only_k10() -> None:
    rows = [("Money", None, 444), ("Market", 300, 200), ("Team", None, 667), ("Route", 100, None)]
    assert unlike(rows) == (
        "The two scores rest on different answers: not scored now: Money and Team; not scored last time: Route."
    )
    assert unlike([("Market", 300, 200), ("Money", None, None)]) == ""
