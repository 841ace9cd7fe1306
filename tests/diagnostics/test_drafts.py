"""A draft of a question set says at once what is wrong, is found and read part by part, and is logged in words."""

from __future__ import annotations

import html

from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import EXPORT, IP
from tests import assessments
from tests.cast import Cast
from tests.client import ConformingClient
from tests.diagnostics.test_editing import SQLITE, drafted, typed


@SQLITE
def test_everything_wrong_with_a_question_is_said_at_once_k20(client: ConformingClient, cast: Cast) -> None:
    draft, _ = drafted(client, cast, EXPORT)
    new, edit = f"{draft}/new-question", f"{draft}/results"
    empty = client.post(new, data=typed(client, new) | {"area": "route", "label_a": "", "weight": ""})
    told = html.unescape(empty.text)
    wanted = ("Enter the question", "Enter 2 to 8 answers", "Enter a weight above 0", "Say what to do where")
    assert [each in told for each in wanted] == [True] * 4
    for weight in ("0", "99999", "1000000"):
        data = typed(client, new) | {"area": "new", "new_area": "", "label_a": "One", "weight": weight}
        told = html.unescape(client.post(new, data=data).text)
        wanted = ("Enter a weight above 0 and up to 99.99", "Enter 2 to 8 answers", "name of the new part")
        assert [each in told for each in wanted] == [True] * 3
    tampered = typed(client, new) | {"area": "route", "label_a": "One", "score_a": "many"}
    assert client.post(new, data=tampered).status_code == 422
    wrong = typed(client, edit) | {"share": "20", "sector_boost": "1000000", "partweight_route": "0"}
    told = html.unescape(client.post(edit, data=wrong).text)
    wanted = ("Enter a percentage from 50 to 100", "from 1 to 99.99", "Enter a weight for part 4 above 0")
    assert [each in told for each in wanted] == [True] * 3


@SQLITE
def test_a_draft_has_contents_folded_questions_and_is_found_by_a_search_k13_k33(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    page = client.get(draft).text
    assert all(f'href="#part-{each["id"]}"' in page for each in version.content["areas"])
    assert 'href="#results"' in page
    assert '<details class="govuk-details" open' not in page
    assert client.get(f"{draft}?show=all").text.count('<details class="govuk-details" open') == 21
    found = client.get("/search?q=question+set").text
    assert draft in found
    assert f"Export readiness, version {version.number}" in found
    assert 'href="/question-sets"' in client.get("/readiness").text
    assert "question-sets" not in client.sign_in(cast.founder).get("/search?q=question+set").text


@SQLITE
def test_the_hint_of_a_question_that_must_be_answered_is_to_the_editor_k11(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, IP)
    rule = version.content["gates"][0]
    form = client.get(f"{draft}/questions/{rule['questions'][0]}").text
    assert "1 rule of this draft depends on the answer." in form
    assert rule["words"] not in html.unescape(form)


@SQLITE
def test_two_who_work_on_one_draft_read_what_became_of_it_k28_k33(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    publish, edit = (typed(client, f"{draft}/publish"), typed(client, f"{draft}/questions/ex04"))
    client.sign_in(cast.second_administrator)
    other = typed(client, f"{draft}/questions/ex04") | {"weight": "2"}
    assert client.post(f"{draft}/questions/ex04", data=other).status_code == 303
    client.sign_in(cast.administrator)
    behind = html.unescape(client.post(f"{draft}/publish", data=publish).text)
    assert "so nothing was done. Read what it says now, then decide." in behind
    assert "save again" not in behind
    assert client.post(f"{draft}/discard").status_code == 303
    gone = client.post(f"{draft}/publish", data=publish)
    told = html.unescape(gone.text)
    assert gone.status_code == 409
    assert f"Version {version.number} of Export readiness was discarded." in told
    assert f'href="{draft}"' in told
    assert ("?</h1>" in told, "Publish this version" in told) == (False, False)
    late = client.post(f"{draft}/questions/ex04", data=edit)
    assert late.status_code == 409
    assert f'href="{draft}"' in late.text
    assert client.get(f"{draft}/publish").status_code == 409


@SQLITE
def test_the_log_says_what_changed_of_a_draft_in_words_and_which_version_was_published_k23_k32(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    data = typed(client, f"{draft}/questions/ex04") | {
        "weight": "2",
        "label_a": "Not at all",
        "critical": "y",
    }
    assert client.post(f"{draft}/questions/ex04", data=data).status_code == 303
    before = queries.published_set(EXPORT)
    assert before is not None
    assert client.post(f"{draft}/publish").status_code == 303
    made = assessments.finished(assessments.own(), EXPORT)
    client.sign_in(cast.auditor)
    log = " ".join(html.unescape(client.get("/audit").text).split())
    question = next(each for each in version.content["questions"] if each["id"] == "ex04")["text"]
    assert f"Question “{question}”, weight:" in log
    assert "→ 2" in log
    assert f"Question “{question}”, answer 1:" in log
    assert "must be answered: no → yes" in log
    assert ("options:" in log, "ex04" in log, "next_action" in log) == (False, False, False)
    for words in (
        f"Export readiness, version {version.number}",
        f"Export readiness, version {before.number}",
    ):
        assert words in log
    history = client.get(f"/audit?kind=readiness_check&thing_id={made.id}").text
    told = " ".join(html.unescape(history).split())
    assert f"Version of the questions: Export readiness, version {version.number}" in told
    result = next(each["name"] for each in version.content["bands"] if each["id"] == made.band)
    assert f"Result: {result}" in told
