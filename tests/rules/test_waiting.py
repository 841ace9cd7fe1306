"""What waits is on the desk of people who can act on it, and every state in which a thing stays waits for somebody or says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.angels.investors.workflow import CheckOutcome
from crm.app import FEATURES
from crm.businesses.models import Business
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.programme.applications.workflow import ApplicationStatus
from crm.referrals.service import answering
from crm.referrals.service.preparing import ReferralDetails
from crm.web.feature import Waiting
from tests import factories, network, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.referrals.conftest import details, open_service
from tests.referrals.made import sent

__all__ = ["details", "open_service"]
WAITS = [(room, wait) for room in FEATURES for wait in room.waits]
NOT_A_DESK = {
    "letter.queued": "the worker sends it",
    "letter.sending": "the worker sends it",
    "letter.unsure": "the worker sends it again under the same Message-ID",
    "account.invited": "the invited person has a letter; an administrator sees it in the list of people",
    "account.active": "in use",
    "account.deactivated": "ended",
    "business.active": "in use",
    "business.archived": "ended",
    "service.open": "in use, and checked again by its date",
    "service.closed": "ended",
    "service.historic": "ended",
    **dict.fromkeys(
        ("feed import.reading", "feed import.taking", "feed import.undoing"), "the worker is at it"
    ),
    "feed import.taken": "ended",
    "diagnosis.open": "gone on with from the business's page",
    "question set.draft": "prepared by whoever edits the questions",
    "question set.published": "in use",
    "ask.open": "what a business seeks; nothing is asked of anybody",
    "ask.met": "ended",
    "ask.unmet": "ended",
    "ask.dropped": "ended",
    "output.kept": "claimed with the next return",
    "output.claimed": "ended",
    "round.published": "it opens and closes by its dates",
    "hours.confirmed": "ended",
    "workshop.draft": "prepared by whoever plans it, and shown in the list of workshops",
    "place.waiting": "offered by itself when a place becomes free",
    "place.taken": "the workshop waits for its register instead",
    "place.absent": "ended",
    "referral.withdrawn": "ended",
    "enquiry.answered": "in the adviser's hands, and listed as such",
    "enquiry.closed": "ended",
    "plan.draft": "prepared by its adviser on the business's page",
    "award.accepted": "its milestones and claims have days of their own",
    **dict.fromkeys(
        ("award.ended", "award.completed"),
        "over; its company is looked up where the last payment of it is on finance’s desk",
    ),
    "decision.notified": "told, and kept",
    "draft cohort.open": "built by the programme's managers",
    "cohort proposal.asked": "waits for the worker",
    "cohort proposal.working": "waits for the worker",
    "cohort proposal.answered": "read by whoever asked for it",
    "claim on an award.approved": "its payment is on the desk of the finance officer",
    "subsidy.recorded": "ended",
    "subsidy.issued": "ended, unless the money comes back",
    "outcome report.planned": "asked for by itself on its day",
    "outcome report.confirmed": "ended",
    "set of bank details.confirmed": "in use",
    "claim on an award.paid": "ended, unless the bank returns the money",
    "payment.paid": "ended, unless the bank returns the money",
    "payment.in_run": "its run waits instead",
    "application.submitted": "its assessments wait instead",
    "application.assessed": "ended here: the panel decides",
    "application.ineligible": "ended",
    "question of eligibility.cleared": "ended",
    "question of eligibility.denied": "ended",
    "assessment.closed": "ended",
    "assessment.declined": "the application waits for an assessor instead",
    "angel.accepted": "a member",
    "angel.suspended": "decided by the network's managers",
    "company update.missed": "ended, unless the company sends it after all",
    "due-diligence question.answered": "ended, unless the business withdraws its answer",
    "due-diligence question.unavailable": "ended, unless the business answers after all",
    "pitch.draft": "written by its founder",
    "pitch.published": "shown, and ended by its last day",
    "pitch.paused": "paused by its founder or a manager",
    "syndicate.forming": "its offer to lead or its terms wait instead",
    "syndicate.open": "others join until the closing date of its terms",
    "version of terms.agreed": "holds until another is agreed",
    "place in a syndicate.joined": "a member",
    "pledge.waiting": "offered by itself when a place becomes free",
    "pledge.pledged": "its investor commits when both agree on the terms",
    "pledge.committed": "both sides record the investment when it is made",
    "pledge.completed": "ended, unless the investment is reversed",
    "investment.matched": "ended, unless it is reversed",
    "investment.confirmed": "ended, unless it is reversed",
    "delegation.open": "takes applications until its last day",
    "readiness action.done": "ended",
    "readiness action.dropped": "ended",
    "place in a delegation.waiting": "offered by itself when a seat becomes free",
    "place in a delegation.declined": "ended, unless its lead has a place to fill",
    "place in a delegation.lapsed": "ended, unless its lead has a place to fill",
    "place in a delegation.given_up": "ended, unless its lead has a place to fill",
    "place in a delegation.withdrawn": "ended, unless the business applies again",
    "place in a delegation.went": "done; what came of it is asked by its day",
    "place in a delegation.missed": "ended, unless it was recorded by mistake",
    "place in a delegation.accepted": "the delegation waits for who went instead",
    "part in a test-bed project.cancelled": "ended, unless the business is invited again",
    "part in a test-bed project.taking_part": "takes part until the project is over",
    "lesson of a test-bed project.published": "ended here, and taken back where it is wrong",
    "consent to be named.agreed": "holds until the business withdraws it",
    "consent to be named.refused": "ended, until the text is changed",
    "edition of a market.planned": "a date in the calendar",
    "edition of a market.cancelled": "ended, unless it takes place after all",
    "country of an export plan.active": "its tasks wait instead",
    "country of an export plan.won": "done, until it is taken up again",
    "country of an export plan.dropped": "set aside by the business",
    "turn in a pitch night.agreed": "its night waits instead",
    "turn in a pitch night.declined": "its night's manager has a letter, and may ask another business",
    "place at a pitch night.coming": "checked in at the night, or a no-show",
    "place at a pitch night.attended": "ended, unless the check-in is undone",
    "place at a pitch night.waiting": "offered by itself when a place becomes free",
    "place at a pitch night.declined": "ended, unless the investor changes the answer",
}


@pytest.mark.parametrize(
    ("room", "wait"), WAITS, ids=lambda each: getattr(each, "what", getattr(each, "name", ""))
)
def test_everyone_who_is_told_can_act(room: object, wait: Waiting) -> None:
    policy = room.policy  # type: ignore[attr-defined]
    able = {role for rule in policy.rules if rule.act == wait.act for role in rule.roles}

    assert wait.roles
    assert set(wait.roles) <= able


def test_every_state_in_which_a_thing_stays_is_on_a_desk_or_says_why_not() -> None:
    # A word such as "draft" is a state of several machines: each is told apart by its enum.
    waiting = {(type(state), state) for _, wait in WAITS for state in wait.states}
    staying = {
        f"{machine.name}.{state}"
        for room in FEATURES
        for machine in room.machines
        for state in {source for move in machine.moves for source in move.sources} | {machine.start}
        if (type(state), state) not in waiting
    }

    assert staying == set(NOT_A_DESK)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FUNDER])
def test_whoever_only_reads_has_nothing_to_do(role: Role) -> None:
    assert [wait.what for _, wait in WAITS if role in wait.roles] == []


def test_k13_the_auditor_and_the_approver_are_not_told_what_they_cannot_do(
    client: ConformingClient, cast: Cast
) -> None:
    rounds.clearance(rounds.application(factories.business(), rounds.bare_round()))
    told = "is waiting for an eligibility decision"
    for part in ("auditor", "approver"):
        assert told not in client.sign_in(cast[part]).get("/desk").text
    assert told in client.sign_in(cast.programme_manager).get("/desk").text


def test_k15_an_accepted_referral_that_went_silent_is_on_its_senders_desk(
    client: ConformingClient,
    cast: Cast,
    owner: Business,
    details: ReferralDetails,
    clock: Clock,
) -> None:
    found = sent(cast, owner, details)
    answering.accept(found, by=SYSTEM)
    wanted = f"/referrals/{found.id}"
    assert wanted not in client.sign_in(cast.adviser).get("/desk").text
    clock.shift((30 + 1) * 24 * 3600)
    page = client.sign_in(cast.adviser).get("/desk").text

    assert wanted in page
    assert "what came of the referral" in page
    assert wanted not in client.sign_in(cast.other_adviser).get("/desk").text


def test_k15_a_round_without_enough_assessors_and_scores_apart_are_on_the_managers_desk(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    over = now() - timedelta(days=1)
    found = rounds.bare_round(assessors=3, spread=2, opens_at=over - timedelta(days=30), deadline_at=over)
    rounds.criterion(found)
    made = rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    rounds.scored(made, 1, 5)
    db.flush()
    page = client.sign_in(cast.programme_manager).get("/desk").text

    assert f"/programme/rounds/{found.id}/assessors" in page
    assert f"Moderate the scores of {made.reference}" in page
    assert "Moderate" not in client.sign_in(cast.assessor).get("/desk").text


def test_k15_a_certificate_a_check_and_a_membership_wait_for_the_network(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    holder = network.investor()
    found = network.angel(
        holder, check_outcome=CheckOutcome.PASSED, checked_by="Made", checked_on=today() - timedelta(days=400)
    )
    network.membership(holder, days=(-370, -5))
    signed = network.certification(holder, signed_on=today() - timedelta(days=355))
    db.flush()
    page = client.sign_in(cast.network_manager).get("/desk").text

    assert "Repeat the identity check" in page
    assert f"/angels/{found.id}" in page
    assert f"/memberships/{holder.id}" in page
    assert f"/certifications/{signed.id}" in page
    assert "Renew the membership" not in client.sign_in(cast.auditor).get("/desk").text
