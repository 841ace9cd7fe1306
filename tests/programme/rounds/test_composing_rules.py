"""What makes no sense in a round is refused at its field, in words; what is missing is said with a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import QuestionKind, RoundStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import letters, own
from tests.programme.pages import sent
from tests.programme.rounds.test_composing_pages import criterion, question
from tests.programme.rounds.test_rounds import form

pytestmark = pytest.mark.engine("sqlite")


@pytest.fixture
def draft(cast: Cast, client: ConformingClient) -> Round:
    client.sign_in(cast.programme_manager)
    return rounds.round_(RoundStatus.DRAFT)


def refused(client: ConformingClient, path: str, data: dict[str, str], field: str) -> str:
    """The first error of a form, which stands at this field."""
    answer = client.post(path, data=data)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    return answer.text


def test_two_parts_of_a_round_that_read_the_same_are_refused_at_the_field(
    client: ConformingClient, draft: Round
) -> None:
    of_round, first = f"/programme/rounds/{draft.id}", draft.sections[0]
    section = {"title": " money", "hint": "", "position": "3"}
    assert "already has “Money”" in refused(client, f"{of_round}/sections/add", section, "title")
    asked = f"/round-sections/{first.id}/questions/add"
    assert "already has “Cost”" in refused(client, asked, question("cost"), "label")
    choices = question("Which?", QuestionKind.CHOICE, choices="A\nB\na")
    assert "“a” is there twice" in refused(client, asked, choices, "choices")
    judged = criterion(title=draft.criteria[0].title.upper())
    assert "already has “" in refused(client, f"{of_round}/criteria/add", judged, "title")
    parts = criterion(parts="One\nTwo\nONE")
    assert "“ONE” is there twice" in refused(client, f"{of_round}/criteria/add", parts, "parts")
    told = form(name=draft.name.upper())
    assert "a round with this name" in refused(client, "/programme/rounds/prepare", told, "name")
    kept = {"title": "Money", "hint": "Changed", "position": "2", "version": str(draft.sections[1].version)}
    assert "Section changed." in sent(client, f"/round-sections/{draft.sections[1].id}/change", kept)


@pytest.mark.parametrize(
    ("told", "field", "said"),
    [
        ({"right": "", "fixed": ""}, "right", "enter a fixed sum: one of the two"),
        ({"right": "Cost", "fixed": "5"}, "right", "enter a fixed sum: one of the two"),
        ({"right": "Sum"}, "right", "an answer always equals itself"),
        ({"left": "People", "fixed": "5"}, "fixed", "a number, not a sum of money"),
        ({"left": "People", "right": "Cost"}, "right", "cannot be compared"),
        ({"fixed": "0"}, "fixed", "above £0"),
        ({"right": "Cost", "percent": "50"}, "left", "There is such a check already: “Ask for less”"),
        ({"right": "Cost", "percent": "60", "comparison": "at_least"}, "percent", "No answer can meet both"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused_at_its_field(
    client: ConformingClient, draft: Round, told: dict[str, str], field: str, said: str
) -> None:
    rounds.question(draft.sections[0], QuestionKind.NUMBER, label="People")
    ids = {each.label: str(each.id) for each in rounds.whole(draft).questions}
    whole = {"left": "Sum", "comparison": "at_most", "percent": "100", "right": "", "fixed": ""} | told
    whole = {name: ids.get(value, value) for name, value in whole.items()} | {"words": "Spend less"}
    page = refused(client, f"/programme/rounds/{draft.id}/checks/add", whole, field)
    assert said in page
    assert "does not fit" not in page


def test_the_amount_applied_for_is_asked_of_everyone_and_what_was_told_fits_its_question(
    client: ConformingClient, draft: Round
) -> None:
    asked = f"/round-sections/{draft.sections[0].id}/questions/add"
    told = question("Turnover?", QuestionKind.TEXT, known_as="turnover")
    assert "does not fit this kind of answer" in refused(client, asked, told, "known_as")
    (sum_,) = [each for each in draft.questions if each.is_sum_asked]
    loose = question("Sum", QuestionKind.MONEY, is_sum_asked="y") | {"version": str(sum_.version)}
    del loose["is_needed"]
    page = refused(client, f"/round-questions/{sum_.id}/change", loose, "is_sum_asked")
    assert "Every applicant must be asked" in page


def test_k12_a_round_with_blockers_has_links_to_them_and_no_button_that_publishes(
    client: ConformingClient, cast: Cast
) -> None:
    found = rounds.bare_round(RoundStatus.DRAFT)
    rounds.section(found, title="You")
    for title in ("People", "people"):
        rounds.criterion(found, title=title, weight=5_000)
    found = rounds.whole(found)
    client.sign_in(cast.programme_manager)
    assert client.get(f"/programme/rounds/{found.id}/checks/add").status_code == 409
    for page in ("publish", "composition"):
        shown = client.get(f"/programme/rounds/{found.id}/{page}").text
        assert f'href="/round-sections/{found.sections[0].id}/questions/add">You: add at least one' in shown
        assert f'href="/criteria/{found.criteria[1].id}/change">Two criteria are called “people”' in shown
        assert f'action="/programme/rounds/{found.id}/publish"' not in shown
    assert client.post(f"/programme/rounds/{found.id}/publish").status_code == 409


def test_a_round_published_by_mistake_is_a_draft_again_until_it_opens(
    client: ConformingClient, cast: Cast
) -> None:
    early = rounds.round_(opens_at=now() + timedelta(hours=1))
    back = f"/programme/rounds/{early.id}/unpublish"
    client.sign_in(cast.programme_manager)
    assert back in client.get(f"/programme/rounds/{early.id}/composition").text
    page = sent(client, back, {"reason": "Wrong dates", "version": str(early.version)})
    assert "This round is a draft again." in page
    assert "made it a draft again" in page
    assert "Wrong dates" in page
    assert client.sign_in(cast.founder).get(f"/programme/rounds/{early.id}").status_code == 404
    opened = rounds.round_()
    client.sign_in(cast.programme_manager)
    assert "unpublish" not in client.get(f"/programme/rounds/{opened.id}/composition").text
    late = client.get(f"/programme/rounds/{opened.id}/unpublish")
    assert late.status_code == 409
    assert "so it cannot be made a draft again" in late.text


def test_what_was_changed_in_another_tab_of_ones_own_is_said_so_and_what_is_saved_stands_beside_it(
    client: ConformingClient, cast: Cast, draft: Round
) -> None:
    path = f"/programme/rounds/{draft.id}/change"
    first, second = (form(version=str(draft.version), name=name) for name in ("First", "Second"))
    sent(client, path, first)
    late = client.post(path, data=second)
    assert late.status_code == 409
    assert "You changed this yourself in another tab, on " in late.text
    assert "Name: “First” is saved now" in late.text
    assert 'value="Second"' in late.text
    again = second | {"version": str(rounds.whole(draft).version)}
    assert f'name="version" type="hidden" value="{again["version"]}"' in late.text
    assert "Second" in sent(client, path, again)
    other = client.sign_in(cast.administrator).post(path, data=first | {"about": "Else"})
    assert other.status_code == 409
    assert "This was changed after you opened the page" in other.text
    assert "yourself" not in other.text


def test_a_round_is_published_deleted_and_moved_as_it_was_shown(
    client: ConformingClient, cast: Cast, draft: Round
) -> None:
    """A manager who read the summary before a colleague changed a question publishes nothing unread."""
    seen = {"version": str(draft.version)}
    page = f"/programme/rounds/{draft.id}"
    assert f'value="{draft.version}"' in client.get(f"{page}/publish").text
    section = draft.sections[0]
    told = {"title": "Us", "hint": "", "position": "1", "version": str(section.version)}
    client.sign_in(cast.administrator)
    sent(client, f"/round-sections/{section.id}/change", told)
    client.sign_in(cast.programme_manager)
    for act in ("publish", "discard"):
        late = client.post(f"{page}/{act}", data=seen)
        assert late.status_code == 409
        assert "This was changed after you opened the page" in late.text
    now_seen = {"version": str(rounds.whole(draft).version)}
    assert "Round published." in sent(client, f"{page}/publish", now_seen)


def test_a_hint_of_a_published_round_is_corrected_with_old_and_new_kept_and_applicants_told(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = rounds.round_()
    rounds.application(own(), found)
    section, asked = found.sections[0], found.questions[0]
    client.sign_in(cast.programme_manager)
    composition = client.get(f"/programme/rounds/{found.id}/composition").text
    for path, version in (
        (f"/round-sections/{section.id}/correct", section.version),
        (f"/round-questions/{asked.id}/correct", asked.version),
    ):
        assert path in composition
        told = {"hint": "In 50 words", "reason": "A slip", "version": str(version)}
        page = sent(client, path, told)
        assert "corrected a hint" in page
        assert "In 50 words" in page
        assert client.post(path, data=told | {"hint": "Else"}).status_code == 409
    assert {kind for kind, _ in letters(db)} == {"application_corrected"}
    draft = rounds.round_(RoundStatus.DRAFT)
    assert client.get(f"/round-questions/{draft.questions[0].id}/correct").status_code == 409
