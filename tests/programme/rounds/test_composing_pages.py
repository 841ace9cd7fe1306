"""A round composed through its pages, part by part: every form of a draft is sent as a manager sends it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from crm.kernel.clock import today
from crm.programme.applications.rules.answering import SectionState
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import QuestionKind, RoundStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own, section_page, state
from tests.programme.pages import sent
from tests.programme.rounds.test_rounds import form

BY_KIND: dict[QuestionKind, dict[str, str]] = {
    QuestionKind.LONG_TEXT: {"most_words": "150"},
    QuestionKind.CHOICE: {"choices": "Red\nBlue\n"},
}


@pytest.fixture
def draft(cast: Cast, client: ConformingClient) -> Round:
    client.sign_in(cast.programme_manager)
    return rounds.round_(RoundStatus.DRAFT)


def again(found: Round) -> Round:
    return rounds.whole(found)


def question(label: str, kind: QuestionKind = QuestionKind.TEXT, **more: str) -> dict[str, str]:
    """The form of a question as it is sent."""
    told = {"label": label, "hint": "", "kind": kind.value, "position": "9", "is_needed": "y"}
    return told | BY_KIND.get(kind, {}) | more


@pytest.mark.parametrize("kind", QuestionKind, ids=lambda kind: kind.value)
def test_a_question_of_each_kind_is_added_through_its_page(
    client: ConformingClient, draft: Round, kind: QuestionKind
) -> None:
    section = draft.sections[0]
    page = sent(client, f"/round-sections/{section.id}/questions/add", question("What then?", kind))
    assert "Question added." in page
    assert "What then?" in page
    assert kind in {each.kind for each in again(draft).questions if each.label == "What then?"}


@pytest.mark.parametrize("line", ["Red | blue", "x" * 201], ids=["a bar", "an essay"])
def test_k28_a_choice_or_part_that_cannot_be_a_line_is_refused_at_its_field(
    client: ConformingClient, draft: Round, line: str
) -> None:
    section = draft.sections[0]
    asked = question("Which?", QuestionKind.CHOICE, choices=f"Green\n{line}")
    part = {"title": "People", "weight": "40", "parts": line, "highest": "5", "position": "2"}
    for path, told in (
        (f"/round-sections/{section.id}/questions/add", asked),
        (f"/programme/rounds/{draft.id}/criteria/add", part),
    ):
        answer = client.post(path, data=told)
        assert answer.status_code == 422
        assert "Each line must be 200 characters or fewer" in answer.text


def test_k28_the_same_choice_twice_is_called_that_and_times_left_out_are_told_apart(
    client: ConformingClient, draft: Round
) -> None:
    add = f"/round-sections/{draft.sections[0].id}/questions/add"
    twice = client.post(add, data=question("Which?", QuestionKind.CHOICE, choices="Green\nGreen"))
    assert twice.status_code == 422
    assert "“Green” is there twice" in twice.text

    empty = client.post(f"/programme/rounds/{draft.id}/change", data={})
    for words in ("the round opens", "of the deadline", "the assessment begins", "the assessment ends"):
        assert f"Enter the time {words}" in empty.text


def test_a_question_of_one_kind_drops_what_was_typed_for_another_and_the_history_names_each_act(
    client: ConformingClient, draft: Round
) -> None:
    add = f"/round-sections/{draft.sections[0].id}/questions/add"
    told = question("Which?", QuestionKind.CHOICE, choices="Red\nGreen", is_sum_asked="y", is_ahead="y")
    page = sent(client, add, told)
    (made,) = [each for each in again(draft).questions if each.label == "Which?"]
    assert (made.is_sum_asked, made.is_ahead) == (False, False)
    assert "added a question" in page
    change = question("Which one?", QuestionKind.CHOICE, choices="Red\nGreen", version=str(made.version))
    assert "changed a question" in sent(client, f"/round-questions/{made.id}/change", change)
    assert "removed a question" in sent(client, f"/round-questions/{made.id}/remove")


def test_a_form_about_what_was_removed_meanwhile_says_so_and_gives_the_words_back(
    client: ConformingClient, draft: Round
) -> None:
    sent(client, f"/round-sections/{draft.sections[0].id}/questions/add", question("What then?"))
    (made,) = [each for each in again(draft).questions if each.label == "What then?"]
    sent(client, f"/round-questions/{made.id}/remove")
    late = client.post(f"/round-questions/{made.id}/change", data=question("What comes then?"))
    assert late.status_code == 404
    assert "Someone may have removed it after you opened the page" in late.text
    assert "What comes then?" in late.text


def test_k3_a_part_sent_again_after_back_leads_to_the_round_and_says_that_it_was_sent(
    client: ConformingClient, draft: Round
) -> None:
    """Loaded anew, its form has another one-time id."""
    add, ids = f"/programme/rounds/{draft.id}/sections/add", []
    for _ in range(2):
        page = client.get(add).text
        shown = dict(re.findall(r'name="(once|position)"[^>]* value="([^"]+)"', page))
        ids.append(shown["once"])
        led = client.post(add, data={"title": "Sustainability", "hint": "", **shown})

    assert ids[0] != ids[1]
    assert led.headers["Location"] == f"/programme/rounds/{draft.id}/composition"
    assert "You had already sent this" in client.get(led.headers["Location"]).text
    assert [each.title for each in again(draft).sections].count("Sustainability") == 1


def test_the_page_of_a_removed_question_leads_back_to_its_round(
    client: ConformingClient, draft: Round
) -> None:
    """Opened from a page that was loaded before; and sent from a page that stands open itself."""
    composition = f"/programme/rounds/{draft.id}/composition"
    sent(client, f"/round-sections/{draft.sections[0].id}/questions/add", question("What then?"))
    (made,) = [each for each in again(draft).questions if each.label == "What then?"]
    page = f"/round-questions/{made.id}/change"
    above = re.findall(r'name="above" value="([^"]+)"', client.get(page).text)
    sent(client, page.replace("/change", "/remove"))
    came = {"Referer": f"http://localhost{composition}"}
    answers = [
        client.get(page, headers=came),
        client.post(
            page,
            data={"label": "Too late", "above": above[0]},
            headers={"Referer": f"http://localhost{page}"},
        ),
    ]

    for answer in answers:
        assert answer.status_code == 404
        assert f'<a class="govuk-link" href="{composition}">Go back' in answer.text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/no/such/page", "javascript:alert(1)"]
)
def test_nobody_is_led_back_to_a_page_that_is_not_ours(
    client: ConformingClient, draft: Round, elsewhere: str
) -> None:
    gone = f"/round-questions/{draft.id}/change"
    answer = client.post(gone, data={"label": "Too late", "above": elsewhere}, headers={"Referer": elsewhere})

    assert answer.status_code == 404
    assert "Go back to the page" not in answer.text


def test_a_question_that_hangs_on_another_is_added_changed_and_removed(
    client: ConformingClient, draft: Round
) -> None:
    section = draft.sections[0]
    add = f"/round-sections/{section.id}/questions/add"
    sent(client, add, question("Own it?", QuestionKind.YES_NO))
    (first,) = [each for each in again(draft).questions if each.label == "Own it?"]
    sent(client, add, question("Who does?", asked_if=f"{first.id}|no"))
    (second,) = [each for each in again(draft).questions if each.label == "Who does?"]
    assert (second.asked_if_id, second.asked_if) == (first.id, "no")
    change = question("Who owns it?", asked_if=f"{first.id}|no", version=str(second.version))
    assert "Who owns it?" in sent(client, f"/round-questions/{second.id}/change", change)
    assert client.post(f"/round-questions/{first.id}/remove").status_code == 409
    assert "removed" in sent(client, f"/round-questions/{second.id}/remove")
    assert "removed" in sent(client, f"/round-questions/{first.id}/remove")


def test_a_question_moved_to_the_second_place_is_second_and_the_others_move_on(
    client: ConformingClient, draft: Round
) -> None:
    section = draft.sections[0]

    def order() -> list[str]:
        return [
            each.label
            for each in next(one for one in again(draft).sections if one.id == section.id).questions
        ]

    before = order()
    labels = ["First?", "Second?", "Third?", "Fourth?"]
    for place, label in enumerate(labels, start=1):
        sent(client, f"/round-sections/{section.id}/questions/add", question(label, position=str(place)))
    assert order() == labels + before
    (last,) = [each for each in again(draft).questions if each.label == "Fourth?"]
    for place in ("2", "99", "2"):
        (last,) = [each for each in again(draft).questions if each.label == "Fourth?"]
        told = question("Fourth?", position=place, version=str(last.version))
        sent(client, f"/round-questions/{last.id}/change", told)
    assert order() == ["First?", "Fourth?", "Second?", "Third?", *before]

    sent(client, f"/round-questions/{last.id}/remove")
    whole = next(one for one in again(draft).sections if one.id == section.id).questions
    assert [each.position for each in whole] == list(range(1, len(whole) + 1))


def test_a_day_that_must_be_today_or_later_is_asked_for_in_words_and_an_earlier_one_keeps_the_section_open(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.programme_manager)
    found = rounds.round_(RoundStatus.DRAFT)
    section = found.sections[0]
    told = question("Work starts on", QuestionKind.DATE, is_ahead="y")
    page = sent(client, f"/round-sections/{section.id}/questions/add", told)
    assert "A day, today or later" in " ".join(page.split())
    (made,) = [each for each in again(found).questions if each.label == "Work starts on"]
    assert 'name="is_ahead" type="checkbox" value="y" checked' in client.get(
        f"/round-questions/{made.id}/change"
    ).text.replace("  ", " ")

    asked = rounds.round_()
    day = rounds.question(asked.sections[0], QuestionKind.DATE, label="Work starts on", is_ahead=True)
    applied = rounds.application(own(), asked)
    where = section_page(applied, asked.sections[0].title)
    client.sign_in(cast.founder)
    assert "This day must be today or later." in client.get(where).text
    started = today() - timedelta(days=1)
    parts = {"day": started.day, "month": started.month, "year": started.year}
    typed = {f"q-{day.id}-{name}": str(value) for name, value in parts.items()}
    refused = client.post(where, data=typed | {"version": "0", "finish": "yes"}, follow_redirects=True)
    assert "must be today or later" in refused.text
    assert state(applied, asked.sections[0].title) is SectionState.IN_PROGRESS


def test_k4_a_part_that_was_changed_in_another_tab_is_not_removed_by_the_button_of_the_first(
    client: ConformingClient, draft: Round
) -> None:
    """Sections, questions and criteria: the button carries the version of the part that its page showed."""
    sent(client, f"/programme/rounds/{draft.id}/sections/add", {"title": "More", "hint": "", "position": "3"})
    page, parts = f"/programme/rounds/{draft.id}/composition", again(draft)
    sent(client, f"/round-sections/{parts.sections[0].id}/questions/add", question("Colour?"))
    (asked,) = [each for each in again(draft).questions if each.label == "Colour?"]
    (section,) = [each for each in parts.sections if each.title == "More"]
    judged = parts.criteria[0]
    changes = {
        f"/round-questions/{asked.id}": question("Which colour?"),
        f"/round-sections/{section.id}": {"title": "Most", "hint": "", "position": "3"},
        f"/criteria/{judged.id}": criterion(title="All people"),
    }
    for address, told in changes.items():
        before = hidden_in(client.get(page).text, f"{address}/remove")
        sent(client, f"{address}/change", told | {"version": before["version"]})
        assert client.post(f"{address}/remove", data=before).status_code == 409
        assert address in client.get(page).text
        now = hidden_in(client.get(page).text, f"{address}/remove")
        assert "removed" in sent(client, f"{address}/remove", now)


def hidden_in(page: str, address: str) -> dict[str, str]:
    """The version that the button of an address sends."""
    form = page.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'name="(version)" value="([^"]*)"', form))


def test_what_a_question_lacks_is_said_on_its_page(client: ConformingClient, draft: Round) -> None:
    path = f"/round-sections/{draft.sections[0].id}/questions/add"
    refused = client.post(path, data=question("Colour?", QuestionKind.CHOICE, choices="Red"))
    assert refused.status_code == 422
    assert "Give from 2 to 30 choices" in refused.text
    assert 'value="Colour?"' in refused.text


def test_a_section_is_added_changed_and_removed(client: ConformingClient, draft: Round) -> None:
    path = f"/programme/rounds/{draft.id}/sections/add"
    assert "More" in sent(client, path, {"title": "More", "hint": "", "position": "3"})
    (made,) = [each for each in again(draft).sections if each.title == "More"]
    told = {"title": "Most", "hint": "Read this", "position": "3", "version": str(made.version)}
    assert "Most" in sent(client, f"/round-sections/{made.id}/change", told)
    assert "Section “Most” removed." in sent(client, f"/round-sections/{made.id}/remove")


def test_a_check_is_added_and_removed(client: ConformingClient, draft: Round) -> None:
    cost = next(each for each in draft.questions if each.label == "Cost")
    told = {"left": str(cost.id), "comparison": "at_most", "percent": "100", "right": "", "fixed": "90,000"}
    page = sent(client, f"/programme/rounds/{draft.id}/checks/add", told | {"words": "Spend less"})
    assert "Spend less" in page
    (made,) = [each for each in again(draft).checks if each.words == "Spend less"]
    assert "Check removed." in sent(client, f"/round-checks/{made.id}/remove")


def criterion(**fields: str) -> dict[str, str]:
    told = {"title": "People", "weight": "40", "parts": "One\nTwo", "highest": "5", "position": "2"}
    return told | {"anchors": "", "least": ""} | fields


def test_a_criterion_is_added_weighed_changed_and_removed(client: ConformingClient, draft: Round) -> None:
    path = f"/programme/rounds/{draft.id}/criteria/add"
    assert "People" in sent(client, path, criterion())
    (made,) = [each for each in again(draft).criteria if each.title == "People"]
    assert client.post(f"/programme/rounds/{draft.id}/weigh", data=criterion()).status_code == 200
    assert client.post(f"/criteria/{made.id}/weigh", data=criterion(weight="60")).status_code == 200
    told = criterion(title="All people", version=str(made.version))
    assert "All people" in sent(client, f"/criteria/{made.id}/change", told)
    assert "removed" in sent(client, f"/criteria/{made.id}/remove")


def test_a_round_is_changed_copied_published_and_a_draft_deleted(
    client: ConformingClient, draft: Round
) -> None:
    changed = form(name="Renamed", version=str(draft.version))
    assert "Renamed" in sent(client, f"/programme/rounds/{draft.id}/change", changed)
    version = str(again(draft).version)
    terms: dict[str, Any] = {"min_turnover": "1000", "version": version}
    assert "Eligibility saved." in sent(client, f"/programme/rounds/{draft.id}/set-terms", terms)
    assert "Another" in sent(client, f"/programme/rounds/{draft.id}/copy", {"name": "Another"})
    other = queries.round_named("Another")
    assert other is not None
    assert "deleted" in sent(client, f"/programme/rounds/{other.id}/discard")
    assert "Round published." in sent(client, f"/programme/rounds/{draft.id}/publish")


def test_the_criteria_of_a_published_round_are_opened_changed_and_closed(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_()
    client.sign_in(cast.programme_manager)
    page = sent(client, f"/programme/rounds/{found.id}/criteria/open", {"reason": "A slip"})
    assert "Close the criteria" in page
    assert client.get(f"/programme/rounds/{found.id}/criteria/open").status_code == 409
    assert "Criteria closed." in sent(client, f"/programme/rounds/{found.id}/criteria/close")


@pytest.mark.parametrize("status", [RoundStatus.PUBLISHED, RoundStatus.DISCARDED])
def test_no_form_is_offered_for_what_can_no_longer_be_changed(
    cast: Cast, client: ConformingClient, status: RoundStatus
) -> None:
    """K12: refused when it is asked for, with the reason, and not after it was filled in."""
    found = rounds.round_(status)
    section, asked, judged = found.sections[0], found.questions[0], found.criteria[0]
    client.sign_in(cast.programme_manager)
    for path in (
        f"/round-sections/{section.id}/change",
        f"/round-sections/{section.id}/questions/add",
        f"/round-questions/{asked.id}/change",
        f"/criteria/{judged.id}/change",
        f"/programme/rounds/{found.id}/criteria/add",
    ):
        refused = client.get(path)
        assert refused.status_code == 409
        assert "cannot be changed" in refused.text
