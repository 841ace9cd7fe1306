"""A draft of a readiness question set is edited on its pages: questions, results, weights and rules; or is discarded."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from crm.accounts.queries import account_again
from crm.db.session import session
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import readiness, sets
from crm.diagnostics.workflow import SetStatus
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from tests import assessments, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.test_openings import as_shown, form_of

SQLITE = pytest.mark.engine("sqlite")


def typed(client: ConformingClient, path: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = form_of(client.get(path).text, path)
    assert form is not None
    return {name: value for name, value in as_shown(form).items() if name not in {"csrf_token", "once"}}


def drafted(client: ConformingClient, cast: Cast, name: str) -> tuple[str, Any]:
    """A draft of a set, by its page, and the row of it."""
    shown = queries.published_set(name)
    assert shown is not None
    client.sign_in(cast.administrator)
    where = client.post(f"/question-sets/readiness/{shown.id}/draft").headers["Location"]
    return where, queries.versions_of(name)[0]


def refuses(client: ConformingClient, path: str, data: dict[str, Any], field: str, words: str) -> bool:
    """Whether a form is refused in these words, with a link to the field."""
    told = client.post(path, data=data)
    return told.status_code == 422 and words in html.unescape(told.text) and f'href="#{field}' in told.text


def in_route(version: Any) -> list[Any]:
    session().expire_all()
    return [each for each in version.content["questions"] if each["area"] == "route"]


@SQLITE
def test_a_question_has_two_to_eight_answers_a_place_and_those_whom_it_is_for_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    new = f"{draft}/new-question"
    data = typed(client, new) | {"area": "route", "place": "1"}
    data |= {"text": "Who speaks the language?", "weight": "2", "next_action": "Find a translator"}
    data |= {"label_a": "No one", "label_b": "An agent", "label_c": "", "label_d": "Several of us"}
    for fault, field, words in (
        ({"area": "nowhere"}, "area", "Choose one of the answers to"),
        ({"label_d": " no  ONE"}, "label_d", "This is the same as answer 1"),
        ({"label_a": "Not sure"}, "label_a", "This would lower the score"),
        ({"label_b": "", "label_d": ""}, "label_b", "Enter 2 to 8 answers"),
        ({"score_d": "none"}, "score_a", "The best answer must score 3"),
        ({"next_action": " "}, "next_action", "Say what to do where the answer is low"),
    ):
        assert refuses(client, new, {**data, **fault}, field, words)
    more = {f"label_{each}": f"More {each}" for each in "efgh"} | {"score_h": "none", "groups": ["crafts"]}
    added = client.post(new, data={**data, **more, "applies_to": "goods"})
    assert added.headers["Location"].endswith("#q1")
    page = client.get(draft).text
    for words in (
        "22 questions about",
        "only those who sell goods",
        "More h (not scored)",
        "Counts more for",
    ):
        assert words in page
    assert in_route(version)[0]["id"] == "q1"
    assert [each["value"] for each in in_route(version)[0]["options"]] == [*"abdefgh"]
    moved = typed(client, f"{draft}/questions/q1") | {"place": "2", "label_e": "", "label_f": ""}
    assert client.post(f"{draft}/questions/q1", data=moved).status_code == 303
    assert in_route(version)[1]["id"] == "q1"
    assert len(in_route(version)[1]["options"]) == 5


@SQLITE
def test_a_question_that_must_be_answered_is_previewed_and_holds_who_finishes_without_it_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    edit = f"{draft}/questions/ex04"
    data = typed(client, edit) | {"critical": "y", "help": "Look it up in the last accounts", "screen": "y"}
    assert client.post(edit, data=data).status_code == 303
    looked = html.unescape(client.get(f"{draft}/preview").text)
    assert "Needed to finish. Look it up in the last accounts" in looked
    assert "nothing that you choose here is saved" in looked
    goods, services = (client.get(f"{draft}/preview?sells={each}").text for each in ("goods", "services"))
    assert goods.count("govuk-radios govuk-radios") == services.count("govuk-radios govuk-radios") + 1
    assert client.post(f"{draft}/publish").status_code == 303
    client.sign_in(cast.founder)
    started = client.post(f"/businesses/{BUSINESS}/readiness/{EXPORT}/new", data={"sells": "both"})
    whole = "/".join(started.headers["Location"].split("/")[:3])
    made = queries.assessment(UUID(whole.rsplit("/", 1)[1]))
    assert made is not None
    asked, of = asked_of(made)
    others = {each.key: "a" for each in asked.for_circumstances(of) if each.key != "ex04"}
    readiness.answer(made, others, by=cast.founder.actor)
    refused = client.post(f"{whole}/finish")
    assert refused.status_code == 422
    assert "#ask-ex04" in refused.text
    area = next(each.area for each in asked.questions if each.key == "ex04")
    assert "Look it up in the last accounts" in client.get(f"{whole}/{area}").text
    assert version.id == made.set_id


@SQLITE
def test_a_draft_gets_other_results_and_weights_and_what_cannot_be_is_refused_at_its_field_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    assert (
        client.get(
            f"{draft.replace(str(version.id), str(queries.published_set(EXPORT).id))}/results"
        ).status_code
        == 409
    )  # type: ignore[union-attr]
    where = f"{draft}/results"
    fields = typed(client, where)
    assert [fields[name] for name in ("name_ready", "least_ready", "share", "sector_boost")] == [
        *("Ready", "55", "60", "1")
    ]
    for field, value, words in (
        ("least_ready", "101", "Enter the points result 3 begins at, from 0 to 100"),
        ("least_ready", "x", "Enter the points result 3 begins at, from 0 to 100"),
        ("least_ready", "20", "Enter more than 30, where “Preparing” begins"),
        ("least_not_yet", "5", "The first result begins at 0"),
        ("name_ready", " preparing", "Two results have this name"),
        ("sector_boost", "0.5", "Enter how many times it counts in its sectors, from 1 to 99.99"),
        ("share", "0", "Enter a percentage from 50 to 100, like 60"),
    ):
        assert refuses(client, where, {**fields, field: value}, field, words)
    done = {"title": "Ready to export", "least_ready": "57.5", "share": "70", "sector_boost": "1.5"}
    assert client.post(where, data={**fields, **done}).status_code == 303
    page = client.get(draft).text
    for words in ("Ready to export, version", "From 57.5", "70% of the questions", "counts 1.5"):
        assert words in page


@SQLITE
@pytest.mark.parametrize(("typed_so", "fewest"), [("", 12), ("x", 7)])
def test_of_many_boxes_of_one_kind_each_error_at_the_top_says_which_it_is_about_k32(
    client: ConformingClient, cast: Cast, typed_so: str, fewest: int
) -> None:
    where = f"{drafted(client, cast, EXPORT)[0]}/results"
    several = re.compile(r"(name|least|partname|partweight)_|(sector|screen)_boost")
    fields = {
        each: typed_so if several.match(each) else value for each, value in typed(client, where).items()
    }
    page = client.post(where, data=fields).text
    errors = re.findall(
        r"<a href=\"#[^\"]+\">([^<]+)</a>", page.partition("error-summary__body")[2].partition("</ul>")[0]
    )
    assert len(errors) == len(set(errors)) >= fewest


@SQLITE
def test_rules_are_edited_and_what_they_do_is_said_beside_their_questions_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, IP)
    assert "1 rule of this draft depends on the answer" in client.get(f"{draft}/questions/own1").text
    assert "No rule depends on the answer" in client.get(f"{draft}/questions/man4").text
    new, last = f"{draft}/new-rule", f"{draft}/rules/4"
    data = typed(client, new) | {"below": "2", "cap": "exposed", "words": "Name who looks after it."}
    assert refuses(client, new, data, "questions", "Choose one or more questions")
    assert client.post(new, data={**data, "questions": ["man4"]}).status_code == 303
    page = client.get(draft).text
    assert "Name who looks after it." in page
    assert "The result cannot be above Exposed." in page
    assert "1 rule of this draft depends on the answer" in client.get(f"{draft}/questions/man4").text
    changed = typed(client, last) | {"below": "1", "questions": ["man4"], "words": "Name one person."}
    assert refuses(client, last, {**changed, "holds": ["man4"]}, "holds", "A question cannot wait for itself")
    changed |= {"holds": ["man1"], "holds_offer": "y"}
    assert client.post(last, data=changed).status_code == 303
    assert client.post(last, data=changed).status_code == 409, "changed in another tab"
    shown = client.get(draft).text
    assert "Support for the result is not suggested until then" in shown
    assert "Not suggested until then: Name one person for IP" in shown
    session().expire_all()
    seen = {"version": version.version}
    assert client.post(f"{draft}/questions/man1/remove", data=seen).status_code == 303
    assert "Not suggested until then" not in client.get(draft).text
    assert client.get(f"{draft}/rules/5").status_code == 404
    assert client.post(f"{draft}/rules/2/remove").status_code == 303
    assert "Chain of title to fix" in client.get(draft).text, "the message names what was removed"
    assert "Chain of title to fix" not in client.get(draft).text
    session().expire_all()
    assert [each["words"] for each in version.content["gates"]][-1] == "Name one person."


@SQLITE
def test_a_draft_is_discarded_once_that_is_confirmed_and_the_next_starts_from_what_is_published(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, IP)
    client.post(f"{draft}/questions/man4/remove", data={"version": version.version})
    assert "42 questions about" in client.get(draft).text
    assert "All changes in this draft are lost" in client.get(f"{draft}/discard").text
    assert client.post(f"{draft}/discard").status_code == 303
    listed = client.get("/question-sets").text
    assert "Discarded draft of" in listed.partition(draft)[2].partition("</li>")[0], (
        "no number is missing without a word"
    )
    assert client.get(f"{draft}/questions/own1").status_code == 409
    assert client.post(f"{draft}/publish").status_code == 409
    again, _ = drafted(client, cast, IP)
    assert again != draft
    assert "43 questions about" in client.get(again).text


@SQLITE
def test_a_part_begins_with_a_question_and_is_removed_with_its_questions_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    new = f"{draft}/new-question"
    data = typed(client, new) | {"area": "new", "place": "1", "text": "Who speaks the language?"}
    data |= {"weight": "2", "next_action": "Translate", "label_a": "No one", "label_d": "Several of us"}
    assert refuses(client, new, data, "new_area", "Enter the name of the new part")
    there = data | {"new_area": "market KNOWLEDGE"}
    assert refuses(client, new, there, "new_area", "There is a part of this name")
    told = data | {"new_area": "Language", "new_area_weight": "0"}
    assert refuses(client, new, told, "new_area_weight", "Enter a weight above 0")
    assert client.post(new, data=told | {"new_area_weight": "1.5"}).status_code == 303
    assert "Language" in client.get(draft).text
    session().expire_all()
    seen = {"version": version.version}
    asks = client.get(f"{draft}/areas/rules/remove").text
    assert "Only this draft changes." in asks
    assert "questions are removed with it" in asks
    assert "Find your commodity codes" in client.get(draft).text, (
        "nothing is removed before that is confirmed"
    )
    gone = client.post(f"{draft}/areas/rules/remove", data=seen).headers["Location"]
    assert "The part “" in client.get(gone).text, "the message names what was removed"
    assert "Find your commodity codes" not in client.get(draft).text
    assert client.post(f"{draft}/areas/rules/remove", data=seen).status_code == 404
    results = typed(client, f"{draft}/results") | {"partname_part1": "Languages", "partweight_part1": "2"}
    assert client.post(f"{draft}/results", data=results).status_code == 303
    asked = html.unescape(client.get(f"{draft}/publish").text)
    for words in ("Part added: “Languages”", "Question added: “Who speaks", "Part removed: “"):
        assert words in asked, words


@SQLITE
def test_results_are_added_and_removed_in_a_draft_and_publishing_says_what_changes_and_for_whom_n19(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    new, publish = f"{draft}/new-result", f"{draft}/publish"
    band = typed(client, new) | {"name_new": "Nearly ready", "least_new": "30", "offer_new": "A mentor"}
    assert refuses(client, new, band, "least_new", "Enter more than 30")
    twice = band | {"name_new": "ready", "least_new": "45"}
    assert refuses(client, new, twice, "name_new", "Two results")
    assert client.post(new, data=band | {"least_new": "45"}).status_code == 303
    session().expire_all()
    seen = {"version": version.version}
    assert client.post(f"{draft}/results/not_yet/remove", data=seen).status_code == 303
    assert client.post(f"{draft}/results/expanding/remove", data=seen).status_code == 409, "changed since"
    session().expire_all()
    bands = [(each["id"], each["min"]) for each in version.content["bands"]]
    assert bands == [("preparing", 0), ("result1", 45), ("ready", 55), ("expanding", 80)]
    asked = html.unescape(client.get(publish).text)
    for words in ("Result added: “Nearly ready”", "Result removed: “Not yet”", "0 finished results stay"):
        assert words in asked, words
    assert client.post(publish, data={"version": 1}).status_code == 409, "changed since it was shown"
    assert client.post(publish, data=typed(client, publish)).status_code == 303
    assert queries.published_set(EXPORT).number == version.number  # type: ignore[union-attr]


def test_a_newer_set_that_comes_with_the_product_becomes_a_draft_once_and_finished_ones_keep_theirs(
    cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = assessments.finished(assessments.own())
    asked = queries.published_set(IP)
    assert asked is not None
    shipped = {name: dict(queries.shipped_set(name)) for name in queries.SHIPPED_SETS}
    shipped[IP] |= {"version": asked.number + 1, "intro": "New words"}
    monkeypatch.setattr(queries, "shipped_set", shipped.__getitem__)
    assert sets.load_shipped() == {"readiness question sets": 1}
    drafted = next(each for each in queries.versions_of(IP) if each.status is SetStatus.DRAFT)
    assert (drafted.number, drafted.content["intro"]) == (asked.number + 1, "New words")
    assert queries.published_set(IP) is asked
    sets.discard(drafted, by=SYSTEM)
    db.flush()
    assert sets.load_shipped() == {"readiness question sets": 0}, "what was discarded does not come back"
    assert assessments.again(done).set_id == asked.id


@SQLITE
def test_a_version_is_not_copied_over_a_draft_of_another_k12(client: ConformingClient, cast: Cast) -> None:
    draft, version = drafted(client, cast, EXPORT)
    client.post(f"{draft}/publish")
    newer = client.post(f"{draft}/draft").headers["Location"]
    older = next(each for each in queries.versions_of(EXPORT) if each.number < version.number)
    refused = client.post(f"/question-sets/readiness/{older.id}/draft")
    assert refused.status_code == 409
    assert f"it was not copied from version {older.number}" in html.unescape(refused.text)
    assert newer in refused.text
    assert client.post(f"{draft}/draft").headers["Location"] == newer, (
        "the same version goes on with its draft"
    )


@SQLITE
def test_a_set_that_is_closed_says_so_where_it_would_start_k16(client: ConformingClient, cast: Cast) -> None:
    made = assessments.finished(assessments.own())
    client.sign_in(cast.administrator)
    shown = queries.published_set(IP)
    assert shown is not None
    assert client.post(f"/question-sets/readiness/{shown.id}/retire").status_code == 303
    client.sign_in(cast.founder)
    result = client.get(f"/readiness/{made.id}").text
    assert ("Take it again" in result, "closed for now" in result) == (False, True)
    panel = client.get(f"/businesses/{BUSINESS}/ip").text
    assert "The IP readiness assessment is closed for now. Results stay." in panel


@SQLITE
def test_a_business_without_an_assessment_reads_that_it_is_closed_k16(
    client: ConformingClient, cast: Cast
) -> None:
    shown = queries.published_set(EXPORT)
    assert shown is not None
    client.sign_in(cast.administrator)
    assert client.post(f"/question-sets/readiness/{shown.id}/retire").status_code == 303
    panel = client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/exporting").text
    assert "No assessment yet" in panel
    assert "The export readiness assessment is closed for now, so it cannot be taken." in panel


def test_a_draft_of_a_colleague_is_said_to_be_theirs_k28(client: ConformingClient, cast: Cast) -> None:
    shown = queries.published_set(IP)
    assert shown is not None
    copy = f"/question-sets/readiness/{shown.id}/draft"
    client.sign_in(cast.administrator)
    where = client.post(copy).headers["Location"]
    assert "is a draft. It is not asked until it is published." in client.get(where).text
    other = factories.account(name="Bela Second")
    factories.grant(other, Role.ADMINISTRATOR)
    session().flush()
    client.sign_in(account_again(other.id))
    assert client.post(copy).headers["Location"] == where
    assert f"is a draft already: {cast.administrator.known.name} copied it." in client.get(where).text
