"""Two people at one readiness assessment: whoever comes second is told what became of their answers; and one taken again."""

from __future__ import annotations

import html
import io
import re

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import readiness
from crm.diagnostics.workflow import ReadinessStatus
from crm.kernel.permissions import SYSTEM
from tests.assessments import BY_ADVISER, again, finished, own, taken
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.diagnostics.test_readiness import version_on

pytestmark = pytest.mark.engine("sqlite")


def start(name: str) -> str:
    return f"/businesses/{BUSINESS}/readiness/{name}/new"


def words_of(client: ConformingClient, path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def test_who_saves_after_another_has_finished_is_told_which_answers_are_lost_k18(
    client: ConformingClient, cast: Cast
) -> None:
    made = taken(own())
    question = asked_of(made)[0].question("own1")
    assert question is not None
    where = f"/readiness/{made.id}/ownership"
    client.sign_in(cast.adviser)
    shown = version_on(client.get(where).text)
    readiness.finish(again(made), by=cast.founder.actor)
    sent = {"version": shown, "own1": "a", "own2": "c", "own3": "c", "own4": "c"}
    after = client.post(where, data=sent)
    assert after.headers["Location"] == f"/readiness/{made.id}"
    said = words_of(client, after.headers["Location"])
    assert f"{cast.founder.actor.name} finished this assessment on 24 November 2026" in said
    assert (
        f"Your answers were not saved: “{question.text}” with “{question.options[0].label}”. To use them"
        in said
    )
    client.sign_in(cast.founder)
    client.post(where, data=sent | {"own1": "c"})
    said = words_of(client, f"/readiness/{made.id}")
    assert "You finished this assessment on 24 November 2026" in said, "their own second tab"
    assert "Its answers cannot change now." in said
    assert "were not saved" not in said
    assert client.get(where).headers["Location"] == f"/readiness/{made.id}"


@pytest.mark.parametrize(
    ("name", "first", "second", "told"),
    [
        (
            IP,
            {"screen": "no"},
            {"screen": "yes"},
            "it says no, and you chose yes: what you chose was not saved",
        ),
        (IP, {"screen": "no"}, {"screen": "no"}, "You are answering the same one."),
        (EXPORT, {"sells": "goods"}, {"sells": "services"}, "it says goods, and you chose services, rights"),
    ],
)
def test_who_starts_after_another_is_told_whose_it_is_and_what_differs_k18(
    client: ConformingClient,
    cast: Cast,
    db: Session,
    name: str,
    first: dict[str, str],
    second: dict[str, str],
    told: str,
) -> None:
    client.sign_in(cast.founder)
    assert client.post(start(name), data=first).headers["Location"].count("/") == 3
    own_again = client.post(start(name), data=first).headers["Location"]
    assert "started this assessment" not in words_of(client, own_again)
    client.sign_in(cast.adviser)
    led = client.post(start(name), data=second | {"answered_by": "together"}).headers["Location"]
    said = words_of(client, led)
    assert f"{cast.founder.actor.name} started this assessment on" in said
    assert told in said
    assert len(db.scalars(select(ReadinessCheck)).all()) == 1


def test_what_was_told_at_the_start_is_put_right_and_the_answers_stay_k18(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    client.post(start(EXPORT), data={"sells": "services"})
    made = db.scalars(select(ReadinessCheck)).one()
    whole = f"/readiness/{made.id}"
    assert "0 of 20 questions answered" in words_of(client, whole)
    answered = again(made)
    first = asked_of(answered)[0].for_circumstances(asked_of(answered)[1])[0]
    readiness.answer(answered, {first.key: first.options[0].value}, by=cast.founder.actor)
    db.commit()
    page = client.get(f"{whole}/about").text
    assert re.search(r'value="services"[^>]* checked', page)
    stale = version_on(page)
    sent = {"version": stale, "sells": "goods"}
    assert client.post(f"{whole}/about", data=sent).headers["Location"] == whole
    said = words_of(client, whole)
    assert "Sold abroad Goods Change Sold abroad" in said
    assert "1 of 21 questions answered" in said, "goods are asked one question more, and the answer stays"
    late = client.post(f"{whole}/about", data={"version": stale, "sells": "both"})
    assert late.status_code == 409
    assert "Sold abroad Goods" in words_of(client, whole)
    wrong = client.post(f"{whole}/about", data={"version": stale, "sells": "ships"})
    assert wrong.status_code == 422
    assert "Choose one of the answers to “What do you sell, or plan to sell, abroad?”" in html.unescape(
        wrong.text
    )


def test_nothing_is_finished_that_its_reader_did_not_see_k4(client: ConformingClient, cast: Cast) -> None:
    made = taken(own(), EXPORT)
    whole = f"/readiness/{made.id}"
    client.sign_in(cast.founder)
    shown = mark_on(client.get(whole).text)
    client.sign_in(cast.adviser)
    client.post(f"{whole}/about", data={"version": made.version, "sells": "services"})
    client.sign_in(cast.founder)
    refused = client.post(f"{whole}/finish", data={"seen": shown})
    assert refused.status_code == 409
    assert again(made).status is ReadinessStatus.ANSWERING
    assert client.post(f"{whole}/finish", data={"seen": mark_on(refused.text)}).status_code == 303
    assert "Sold abroad Services, rights or digital work" in words_of(client, whole)
    paper = pypdf.PdfReader(io.BytesIO(client.get(f"{whole}/report").data))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert re.search("Sold abroad:? Services, rights or digital work", text)


def mark_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def test_an_answer_to_a_question_that_is_not_asked_any_more_is_named_and_the_others_stay_k28(
    client: ConformingClient, cast: Cast
) -> None:
    made = taken(own(), EXPORT, most=1)
    asked, _ = asked_of(made)
    gone = next(each for each in asked.questions if each.applies_to == "goods")
    beside = next(each for each in asked.questions if each.area == gone.area and each != gone)
    where = f"/readiness/{made.id}/{gone.area}"
    client.sign_in(cast.founder)
    shown = version_on(client.get(where).text)
    client.sign_in(cast.adviser)
    client.post(f"/readiness/{made.id}/about", data={"version": made.version, "sells": "services"})
    client.sign_in(cast.founder)
    told = client.post(where, data={"version": shown, gone.key: "a", beside.key: "b"})
    assert told.status_code == 422
    text = html.unescape(told.text)
    assert f"“{gone.text}” is not asked any more" in text
    assert re.search(rf'name="{beside.key}"[^>]*value="b"[^>]* checked', text)
    assert client.post(where, data={"version": version_on(told.text), beside.key: "b"}).status_code == 303


def test_nothing_told_at_the_start_of_a_finished_assessment_changes(
    client: ConformingClient, cast: Cast
) -> None:
    made = finished(own())
    client.sign_in(cast.founder)
    assert client.get(f"/readiness/{made.id}/about").status_code == 409
    assert client.post(f"/readiness/{made.id}/about", data={"screen": "yes"}).status_code == 409
    assert not again(made).circumstances["screen"]


def test_an_assessment_taken_again_starts_with_the_last_answers_or_with_none_k17(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    assert "Which answers do you want to start with?" not in client.get(start(IP)).text
    before = finished(own())
    page = client.get(start(IP)).text
    assert "The answers of 24 November 2026: I change what is different" in page
    led = client.post(start(IP), data={"screen": "no", "start_from": "last"}).headers["Location"]
    made = db.scalars(select(ReadinessCheck).where(ReadinessCheck.id != before.id)).one()
    assert led == f"/readiness/{made.id}", "to the list of parts, where all are answered"
    assert again(made).given == again(before).given
    part = f"{led}/ownership"
    sent = {"version": version_on(client.get(part).text), "own1": "a", "own2": "c", "own3": "c", "own4": "c"}
    assert client.post(part, data=sent).status_code == 303
    assert client.post(f"{led}/finish").status_code == 303
    assert again(before).given["own1"] == "c", "the earlier result stays"
    fresh = client.post(start(IP), data={"screen": "no", "start_from": "blank"}).headers["Location"]
    assert "0 of 43 questions answered" in words_of(client, fresh.removesuffix("/ownership"))


def test_a_result_names_who_answered_it_k11(client: ConformingClient, cast: Cast) -> None:
    made = readiness.begin(own(), IP, details=BY_ADVISER, by=cast.founder.actor)
    asked, of = asked_of(made)
    given = {each.key: "d" for each in asked.for_circumstances(of)}
    readiness.answer(made, given, by=cast.founder.actor)
    readiness.answer(again(made), {"own1": "c"}, by=cast.adviser.actor)
    readiness.finish(again(made), by=SYSTEM)
    client.sign_in(cast.founder)
    names = " and ".join(sorted((cast.founder.actor.name, cast.adviser.actor.name)))
    assert f"Answered together ({names})" in words_of(client, f"/readiness/{made.id}")
    paper = pypdf.PdfReader(io.BytesIO(client.get(f"/readiness/{made.id}/report").data))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"], "tagged, so that it can be read aloud"
    assert paper.trailer["/Root"]["/StructTreeRoot"]
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert f"Answered together ({names}). 43 of 43 questions answered" in text
    assert "Each number is an area in the table." in text, "the chart stands above its table"
