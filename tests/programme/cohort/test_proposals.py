"""A cohort proposed by the solver, through the page: asked for, followed, read, taken over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.funding.subsidy.models import EnterpriseLink, Subsidy
from crm.funding.subsidy.rules import Regime, SubsidyKind
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.gateways.solver import Answer, Highs, Problem, Solver, Unsolvable
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.cohort.models import Cohort, CohortDraft, CohortProposal
from crm.programme.cohort.service import drafting, working
from crm.programme.cohort.service.working import LOST_AFTER, work_on_next
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.programme.pages import sent

NO_GROUPS = {"group_1": "", "number_1": "", "group_2": "", "number_2": ""}
A_PENNY_MORE = "1,300,000.01"
MONEY = {"money": "100,000", "must_be_in": "", "must_be_out": "", **NO_GROUPS}


def asked_at(found: Cohort) -> str:
    return f"/cohorts/{found.id}/proposals/ask"


def page(found: CohortProposal) -> str:
    return f"/cohort-proposals/{found.id}"


def the_only(db: Session) -> CohortProposal:
    db.expire_all()
    return db.query(CohortProposal).one()


def worked(app: Flask, solver: Solver | None = None, *, ends: bool = False) -> bool:
    return work_on_next(database(app), solver or Highs(), pause=lambda: ends)


@pytest.fixture
def found(client: ConformingClient, cast: Cast) -> Cohort:
    """Three applications of £50,000 each, the best two in Birmingham; a target of 30% outside. The manager is signed in."""
    made = cohorts.judged(threshold=5_000)
    panel = [rounds.on_panel(made, most=1_000).account_id for _ in range(2)]
    for score, authority in ((90, "Birmingham"), (80, "Birmingham"), (60, "Dudley"), (40, "Dudley")):
        owner = factories.business(name=f"Made {authority} {score}", authority=authority)
        cohorts.assessed(made, panel, score, owner)
    found = cohorts.cohort(made)
    cohorts.target(found)
    client.sign_in(cast.programme_manager)
    return cohorts.whole(found)


def test_P31_a_manager_asks_for_a_cohort_follows_it_reads_why_and_takes_it_over(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    assert "At least 30% of the money outside Birmingham" in client.get(asked_at(found)).text
    waiting = sent(client, asked_at(found), MONEY)
    assert "Waiting to begin" in waiting
    assert "See how far it is" in waiting
    assert worked(app)

    text = client.get(page(the_only(db))).text
    assert "2 applications, for £100,000 together. Total score 150.00" in text
    assert "Proved best" in text
    costs = text.split("What each limit costs")[-1]
    assert "£100,000 to award" in costs
    costs = text.split("At least 30% of the money outside Birmingham")[-1]
    assert "20.00" in costs
    assert "Made Birmingham 80" in costs
    assert "Proposals by the system" in client.get(f"/cohorts/{found.id}").text
    draft = sent(client, f"{page(the_only(db))}/take-over", {"name": "Best"})
    assert "2 applications chosen, for £100,000" in draft
    assert "Proposed: with it the cohort has the highest total score" in draft
    by_hand = cohorts.draft(found, *applications(db)[1:3], name="By hand")
    compared = client.get(page(the_only(db))).text.split("Beside the drafts")[-1].split(by_hand.name)[1]
    assert compared.index("Made Birmingham 80") < compared.index("Made Birmingham 90")
    assert not worked(app)


def test_P32_who_must_be_in_or_out_is_named_by_reference_and_refused_in_words(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    best, second, third, below = (each.reference for each in applications(db))
    refusals = {
        "is not an application in this ranking": MONEY | {"must_be_in": "S-NONE"},
        "cannot be both in and out": MONEY | {"must_be_in": best, "must_be_out": f"{third}\n{best}"},
        "cannot be chosen: below": MONEY | {"must_be_in": below},
        "Enter how many at least of this group": MONEY | {"group_1": "authority:Dudley"},
        "Choose the group that this number is of": MONEY | {"number_2": "3"},
        "Enter the money to award": MONEY | {"money": ""},
        "Enter more than £0": MONEY | {"money": "0"},
        "is free, so this is over by £0.01": MONEY | {"money": A_PENNY_MORE},
    }
    for words, typed in refusals.items():
        answer = client.post(asked_at(found), data=typed)
        assert (answer.status_code, words in answer.text) == (422, True), words

    sent(client, asked_at(found), MONEY | {"must_be_in": second.lower(), "must_be_out": best})
    assert worked(app)
    assert the_only(db).answer["chosen"] == [second, third]


def applications(db: Session) -> list[Application]:
    return db.query(Application).order_by(Application.reference).all()


def test_so_many_of_a_group_can_be_asked_for_beside_the_targets(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    sent(
        client,
        asked_at(found),
        MONEY | {"money": "150,000", "group_2": "authority:Birmingham", "number_2": "3"},
    )
    assert worked(app)
    assert "Without “At least 3 from Birmingham” it is possible" in client.get(page(the_only(db))).text

    sent(client, asked_at(found), MONEY | {"group_1": "authority:Dudley", "number_1": "1"})
    assert worked(app)
    (made,) = db.query(CohortProposal).where(CohortProposal.money == Money.pounds(100_000))
    assert "At least 1 from Dudley" in client.get(page(made)).text.split("What each limit costs")[-1]


def test_P38_P41_no_enterprise_is_proposed_for_more_than_it_can_still_be_given(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    """£35,000.00 is left of the £315,000.00 to two businesses with one parent, one of which was given £280,000.00."""
    best, second = (each.business_id for each in applications(db)[:2])
    for business_id in (best, second):
        factories.kept(
            EnterpriseLink(
                business_id=business_id, parent_number="01234567", source="Made", recorded_at=now()
            )
        )
    gift = {"kind": SubsidyKind.DECLARED, "regime": Regime.MFA, "giver": "Made", "purpose": "Made"}
    gift |= {"amount": Money.pounds(280_000), "given_on": today(), "recorded_at": now()}
    factories.kept(Subsidy(business_id=second, _status=SubsidyStatus.RECORDED, **gift))
    sent(client, asked_at(found), MONEY)
    assert worked(app)
    text = client.get(page(the_only(db))).text

    assert the_only(db).answer["chosen"] == [applications(db)[2].reference]
    assert "What each enterprise can still be given as subsidy on" in text


def test_where_no_cohort_meets_everything_the_page_says_without_what_one_does(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    best = applications(db)[0].reference
    sent(client, asked_at(found), MONEY | {"money": "40,000", "must_be_in": best})
    assert worked(app)
    text = client.get(page(the_only(db))).text

    assert "No cohort meets all targets" in text
    assert "That none does is the answer of the solver, HiGHS." in text
    assert "Without “Made Birmingham 90 must be in” it is possible" in text
    assert client.get(f"{page(the_only(db))}/take-over").status_code == 409


def test_whoever_withdrew_meanwhile_makes_a_proposal_out_of_date(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    sent(client, asked_at(found), MONEY)
    assert worked(app)
    gone, other = applications(db)[0], applications(db)[1]
    gone._status, gone.withdrawn_at, gone.assessed_at = ApplicationStatus.WITHDRAWN, now(), None
    other.asked_for = Money.pounds(49_000)
    db.get_one(Cohort, found.id).envelope_id = cohorts.envelope(Money.pounds(60_000)).id
    db.flush()
    text = client.get(page(the_only(db))).text

    assert "Made Birmingham 90 can no longer be chosen." in text
    assert "Made Birmingham 80 asks for £49,000 now, not £50,000." in text
    assert "Take this over" not in text
    assert "Only £60,000 is free now. This proposal awards £100,000." in text
    refused = client.get(f"{page(the_only(db))}/take-over")
    assert (refused.status_code, "Made Birmingham 90" in refused.text) == (409, True)


def test_one_is_worked_out_at_a_time_and_a_cancelled_one_makes_room(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    sent(client, asked_at(found), MONEY)
    refused = client.post(asked_at(found), data=MONEY | {"money": "90,000"})
    assert (refused.status_code, "is being worked out already" in refused.text) == (409, True)
    assert "Cancelled" in sent(client, f"{page(the_only(db))}/cancel")

    assert not worked(app)
    sent(client, asked_at(found), MONEY | {"money": "90,000"})
    assert worked(app)


def test_what_there_was_no_time_for_is_said_to_be_unknown(
    client: ConformingClient, app: Flask, db: Session, found: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Highs):
        """Answers the first question, and takes for ever over the second."""

        def best(self, problem: Problem, **how: Any) -> Answer:
            monkeypatch.setattr(working, "monotonic", lambda: monotonic() + 1_000)
            return super().best(problem, **how)

    sent(client, asked_at(found), MONEY)
    assert worked(app, Slow())
    text = client.get(page(the_only(db))).text

    assert "Proved best" in text
    assert "not enough time to apply the tie rule" in text
    assert text.count("Not known: there was not enough time") == 2


class Killed(BaseException):
    """The worker is gone in the middle of it."""


class Falling:
    """Solves nothing: raises what it was given."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer:
        raise self.fault


def test_a_proposal_whose_worker_was_killed_is_begun_again_by_the_next(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    sent(client, asked_at(found), MONEY)
    with pytest.raises(Killed):
        worked(app, Falling(Killed()))
    assert the_only(db).status is ProposalStatus.WORKING
    assert "Being worked out" in client.get(page(the_only(db))).text
    assert not worked(app)

    db.execute(update(CohortProposal).values(heard_at=now() - LOST_AFTER - timedelta(seconds=1)))
    assert worked(app)
    assert (the_only(db).status, the_only(db).attempts) == (ProposalStatus.ANSWERED, 2)


def test_a_worker_that_is_told_to_end_gives_the_proposal_back(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    sent(client, asked_at(found), MONEY)
    assert worked(app, ends=True)
    assert (the_only(db).status, the_only(db).attempts) == (ProposalStatus.ASKED, 0)
    assert worked(app)
    assert the_only(db).status is ProposalStatus.ANSWERED


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Unsolvable("There was not time enough to find any cohort"), "There was not time enough"),
        (ZeroDivisionError(), "Something went wrong on our side"),
    ],
    ids=["unsolvable", "ours"],
)
def test_a_proposal_that_fails_says_so_and_can_be_asked_for_again(
    client: ConformingClient, app: Flask, db: Session, found: Cohort, fault: Exception, words: str
) -> None:
    sent(client, asked_at(found), MONEY)
    assert worked(app, Falling(fault))
    text = client.get(page(the_only(db))).text

    assert "No cohort could be proposed" in text
    assert words in text
    assert client.get(asked_at(found)).status_code == 200


def test_only_managers_ask_and_nobody_is_decided_by_a_proposal(
    client: ConformingClient, app: Flask, db: Session, cast: Cast, found: Cohort
) -> None:
    sent(client, asked_at(found), MONEY)
    assert worked(app)
    client.sign_in(cast.approver)

    assert client.get(page(the_only(db))).status_code == 200
    assert client.post(asked_at(found), data=MONEY).status_code == 403
    assert db.query(CohortDraft).count() == 0


def test_k33_a_proposal_that_came_to_nothing_is_asked_again_with_every_value_kept(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    best, _, third, _ = (each.reference for each in applications(db))
    typed = MONEY | {
        "money": "150,000",
        "group_1": "authority:Birmingham",
        "number_1": "3",
        "group_2": "authority:Dudley",
        "number_2": "1",
        "must_be_in": third,
        "must_be_out": best,
    }
    sent(client, asked_at(found), typed)
    assert worked(app)
    made = the_only(db)
    text = client.get(page(made)).text
    assert "No cohort meets all targets." in text
    assert "At least 3 from Birmingham" in text.split("Limits it was asked to meet")[1]
    again = f"{asked_at(found)}?like={made.id}"
    assert f'href="{again}"' in text

    form = client.get(again).text
    for value in (
        'value="150,000"',
        'value="3"',
        'value="1"',
        f">{third}</textarea>",
        f">{best}</textarea>",
    ):
        assert value in form, value
    for group in ("authority:Birmingham", "authority:Dudley"):
        assert f'<option value="{group}" selected' in form
    changed = sent(client, again, typed | {"number_1": "1"})
    assert "Waiting to begin" in changed
    cancelled = db.query(CohortProposal).where(CohortProposal.id != made.id).one()
    sent(client, f"{page(cancelled)}/cancel")
    assert f'href="{asked_at(found)}?like={cancelled.id}"' in client.get(page(cancelled)).text


def test_what_a_proposal_of_another_cohort_was_asked_for_is_not_taken_over(
    client: ConformingClient, found: Cohort
) -> None:
    earlier = cohorts.proposal(found)
    assert 'value="100,000"' in client.get(f"{asked_at(found)}?like={earlier.id}").text
    other = cohorts.cohort(cohorts.judged())
    cohorts.ranked(other.round, 70)
    assert 'value="100,000"' not in client.get(f"{asked_at(other)}?like={earlier.id}").text


def test_k11_what_a_proposal_said_of_its_cohort_is_not_said_of_a_changed_draft(
    client: ConformingClient, app: Flask, db: Session, found: Cohort
) -> None:
    said = "the highest total score that keeps every target"
    sent(client, asked_at(found), MONEY)
    assert worked(app)
    assert said in sent(client, f"{page(the_only(db))}/take-over", {"name": "Best"})
    db.expire_all()
    draft = db.query(CohortDraft).filter_by(name="Best").one()
    best = applications(db)[0]
    places = cohorts.whole_draft(draft).places
    part = next(each for each in places if each.reason == "" or each.application_id == best.id)
    drafting.choose(
        cohorts.whole_draft(draft),
        drafting.Choice(part.application_id, Money.pounds(40_000), part="Made: a smaller pilot will do"),
        by=SYSTEM,
    )
    db.expire_all()
    assert {each.reason for each in cohorts.whole_draft(draft).places} == {""}
    assert said not in client.get(f"/cohort-drafts/{draft.id}").text
