"""Comparing drafts, proposing one and confirming it, through the page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pypdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment, RoundAssessor
from crm.programme.cohort.models import Cohort, CohortDraft, Decision
from crm.programme.cohort.queries.money import bar_of
from crm.programme.cohort.workflow import DraftStatus
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.pages import sent

WHY = "Made: the panel wants more of the work outside the city"
FIFTY = Money.pounds(50_000)


def page(found: CohortDraft) -> str:
    return f"/cohort-drafts/{found.id}"


def says_on_paper(client: ConformingClient, draft: CohortDraft, *said: str) -> None:
    """The pack as a tagged paper says all this, and names nobody who assessed (P37)."""
    reader = pypdf.PdfReader(io.BytesIO(client.get(f"{page(draft)}/pack.pdf").data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    paper = " ".join(each.extract_text() for each in reader.pages).replace("\n", " ")
    assert [each for each in (*said, "Who is chosen", "Proposed:") if each not in paper] == []
    judges = (
        session()
        .scalars(select(Account.name).join(RoundAssessor, RoundAssessor.account_id == Account.id))
        .all()
    )
    assert not any(each in f"{paper} {reader.metadata}" for each in judges)


def proposed(client: ConformingClient, cast: Cast, found: CohortDraft, **fields: str) -> None:
    client.sign_in(cast.programme_manager)
    assert "Proposed" in sent(client, f"{page(found)}/propose", {"reserves": "0"} | fields)
    client.sign_in(cast.approver)


def refused_as_over(client: ConformingClient, draft: CohortDraft) -> None:
    """A draft that is a penny over is not proposed: its page has no button, and the verb refuses."""
    there = f"{page(draft)}/propose"
    for answer in (client.get(there), client.post(there, data={"reserves": "0"})):
        assert "£1,300,000.00 is free, so it is over by £0.01" in answer.text
        assert "Propose to an approver</button>" not in answer.text


def names_the_others(client: ConformingClient, draft: CohortDraft, rows: list[Application]) -> str:
    """The pack and the page of confirming say by name who waits and who is refused; this is the last name."""
    *waits, refused = [rounds.whole_application(each).business.name for each in rows]
    for where, title in (("pack", "Not awarded<"), ("confirm", "Refused<")):
        text = client.get(f"{page(draft)}/{where}").text
        waiting, left = text.split("Waiting list</h2>")[1].split(title)
        assert ([each for each in waits if each not in waiting], refused in waiting) == ([], False)
        assert refused in left
    return refused


def outcomes(db: Session, found: Cohort) -> list[str]:
    query = select(Decision.outcome).where(Decision.cohort_id == found.id).order_by(Decision.outcome)
    return [str(each) for each in db.scalars(query)]


def test_P27_A49_twenty_six_awards_of_50000_fit_exactly_and_a_penny_more_is_refused_with_nothing_saved(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, *range(90, 64, -1))
    rows[-1].asked_for = Money.pounds(60_000)
    draft = cohorts.draft(found, *rows[:-1])
    last = cohorts.place(draft, rows[-1], amount=Money(5_000_001))
    client.sign_in(cast.programme_manager)
    refused_as_over(client, draft)
    last.amount = FIFTY
    db.flush()
    proposed(client, cast, cohorts.whole_draft(draft))

    last.amount = FIFTY + Money(1)
    db.flush()
    assert "Confirm the cohort</button>" not in client.get(f"{page(draft)}/confirm").text
    refused = client.post(f"{page(draft)}/confirm")
    assert refused.status_code == 409
    assert "£1,300,000.00 is free, so it is over by £0.01" in refused.text
    assert outcomes(db, found) == []
    last.amount = FIFTY
    db.flush()
    client.sign_in(cast.programme_manager)
    assert "Sent back." in sent(client, f"{page(draft)}/send-back", {"reason": "Made: one penny too much"})
    proposed(client, cast, cohorts.whole_draft(draft))
    text = sent(client, f"{page(draft)}/confirm")
    assert "Cohort confirmed. No applicant has been told yet." in text
    bar = bar_of(cohorts.whole(found))
    assert bar is not None
    assert (bar.free, bar.reserved) == (Money(0), Money.pounds(1_300_000))
    assert outcomes(db, found) == ["successful"] * 26
    assert "over by" not in client.get(page(draft)).text + client.get(f"/cohorts/{found.id}/compare").text
    other = cohorts.draft(found, rows[0])
    compared = client.get(f"/cohorts/{found.id}/compare?draft={draft.id}&draft={other.id}").text
    assert "over by" not in compared


def test_P25_neither_who_proposed_nor_who_scored_or_moderated_confirms_a_cohort(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 80)
    draft = cohorts.draft(found, *rows)
    made = rounds.moderation(rows[0], rounds.whole(found.round).criteria[0], 80)
    made.moderated_by_id = cast.approver.id
    db.flush()
    proposed(client, cast, draft)

    assert client.post(f"{page(draft)}/confirm").status_code == 409
    assert "You moderated scores in this round" in client.get(page(draft)).text
    assert "Confirm the cohort of" not in client.get("/desk").text
    made.moderated_by_id = None
    (scored, *_) = db.scalars(select(Assessment).where(Assessment.application_id == rows[0].id)).all()
    assessor_id, scored.assessor_id = scored.assessor_id, cast.approver.id
    db.flush()
    assert "You scored applications in this round" in client.get(page(draft)).text
    assert client.post(f"{page(draft)}/confirm").status_code == 409
    assert "Confirm the cohort of" not in client.get("/desk").text
    scored.assessor_id = assessor_id
    cohorts.whole_draft(draft).proposed_by_id = cast.approver.id
    db.flush()
    assert "You proposed this cohort" in client.get(page(draft)).text
    assert client.post(f"{page(draft)}/confirm").status_code == 409
    cohorts.whole_draft(draft).proposed_by_id = cast.programme_manager.id
    db.flush()
    assert f"{page(draft)}/confirm" in client.get("/desk").text
    cohorts.whole_draft(draft).reserves = 3
    db.flush()
    assert "No application is left for the waiting list" in client.get(f"{page(draft)}/confirm").text
    sent(client, f"{page(draft)}/send-back", {"reason": WHY})
    assert WHY in client.get(page(draft)).text
    client.sign_in(cast.programme_manager)
    assert f"Change the cohort of {found.round.name} that was sent back" in client.get("/desk").text


def test_P30_drafts_may_be_over_visibly_and_confirming_one_makes_those_that_share_applicants_out_of_date(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged(), envelope_id=cohorts.envelope(FIFTY).id)
    first, second, third = cohorts.ranked(found.round, 90, 80, 70)
    one, shares = cohorts.draft(found, first, name="One"), cohorts.draft(found, first, second, name="Shares")
    cohorts.draft(found, third, name="Apart")
    client.sign_in(cast.programme_manager)

    assert "over by £50,000.00" in client.get(page(shares)).text
    compared = client.get(f"/cohorts/{found.id}/compare?draft={one.id}&draft={shares.id}").text
    assert "1 application in both" in compared
    assert "over by £50,000.00" in compared
    assert "Only in “Shares”" in compared
    proposed(client, cast, one, reserves="1")
    sent(client, f"{page(one)}/confirm")
    db.expire_all()
    status = {each.name: each.status for each in db.scalars(select(CohortDraft))}
    assert status == {
        "One": DraftStatus.CONFIRMED,
        "Shares": DraftStatus.STALE,
        "Apart": DraftStatus.OPEN,
    }
    assert outcomes(db, found) == ["reserve", "successful", "unsuccessful"]
    client.sign_in(cast.programme_manager)
    assert client.post(f"{page(shares)}/propose", data={"reserves": "0"}).status_code == 409


def test_P31_a_draft_below_a_target_names_it_and_the_next_three_ranked_and_needs_a_reason_in_the_pack(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    opens = now() + timedelta(days=1)
    early = cohorts.cohort(
        rounds.round_(opens_at=opens, deadline_at=opens + timedelta(days=9), published_at=now())
    )
    client.sign_in(cast.programme_manager)
    target = {"group": "authority:", "authority": "Birmingham", "side": "out", "measure": "money"}
    text = sent(client, f"/cohorts/{early.id}/targets/set", target | {"least": "30"})
    assert "At least 30% of the money outside Birmingham" in text
    made = text.split("/cohort-targets/")[1][:36]
    assert "No targets" in sent(client, f"/cohort-targets/{made}/remove")

    found = cohorts.cohort(cohorts.judged())
    assert client.post(f"/cohorts/{found.id}/targets/set", data=target | {"least": "30"}).status_code == 409
    cohorts.target(found)
    places = ["Birmingham"] * 7 + ["Solihull"] * 6
    panel = [rounds.on_panel(found.round, most=99).account_id for _ in range(2)]
    rows = [
        cohorts.assessed(found.round, panel, 90 - at, factories.business(authority=each))
        for at, each in enumerate(places)
    ]
    draft = cohorts.draft(found, *rows[:9])
    cohorts.place(draft, rows[9], amount=Money.pounds(5_000))
    page_text = client.get(page(draft)).text
    assert "Not met" in page_text
    assert all(f"rank {rank} " in page_text for rank in (11, 12, 13))
    assert client.post(f"{page(draft)}/propose", data={"reserves": "0"}).status_code == 422
    proposed(client, cast, draft, reason=WHY, reserves="2")
    refused = names_the_others(client, draft, rows[10:])
    pack = client.get(f"{page(draft)}/pack").text
    assert WHY in pack
    assert f"{page(draft)}/pack.pdf" in pack
    says_on_paper(client, draft, WHY, "£455,000.00", rows[0].reference, "Not met", refused)
    assert WHY in client.get(f"{page(draft)}/confirm").text
    sent(client, f"{page(draft)}/confirm")


def test_P13_the_award_of_an_application_that_is_withdrawn_is_free_at_once_and_what_was_confirmed_stays_as_it_was(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    panel = [rounds.on_panel(found.round, most=99).account_id for _ in range(2)]
    theirs = cohorts.assessed(found.round, panel, 90, own())
    (other,) = cohorts.ranked(found.round, 80)
    one, two = cohorts.draft(found, theirs, other), cohorts.draft(found, theirs)
    proposed(client, cast, one)
    sent(client, f"{page(one)}/confirm")
    client.sign_in(cast.programme_manager)
    before = client.get(f"{page(one)}/pack").text
    assert "After it was confirmed" not in before
    sent(client, f"/cohorts/{found.id}/decisions/notify-all")
    client.sign_in(cast.founder)
    sent(client, f"/applications/{theirs.id}/withdraw", {"reason": WHY, "sure": "y"})

    assert [len(cohorts.whole_draft(each).places) for each in (one, two)] == [2, 1]
    bar = bar_of(cohorts.whole(found))
    assert bar is not None
    assert bar.reserved == FIFTY
    told = client.get(f"/applications/{theirs.id}").text
    assert (
        told.index("was successful")
        < told.index("The award ended on")
        < told.index("The business withdrew its application")
        < told.index("We wrote to you on")
    )
    client.sign_in(cast.programme_manager)
    after = client.get(f"{page(one)}/pack").text
    later = after.index("After it was confirmed")
    assert theirs.reference in after[:later]
    assert [each.count("£50,000.00") for each in (before, after)] == [before.count("£50,000.00")] * 2
    assert WHY in after[later:]
    assert theirs.reference in client.get(page(one)).text


def test_a_cohort_is_not_proposed_while_an_application_is_still_assessed_or_a_departure_lacks_its_reason(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    first, second = cohorts.ranked(found.round, 90, 80)
    draft = cohorts.draft(found, second)
    client.sign_in(cast.programme_manager)

    refused = client.post(f"{page(draft)}/propose", data={"reserves": "0"})
    assert refused.status_code == 409
    assert "without a reason" in refused.text
    cohorts.place(draft, first)
    choosing = f"{page(draft)}/applications/{second.id}/choose"
    refused = client.post(choosing, data={"amount": "", "reason": WHY})
    assert refused.status_code == 422
    assert "Enter the sum to award" in refused.text
    assert "Propose this draft" in client.get(page(draft)).text
    many = client.post(f"{page(draft)}/propose", data={"reserves": "2"})
    assert (many.status_code, "No other application can go on the waiting list" in many.text) == (422, True)
    open_ = cohorts.ranked(found.round, 20, status="submitted")
    asking = client.get(f"/cohorts/{found.id}/proposals/ask")
    assert (asking.status_code, "1 application is still being assessed" in asking.text) == (409, True)
    here = client.get(f"/cohorts/{found.id}").text
    assert ("1 application is still being assessed" in here, "Propose a cohort</a>" in here) == (True, False)
    assert "Propose this draft" not in client.get(page(draft)).text
    assert "still being assessed" in client.post(f"{page(draft)}/propose", data={"reserves": "0"}).text
    db.delete(open_[0])


def test_the_funding_line_says_which_names_change_without_any_one_assessor(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged(), envelope_id=cohorts.envelope(FIFTY).id)
    first, _ = cohorts.ranked(found.round, 80, 70)
    harsh = rounds.on_panel(found.round).account_id
    cohorts.judge(first, harsh, 1)
    client.sign_in(cast.programme_manager)

    text = client.get(f"/cohorts/{found.id}/stability").text
    assert text.count("Comes in") == 1
    assert text.count("The same names are funded") == 2
