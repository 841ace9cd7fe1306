"""A cohort is decided, and its feedback written, only as the page of whoever does it showed it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Decision, Feedback
from crm.programme.rounds.models import Round
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.diagnostics.test_readiness import version_on
from tests.programme.applicants import own
from tests.programme.cohort.test_deciding import confirmed, decision_on, two_rounds_of_people
from tests.programme.pages import sent


def seen_on(client: ConformingClient, page: str) -> dict[str, str]:
    """The mark that the form of a page carries."""
    return {"seen": client.get(page).text.split('name="seen"')[1].split('value="')[1].split('"')[0]}


def of_the_founder(found: Round) -> Application:
    """The founder's own application of a round, at 80."""
    panel = [rounds.on_panel(found, most=99).account_id for _ in range(2)]
    return cohorts.assessed(found, panel, 80, own())


def test_K4_an_approver_decides_only_the_set_that_the_page_showed_and_is_shown_the_one_there_is(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = [*cohorts.ranked(found.round, 90), of_the_founder(found.round), *cohorts.ranked(found.round, 70)]
    draft = cohorts.draft(found, *rows[:2])
    there = f"/cohort-drafts/{draft.id}"
    client.sign_in(cast.programme_manager)
    early = seen_on(client, f"{there}/propose")
    cohorts.whole_draft(draft).places[1].amount = Money.pounds(49_999)
    db.flush()
    late = client.post(f"{there}/propose", data={"reserves": "0", **early})
    assert late.status_code == 409
    assert "£49,999.00 of the £50,000.00 it asks for" in " ".join(late.text.split())
    sent(client, f"{there}/propose", {"reserves": "0", **seen_on(client, f"{there}/propose")})

    client.sign_in(cast.approver)
    marks = {way: seen_on(client, f"{there}/{way}") for way in ("confirm", "send-back")}
    client.sign_in(cast.founder)
    sent(client, f"/applications/{rows[1].id}/withdraw", {"reason": "Made: cancelled", "sure": "y"})
    client.sign_in(cast.approver)
    for way, mark in marks.items():
        refused = client.post(f"{there}/{way}", data={"reason": "Made: fewer than were shown", **mark})
        assert (refused.status_code, "so nothing was done" in refused.text) == (409, True)
    shown = " ".join(client.get(f"{there}/confirm").text.split())
    assert "1 award," in shown
    assert "1 application is refused." in shown
    assert db.scalars(select(Decision)).all() == []
    assert "Cohort confirmed" in sent(client, f"{there}/confirm", seen_on(client, f"{there}/confirm"))


def test_feedback_on_all_criteria_in_two_tabs_shows_both_texts_and_the_second_can_then_be_saved(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.judged()
    about = cohorts.ranked(found, 80)[0]
    one = found.criteria[0].id.hex
    there = f"/applications/{about.id}/feedback/write"
    client.sign_in(cast.programme_manager)
    sent(client, there, {f"words_{one}": "Made: first words", f"version_{one}": "0"})
    old = db.scalars(select(Feedback.version)).one()
    sent(client, there, {f"words_{one}": "Made: of the other tab", f"version_{one}": str(old)})
    late = client.post(there, data={f"words_{one}": "Made: of this tab", f"version_{one}": str(old)})
    assert late.status_code == 409
    assert "Made: of this tab</textarea>" in late.text
    assert "“Made: of the other tab” is saved now" in late.text
    carried = late.text.split(f'name="version_{one}"')[1].split('value="')[1].split('"')[0]
    assert int(carried) == old + 1
    sent(client, there, {f"words_{one}": "Made: of this tab", f"version_{one}": carried})
    db.expire_all()
    assert db.scalars(select(Feedback.words)).one() == "Made: of this tab"


def test_K1_a_decision_in_another_tab_is_neither_withdrawn_released_nor_promoted_unread(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    award, reserve = decision_on(db, other), decision_on(db, theirs)
    why = {"reason": "The business was sold to its buyer", "kind": "taken_off"}
    client.sign_in(cast.approver)
    listed, promoting = f"/cohorts/{found.id}/waiting-list", f"/decisions/{reserve.id}/promote"
    seen = seen_on(client, listed)
    cohorts.whole(found).allows_partial = True
    reserve.amount = Money.pounds(40_000)
    db.flush()
    late = client.post(promoting, data=seen)
    assert (late.status_code, "£40,000" in client.get(listed).text) == (409, True)
    client.sign_in(cast.programme_manager)
    for one, act in ((award, "withdraw"), (reserve, "release")):
        where = f"/decisions/{one.id}/{act}"
        first = version_on(client.get(where).text)
        one.promoted_reason = "Made: read meanwhile"
        db.flush()
        assert client.post(where, data=why | {"version": first}).status_code == 409
        assert "Say why" in client.post(where, data=why | {"reason": ".", "version": first}).text
        assert client.post(where, data=why | {"reason": "x", "version": first}).status_code == 422
        sent(client, where, why | {"version": version_on(client.get(where).text)})


def test_a_draft_is_deleted_only_as_its_page_showed_who_is_chosen(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    draft = cohorts.draft(cohorts.cohort(cohorts.judged()))
    rows = cohorts.ranked(cohorts.whole_draft(draft).round, 90)
    there = f"/cohort-drafts/{draft.id}"
    client.sign_in(cast.programme_manager)
    early = seen_on(client, f"{there}/delete")
    sent(client, f"{there}/applications/{rows[0].id}/choose")
    assert client.post(f"{there}/delete", data=early).status_code == 409
    assert "deleted" in sent(client, f"{there}/delete", seen_on(client, f"{there}/delete"))


def test_k4_what_a_draft_says_of_an_application_is_not_written_over_by_a_page_opened_before(
    client: ConformingClient, cast: Cast
) -> None:
    draft = cohorts.draft(cohorts.cohort(cohorts.judged()))
    (row,) = cohorts.ranked(cohorts.whole_draft(draft).round, 90)
    there = f"/cohort-drafts/{draft.id}/applications/{row.id}"
    client.sign_in(cast.programme_manager)
    part = {"part": "Made: a quote came in lower"}
    sent(client, f"{there}/choose", {"amount": "50,000"})
    tabs = [seen_on(client, f"{there}/{way}") for way in ("choose", "choose", "remove")]
    sent(client, f"{there}/choose", part | {"amount": "40,000"} | tabs[0])
    late = client.post(f"{there}/choose", data=part | {"amount": "30,000"} | tabs[1])
    assert late.status_code == 409
    said = " ".join(late.text.split())
    assert f"{cast.programme_manager.known.name} changed the draft on" in said
    assert "The draft awards it £40,000 now." in said
    assert 'value="30,000' in late.text, "what was typed is kept"
    assert client.post(f"{there}/remove", data=tabs[2]).status_code == 409
    sent(client, f"{there}/choose", part | {"amount": "30,000"} | seen_on(client, f"{there}/choose"))
    sent(client, f"{there}/remove", seen_on(client, f"{there}/remove"))
