"""Before a version of a question set is published, its page names every value that changed, from what to what."""

from __future__ import annotations

import html
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.rules.telling import changes_between, told_of
from tests.cast import Cast
from tests.client import ConformingClient
from tests.diagnostics.test_editing import drafted, typed

pytestmark = pytest.mark.engine("sqlite")


def published(client: ConformingClient, draft: str) -> str:
    """The page on which a draft is published, on one line."""
    return " ".join(html.unescape(client.get(f"{draft}/publish").text).split())


def edited(client: ConformingClient, where: str, **values: Any) -> None:
    """Save a form of a draft with some values changed."""
    data = typed(client, where) | values
    assert client.post(where, data=data).status_code == 303


def rows(content: Mapping[str, Any], key: str) -> Any:
    return next(each for each in content["questions"] if each["id"] == key)


def test_k10_the_publish_page_names_each_answer_and_score_that_changed(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, IP)
    text, old = (rows(version.content, "own4")[each] for each in ("text", "options"))
    edited(client, f"{draft}/questions/own4", label_b="We could in part", score_b="2")
    page = published(client, draft)
    assert f"Question changed: “{text}”" in page
    was = f"“{old[1]['label']}”, score {old[1]['score']}"
    assert f"answer 2: {was} becomes “We could in part”, score 2" in page
    assert "answer 1:" not in page, "only what changed is named"
    assert "words:" not in page


def test_k10_the_publish_page_names_the_other_words_help_to_do_who_can_help_and_for_whom(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    old = rows(version.content, "ex04")
    where = f"{draft}/questions/ex04"
    edited(client, where, text="Do you?", help="", next_action="Start", critical="y", applies_to="goods")
    page = published(client, draft)
    for words in (
        "Question changed: “Do you?”",
        f"words: “{old['text']}” becomes “Do you?”",
        f"help removed: “{old['help']}”",
        f"what to do: “{old['next_action']}” becomes “Start”",
        "must be answered: no becomes yes",
        "asked of: every business becomes only those who sell goods",
    ):
        assert words in page, words


def test_k10_the_publish_page_names_what_changed_of_a_result_and_of_a_rule(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    first, rule = version.content["bands"][0], version.content["gates"][1]
    edited(client, f"{draft}/results", **{f"meaning_{first['id']}": "Too early", "intro": "Think first"})
    edited(client, f"{draft}/rules/2", below="2")
    page = published(client, draft)
    assert f"Result changed: “{first['name']}”" in page
    assert f"meaning: “{first['meaning']}” becomes “Too early”" in page
    assert f"Rule changed: “{rule['words']}”" in page
    assert "where an answer scores below: 1 becomes 2" in page
    assert "becomes “Think first”" in page


def test_a_version_like_the_one_that_is_asked_is_not_offered_to_be_published(
    client: ConformingClient, cast: Cast
) -> None:
    draft, version = drafted(client, cast, EXPORT)
    old = next(each for each in version.content["questions"] if len(each["typical_providers"]) > 2)
    boxes = {"providers": old["typical_providers"][::-1], "groups": old["sectors_most"]}
    edited(
        client, f"{draft}/questions/{old['id']}", **boxes
    )  # the boxes of a page have an order of their own
    page = published(client, draft)
    assert "There is nothing to publish. Change this draft first, or discard it." in page
    assert ("Publish this version" in page, "For whom" in page) == (False, False)
    edited(client, f"{draft}/questions/ex04", weight="2.5")
    page = published(client, draft)
    assert "becomes 2.5" in page
    assert ("Publish this version" in page, "For whom" in page) == (True, True)


def every_change(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Contents that differ in one value each, by what differs."""
    found = {}
    for where in ("areas", "questions", "bands", "gates"):
        for field, value in content[where][0].items():
            if field not in {"id", "options"}:
                made = deepcopy(content)
                made[where][0][field] = _other(field, value, content)
                found[f"{where} {field}"] = made
    for field in ("label", "score"):
        made = deepcopy(content)
        made["questions"][0]["options"][1][field] = "Other" if field == "label" else None
        found[f"answer {field}"] = made
    for where, words in (("questions", "order"), ("areas", "order of parts")):
        made = deepcopy(content)
        made[where].reverse()
        found[words] = made
    made = deepcopy(content)
    made["questions"][0]["options"].reverse()
    found["order of answers"] = made
    for field in content["scoring"]:
        found[field] = deepcopy(content) | {"scoring": {**content["scoring"], field: 0.75}}
    found["intro"] = content | {"intro": "Other"}
    found["asks"] = content | {"asks": []}
    some = next(iter(content["providers"]))
    provider = {"name": "Other", "services": ["other_one"]}
    found["provider"] = content | {"providers": {**content["providers"], some: provider}}
    return found


def _other(field: str, value: Any, content: Mapping[str, Any]) -> Any:
    """Another value than a field has."""
    given = {
        "area": content["areas"][-1]["id"],
        "applies_to": "goods",
        "sectors_most": ["crafts"],
        "typical_providers": [list(content["providers"])[-1]],
        "questions": [content["questions"][-1]["id"]],
        "holds": [content["questions"][-2]["id"]],
        "cap": content["bands"][-1]["id"],
        "only": "" if value else "screen",
    }
    if field in given:
        return given[field]
    return not value if isinstance(value, bool) else 9 if isinstance(value, int | float) else "Other"


@pytest.mark.parametrize("name", [IP, EXPORT])
def test_no_value_of_a_set_changes_without_being_said(name: str) -> None:
    content = dict(deepcopy(queries.shipped_set(name)))
    assert changes_between(content, deepcopy(content)) == []
    for what, made in every_change(content).items():
        assert len(changes_between(content, made)) == 1, what
        assert any(was != now for was, now in told_of(content, made).values()), what


def test_a_new_question_is_named_with_its_answers_and_a_renamed_part_once(cast: Cast) -> None:
    content = dict(deepcopy(queries.shipped_set(EXPORT)))
    made = deepcopy(content)
    made["questions"].append(rows(made, "ex04") | {"id": "new1", "text": "New?"})
    made["areas"][0]["name"] = "Aims"
    (part, names), (question, lines) = changes_between(content, made)
    assert (part, names) == (
        "Part changed: “Aims”",
        [f"name: “{content['areas'][0]['name']}” becomes “Aims”"],
    )
    assert question == "Question added: “New?”"
    assert [each for each in lines if each.startswith("answer 1: “")] != []
