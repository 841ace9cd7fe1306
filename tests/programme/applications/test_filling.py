"""Filling in an application: by turns and together, by hand and by itself, with files, until the deadline."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.documents import forms, rules
from crm.documents.models import Document
from crm.documents.rules import LARGEST
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.rules.answering import SectionState
from crm.programme.applications.service import submitting
from crm.programme.rounds.workflow import QuestionKind
from tests import rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient, errors_of
from tests.programme.applicants import (
    PDF,
    Clock,
    acts,
    colleague,
    fill_in,
    labels,
    own,
    page_of,
    save,
    section_page,
    state,
)


def test_p03_saved_answers_and_states_are_there_after_a_fresh_sign_in(
    cast: Cast, client: ConformingClient
) -> None:
    made = rounds.application(own())
    where_ = section_page(made, "You")
    client.sign_in(cast.founder)
    question = labels(rounds.whole_application(made))["What will you do?"]
    sent = {f"q-{question}": "Make more of it", "version": "0", "finish": "yes"}
    assert client.post(where_, data=sent).status_code == 303
    before = client.get(page_of(made)).text
    client.sign_out()
    assert client.get(where_).status_code == 303
    client.sign_in(cast.founder)
    assert "Make more of it" in client.get(where_).text
    assert client.get(page_of(made)).text.count("Finished") == before.count("Finished") == 1


@pytest.mark.parametrize(
    ("choice", "kept"), [({}, "The second founder's words"), ({"theirs": "yes"}, "The first founder's words")]
)
def test_p05_a_stale_save_is_refused_with_both_texts_and_either_can_be_kept(
    cast: Cast, client: ConformingClient, db: Session, choice: dict[str, str], kept: str
) -> None:
    made = rounds.application(own())
    for text in "1234567":
        save(made, "You", {"What will you do?": text}, cast.founder)
    other = colleague()
    save(made, "You", {"What will you do?": "The first founder's words"}, other, version=7)
    db.flush()

    client.sign_in(cast.founder)
    where_, question = section_page(made, "You"), labels(rounds.whole_application(made))["What will you do?"]
    mine = {f"q-{question}": "The second founder's words", "version": "7"}
    refused = client.post(where_, data=mine)
    assert refused.status_code == 409
    assert "The first founder&#39;s words" in refused.text
    assert refused.text.count("The second founder&#39;s words") == 2
    assert 'name="version" type="hidden" value="8"' in refused.text
    stored = queries.latest_answers(made.id)
    assert [each.answers[question] for each in stored.values()] == ["The first founder's words"]

    assert client.post(where_, data=mine | {"version": "8"} | choice).status_code == 303
    versions = queries.versions_of(made.id, next(iter(stored)))
    assert (versions[0].version, versions[0].answers[question]) == (9, kept)
    assert {each.saved_by_id for each in versions} == {cast.founder.id, other.id}


def test_p05_two_in_different_sections_never_meet(cast: Cast) -> None:
    made = rounds.application(own())
    save(made, "You", {"What will you do?": "One"}, cast.founder, version=0)
    save(made, "Money", {"Cost": 100}, cast.founder, version=0)
    assert len(queries.latest_answers(made.id)) == 2


def test_p06_what_comes_after_the_deadline_is_not_kept_and_leaves_a_line(
    cast: Cast, client: ConformingClient, db: Session, clock: Clock
) -> None:
    deadline = now() + timedelta(minutes=2)
    made = rounds.application(own(), rounds.round_(deadline_at=deadline))
    save(made, "You", {"What will you do?": "In time"}, cast.founder)
    client.sign_in(cast.founder)
    where_, question = section_page(made, "You"), labels(rounds.whole_application(made))["What will you do?"]
    assert client.get(where_).status_code == 200
    clock.move_to(deadline + timedelta(seconds=1))
    sent = {f"q-{question}": "Too late", "version": "1"}
    for address in (where_, f"{where_}/keep"):
        late = client.post(address, data=sent)
        assert late.status_code == 409
        assert "This round closed on" in late.text
    assert [each.version for each in queries.latest_answers(made.id).values()] == [1]
    assert acts(db, made).count("miss_deadline") == 2
    assert "In time" in client.get(f"{page_of(made)}/answers").text
    looked = client.get(where_)
    assert (looked.status_code, acts(db, made).count("miss_deadline")) == (409, 2)


def test_p10_a45_a_later_cost_breaks_the_sum_and_its_section_is_open_again(cast: Cast) -> None:
    made = fill_in(rounds.application(own()), cast.founder)
    assert state(made, "Money") is SectionState.COMPLETE
    save(made, "Money", {"Cost": 6_000_000, "Sum": 4_000_000}, cast.founder)
    assert state(made, "Money") is SectionState.IN_PROGRESS
    with pytest.raises(Conflict, match="Finish these sections first: Money"):
        submitting.submit(
            rounds.whole_application(made), declared_by=cast.founder.account.name, by=cast.founder.actor
        )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,23", "commas"),
        ("12.345", "pence"),
        ("-5", ""),
        ("1e6", ""),
        ("NaN", ""),
        ("∞", ""),
        ("12345678901234567890", ""),
    ],
)
def test_p11_money_that_cannot_be_read_is_refused_at_its_field(
    cast: Cast, client: ConformingClient, typed: str, said: str
) -> None:
    made = rounds.application(own())
    question = labels(rounds.whole_application(made))["Cost"]
    client.sign_in(cast.founder)
    refused = client.post(section_page(made, "Money"), data={f"q-{question}": typed, "version": "0"})
    assert refused.status_code == 422
    assert f'href="#q-{question}"' in refused.text
    assert typed in refused.text
    assert said in refused.text
    assert queries.latest_answers(made.id) == {}


@pytest.mark.parametrize("typed", ["£1,234.50", "1234.5", " 1 234.50 "])
def test_p11_money_is_read_as_people_write_it(cast: Cast, client: ConformingClient, typed: str) -> None:
    made = rounds.application(own())
    question = labels(rounds.whole_application(made))["Cost"]
    client.sign_in(cast.founder)
    sent = {f"q-{question}": typed, "version": "0"}
    assert client.post(section_page(made, "Money"), data=sent).status_code == 303
    (kept,) = queries.latest_answers(made.id).values()
    assert kept.answers == {question: 123450}


def test_costs_are_typed_in_rows_and_a_bad_one_is_named(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_()
    asked = rounds.question(found.sections[0], QuestionKind.COSTS, label="Costs")
    made = rounds.application(own(), found)
    where_ = section_page(made, "You")
    client.sign_in(cast.founder)

    def rows(*given: tuple[str, str]) -> dict[str, str]:
        sent = {"version": "0"}
        for at, (item, sum_) in enumerate(given):
            sent |= {f"q-{asked.id}-{at}-item": item, f"q-{asked.id}-{at}-sum": sum_}
        return sent

    refused = client.post(where_, data=rows(("Tape", "0.10"), ("", ""), ("Thread", "1,23")))
    assert refused.status_code == 422
    assert "Row 2: " in refused.text
    assert client.post(where_, data=rows(("Tape", "0.10"), ("", ""), ("Thread", "0.20"))).status_code == 303
    assert "£0.30" in client.get(where_).text


def test_a_text_that_is_too_long_is_kept_but_not_finished(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_()
    asked = rounds.question(found.sections[0], QuestionKind.LONG_TEXT, label="Long", most_words=3)
    made = rounds.application(own(), found)
    client.sign_in(cast.founder)
    sent = {f"q-{asked.id}": "one two three four", "version": "0", "finish": "yes"}
    answer = client.post(section_page(made, "You"), data=sent)
    assert answer.headers["Location"].endswith(section_page(made, "You"))
    page = client.get(section_page(made, "You")).text
    assert "This is 1 word too long: 3 at most" in page
    assert "one two three four" in page
    assert state(made, "You") is SectionState.IN_PROGRESS


def test_what_the_business_told_fills_a_section_that_nobody_began(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_()
    rounds.question(found.sections[0], label="Your name", known_as="name")
    made = rounds.application(own(), found)
    page = client.sign_in(cast.founder).get(section_page(made, "You")).text
    assert 'value="Cast Pictures"' in page
    assert "We have filled in what you told us before" in page
    question = labels(rounds.whole_application(made))["What will you do?"]
    client.post(section_page(made, "You"), data={f"q-{question}": "Made", "version": "0"})
    page = client.get(section_page(made, "You")).text
    assert 'value="Cast Pictures"' in page, "what is still missing is filled in until the section is finished"
    assert "Made" in page


def test_autosave_answers_with_the_version_it_made(cast: Cast, client: ConformingClient) -> None:
    made = rounds.application(own())
    question = labels(rounds.whole_application(made))["What will you do?"]
    client.sign_in(cast.founder)
    where_ = f"{section_page(made, 'You')}/keep"
    first = client.post(where_, data={f"q-{question}": "Mak", "version": "0"})
    assert (first.status_code, first.json) == (200, {"version": 1})
    stale = client.post(where_, data={f"q-{question}": "Make", "version": "0"})
    assert stale.status_code == 409
    assert stale.json is not None
    assert "You saved this section yourself in another tab" in stale.json["errors"][0]


def sent(name: str, data: bytes) -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}


def file_question(found: Application) -> UUID:
    again = rounds.whole_application(found)
    return next(each.id for each in again.round.questions if each.kind is QuestionKind.FILE)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.pdf", b""),
        ("page.pdf", b"<html><script>"),
        ("run.pdf", b"MZ\x90\x00"),
        ("../" * 100 + "x.exe", b"MZ"),
    ],
)
def test_p12_a_file_that_is_not_taken_leaves_nothing(
    cast: Cast, client: ConformingClient, db: Session, name: str, data: bytes
) -> None:
    made = rounds.application(own())
    client.sign_in(cast.founder)
    refused = client.post(f"{page_of(made)}/questions/{file_question(made)}/attach", **sent(name, data))
    assert refused.status_code == 422
    assert db.scalar(select(func.count()).select_from(Document)) == 0


def test_p12_what_is_too_large_leaves_nothing(
    cast: Cast, client: ConformingClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (forms, rules):
        monkeypatch.setattr(module, "LARGEST", 1_000)
    made = rounds.application(own())
    client.sign_in(cast.founder)
    where_ = f"{page_of(made)}/questions/{file_question(made)}/attach"
    assert client.post(where_, **sent("a.txt", b"0" * 1_001)).status_code == 422
    whole = b"0" * (LARGEST + 2_000_000)
    much = client.post(where_, data=whole, content_type="multipart/form-data; boundary=x")
    assert much.status_code == 422
    assert db.scalar(select(func.count()).select_from(Document)) == 0


def test_p12_a_good_file_is_had_by_its_team_alone(cast: Cast, client: ConformingClient, db: Session) -> None:
    made = rounds.application(own())
    client.sign_in(cast.founder)
    where_ = f"{page_of(made)}/questions/{file_question(made)}/attach"
    assert client.post(where_, **sent("a" * 300 + "/../Plan.pdf", PDF)).status_code == 303
    (kept,) = db.scalars(select(Document))
    assert kept.name == "Plan.pdf"
    address = f"{page_of(made)}/files/{kept.id}"
    assert client.get(address).data == PDF
    assert "Plan.pdf" in client.get(section_page(made, "You")).text
    other = rounds.application(own(OTHER_BUSINESS))
    assert client.sign_in(cast.other_founder).get(address).status_code == 404
    assert client.get(f"{page_of(other)}/files/{kept.id}").status_code == 404
    client.sign_in(cast.founder)
    assert client.post(f"{address}/remove").status_code == 303
    assert client.get(address).status_code == 404


def test_p51_looking_again_at_any_page_of_an_application_changes_nothing(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = rounds.filled_in(rounds.application(own()))
    client.sign_in(cast.founder)
    done = client.post(
        f"{page_of(made)}/submit", data={"declared_by": cast.founder.account.name, "is_declared": "y"}
    )
    before = acts(db, made)
    for _ in range(2):
        for page in (done.headers["Location"], page_of(made), f"{page_of(made)}/answers"):
            assert client.get(page).status_code == 200
    assert acts(db, made) == before


def test_k32_everything_wrong_with_a_section_is_said_at_once_and_by_name(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_()
    long = rounds.question(found.sections[0], QuestionKind.LONG_TEXT, label="Your plan", most_words=3)
    number = rounds.question(found.sections[0], QuestionKind.NUMBER, label="Looms")
    made = rounds.application(own(), rounds.whole(found))
    client.sign_in(cast.founder)
    told = {f"q-{long.id}": "one two three four", f"q-{number.id}": "many", "version": "0", "finish": "yes"}
    refused = client.post(section_page(made, "You"), data=told)
    assert refused.status_code == 422
    said = errors_of(refused)
    assert "Your plan: This is 1 word too long: 3 at most" in said
    assert [each for each in said if each.startswith("Looms: ")]
