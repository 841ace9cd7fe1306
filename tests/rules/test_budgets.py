"""A list asks the database as often for ten rows as for three, and a page asks nothing while it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4, uuid5

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics.models import QuestionSet
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application, ApplicationFile
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.awards.queries import awards
from crm.programme.claims.workflow import ChangeStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import QuestionKind, RoundStatus
from crm.signposting.models import Absence, ActionPlan
from crm.signposting.workflow import EnquiryStatus, PlanStatus
from tests import assessments, claimed, covers, factories, gatherings, network, rounds
from tests.casework.test_counting import complete
from tests.cast import BUSINESS, NAMESPACE, PLAN, SINCE, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.ip import bed
from tests.rules import award_samples, complaint_samples, directory_samples, feed_samples, network_rows
from tests.rules.coverage_samples import figures as figures_of_districts
from tests.statements import Statements

FEW, MANY = 3, 10
Count = Callable[[], AbstractContextManager[Statements]]


def more_people(_cast: Cast) -> None:
    factories.grant(factories.account(), Role.AUDITOR)


def more_hubs(_cast: Cast) -> None:
    factories.area(factories.hub())


def more_lines_about(part: str) -> Callable[[Cast], Any]:
    return lambda cast: factories.entry(cast[part].account, name=("before", "after"))


def more_services(_cast: Cast) -> None:
    factories.service(needs=("grant",))


def more_reports(_cast: Cast) -> None:
    directory_samples.a_report()


def more_feeds(_cast: Cast) -> None:
    feed_samples.a_feed()


def more_sessions(cast: Cast) -> None:
    factories.login_session(cast.administrator.account)


def cast_business() -> Any:
    found = business(BUSINESS)
    assert found is not None
    return found


def more_of_a_business(cast: Cast) -> None:
    """One more of everything that the page of a business shows."""
    owner = cast_business()
    factories.person(owner)
    factories.connection(owner)
    factories.claim(owner)
    factories.ask(owner)
    factories.diagnosis(owner, is_finished=True)
    assessments.readiness_check(owner, is_finished=True)
    factories.enquiry(business_id=BUSINESS)
    factories.conversation(owner, cast.adviser.account)
    factories.email(owner)
    gatherings.appointment(owner)
    gatherings.place(gatherings.workshop(), business_id=owner.id)
    rounds.application(owner, status=ApplicationStatus.SUBMITTED)
    factories.hours(owner)
    factories.sent_referral(owner)
    factories.output(owner)
    factories.next_step(owner, cast.adviser.account)
    status = PlanStatus.SUPERSEDED
    newer = factories.plan(factories.business())
    factories.step(factories.plan(owner, status, sent_at=now(), superseded_by_id=newer.id))
    factories.entry(owner, name=("before", "after"))


def more_enquiries(_cast: Cast) -> None:
    factories.enquiry()


def more_businesses(_cast: Cast) -> None:
    factories.business("Made Trading Name", indexed=True)


def more_conversations(_cast: Cast) -> None:
    complete(factories.business(), 4)


def more_of_a_plan(_cast: Cast) -> None:
    """One more step and one more signpost in the plan of the cast."""
    found = session().get(ActionPlan, PLAN) or factories.plan(cast_business(), PlanStatus.SENT, id=PLAN)
    factories.step(found)
    factories.signpost(found)


def more_absences(cast: Cast) -> None:
    factories.grant(factories.account(), Role.ADVISER, scope=Scope.HUB, scope_id=str(cast_business().hub_id))
    factories.kept(Absence(account_id=cast.adviser.id, first_day=SINCE, last_day=date(2030, 1, 1)))
    more_leavers(cast)


def more_leavers(_cast: Cast) -> None:
    """One more adviser of the hub who has left, with one of everything in hand."""
    owner, gone = cast_business(), factories.account(AccountStatus.DEACTIVATED)
    factories.grant(gone, Role.ADVISER, scope=Scope.HUB, scope_id=str(owner.hub_id))
    factories.enquiry(claimed_by_id=gone.id, _status=EnquiryStatus.CLAIMED, hub_id=owner.hub_id)
    factories.next_step(owner, gone)
    factories.conversation(owner, gone, recorded_by_id=gone.id)
    factories.hours(owner, asker_id=gone.id)
    factories.referral(owner, created_by_id=gone.id)
    factories.plan(factories.business(hub_id=owner.hub_id), made_by_id=gone.id, made_by=gone.name)
    gatherings.appointment(owner, adviser_id=gone.id)


def more_rights(_cast: Cast) -> None:
    """One more right of a business, with a part that nobody assigned and two licences."""
    made = network.right(factories.business(hub_id=cast_business().hub_id))
    network.right_part(made)
    for _ in range(2):
        network.right_licence(made)


def more_own_rights(_cast: Cast) -> None:
    """One more right of the cast's business, with a part that nobody assigned and a licence."""
    made = network.right(cast_business())
    network.right_part(made)
    network.right_licence(made)


AWARD = uuid5(NAMESPACE, "award")


def more_of_an_award(_cast: Cast) -> None:
    """One more milestone of an award, with its evidence, its claim, a change, a repayment and figures to send."""
    found = awards.award(AWARD) or claimed.award(id=AWARD, ends_on=date(2030, 1, 1))
    day = date(2029, 1, 1) + timedelta(days=len(found.milestones))
    claimed.milestone(found, title="Made: one more", due_on=day, amount=Money.pounds(100))
    claimed.submitted(claimed.whole(AWARD), 50, place=-1)
    claimed.change(found, _status=ChangeStatus.WITHDRAWN, decided_at=now())
    claimed.recovery(found)
    claimed.approved(claimed.award(), 1_000)


ROUND, APPLICATION = uuid5(NAMESPACE, "round"), uuid5(NAMESPACE, "application")


def more_applications(_cast: Cast) -> None:
    found = session().get(Round, ROUND) or rounds.bare_round(id=ROUND)
    rounds.application(factories.business(), found)


def more_of_a_round(_cast: Cast) -> None:
    found = session().get(Round, ROUND) or rounds.bare_round(RoundStatus.DRAFT, id=ROUND)
    asked = rounds.section(found)
    left, right = (rounds.question(asked, QuestionKind.MONEY) for _ in range(2))
    rounds.check(left, right)
    rounds.criterion(found)


def more_of_an_application(_cast: Cast) -> None:
    found = session().get(Round, ROUND) or rounds.bare_round(id=ROUND)
    asked = rounds.section(found)
    own = rounds.question(asked)
    made = session().get(Application, APPLICATION) or rounds.application(
        cast_business(), found, id=APPLICATION
    )
    rounds.answers(made, asked.id, {str(own.id): "Made words"})
    document = factories.document("application", made.id)
    factories.kept(
        ApplicationFile(
            application_id=made.id,
            question_id=rounds.question(asked, QuestionKind.FILE).id,
            document_id=document.id,
        )
    )


def more_assessments(cast: Cast) -> None:
    """One more application that is handed in and scored by three, one of them the assessor of the cast."""
    found = session().get(Round, ROUND) or rounds.bare_round(id=ROUND)
    if not rounds.whole(found).criteria:
        for _ in range(2):
            rounds.criterion(found, weight=5_000)
    made = rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    rounds.scored(made, 3, 4)
    rounds.assessment(made, cast.assessor.account)


def more_scores(cast: Cast) -> None:
    found = session().get(Round, ROUND) or rounds.bare_round(id=ROUND)
    made = session().get(Application, APPLICATION)
    if made is None:
        rounds.criterion(found)
        made = rounds.application(cast_business(), found, id=APPLICATION, status=ApplicationStatus.SUBMITTED)
    rounds.scored(made, 3)


# Every page that lists rows, and what makes its list longer.
PAGES: dict[str, Callable[[Cast], Any]] = {
    "/people": more_people,
    "/people?q=made&role=auditor": more_people,
    "/people/{administrator}": more_lines_about("administrator"),
    "/hubs": more_hubs,
    "/letters": lambda _cast: factories.letter(),
    "/audit?kind=account&thing_id={administrator}": more_lines_about("administrator"),  # of one kind of thing
    "/figures": lambda _cast: factories.figure(),
    "/figures/enquiry.reply_days": lambda _cast: factories.figure(),
    "/directory": more_services,
    "/directory/providers": more_services,
    "/directory?q=made&need=grant": more_services,
    "/directory/needs-checking": more_services,
    "/directory/reports": more_reports,
    "/directory/feeds": more_feeds,
    "/data-requests": lambda _cast: complaint_samples.privacy_samples.a_request(),
    "/complaints": lambda _cast: complaint_samples.a_complaint(),
    "/account": more_sessions,
    "/desk": more_services,
    "/find-support/results?postcode=B1+1AA": more_services,
    "/find-support/results?show=all": more_services,
    "/coverage": more_services,
    "/coverage/businesses": lambda _cast: figures_of_districts(),
    "/shut-outs": lambda _cast: covers.shut_out(hub_id=cast_business().hub_id),
    "/coverage/B1/grant": more_services,
    "/bank-holidays": lambda _cast: factories.bank_holiday(),
    "/businesses": more_businesses,
    "/businesses?q=made+busines": more_businesses,
    "/businesses?place=B1&group=crafts&sort=newest": more_businesses,
    f"/businesses/{BUSINESS}": more_of_a_business,
    f"/businesses/{BUSINESS}/activity": more_of_a_business,
    f"/businesses/{BUSINESS}/support": more_of_a_business,
    f"/businesses/{BUSINESS}/money": more_of_a_business,
    f"/businesses/{BUSINESS}/ip": more_of_a_business,
    f"/businesses/{BUSINESS}/exporting": more_of_a_business,
    f"/businesses/{BUSINESS}/details": more_of_a_business,
    "/caseload": more_businesses,
    "/caseload?quiet=9&need=grant&sort=step&q=made": more_businesses,
    "/search?q=made": more_businesses,
    f"/businesses/{BUSINESS}/history": more_of_a_business,
    f"/businesses/{BUSINESS}/colleagues": lambda _cast: factories.grant(
        factories.account(), Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(BUSINESS)
    ),
    "/enquiries": more_enquiries,
    "/enquiries?show=all&q=asking&sort=newest": more_enquiries,
    "/enquiries/capacity": more_absences,
    f"/plans/{PLAN}": more_of_a_plan,
    "/programme": lambda _cast: rounds.bare_round(),
    "/applications": more_applications,
    "/applications?q=made&status=draft": more_applications,
    f"/programme/rounds/{ROUND}/composition": more_of_a_round,
    f"/applications/{APPLICATION}": more_of_an_application,
    f"/applications/{APPLICATION}/answers": more_of_an_application,
    f"/programme/rounds/{ROUND}/ranking": more_assessments,
    f"/programme/rounds/{ROUND}/assessors": more_assessments,
    f"/applications/{APPLICATION}/scores": more_scores,
    f"/awards/{AWARD}": more_of_an_award,
    f"/awards/{AWARD}/claims": more_of_an_award,
    "/award-claims": more_of_an_award,
    "/payments": more_of_an_award,
    "/awards": lambda _cast: award_samples.award(factories.business().id),
    **network_rows.PAGES,
    "/export-cover": lambda _cast: covers.checked(factories.business(hub_id=cast_business().hub_id)),
    "/export-cover/shut-outs": lambda _cast: covers.shut_out(hub_id=cast_business().hub_id),
    "/reports/fund-case": lambda _cast: factories.ask(factories.business(hub_id=cast_business().hub_id)),
    "/reports/fund-case/asks": lambda _cast: factories.ask(factories.business(hub_id=cast_business().hub_id)),
    "/export-cover/case": lambda _cast: covers.shut_out(hub_id=cast_business().hub_id),
    "/rights": more_rights,
    f"/businesses/{BUSINESS}/rights": more_own_rights,
    f"/businesses/{BUSINESS}/export-plan": lambda _cast: trade.task(trade.country(cast_business())),
    "/export-plans/barriers": lambda _cast: trade.barrier(cast_business()),
    "/export-plans/visits": lambda _cast: trade.visit(cast_business()),
    "/export-plans": lambda _cast: trade.country(cast_business()),
    "/markets": lambda _cast: trade.edition(trade.market(f"Market {uuid4()}")),
    "/delegations": lambda _cast: trade.opened(),
    "/strategic-decisions": lambda _cast: bed.added(bed.decided(factories.business())),
    "/strategic-decisions?show=due&q=make": lambda _cast: bed.decided(factories.business()),
    f"/businesses/{BUSINESS}/strategic-decisions": lambda _cast: bed.added(bed.decided(cast_business())),
    f"/businesses/{BUSINESS}/portfolio": lambda _cast: bed.linked(cast_business()),
    "/portfolios": lambda _cast: bed.linked(cast_business()),
    "/test-bed": lambda _cast: bed.running(),
    "/test-bed/lessons": lambda _cast: bed.published(),
    "/test-bed?q=contract&stage=running": lambda _cast: bed.running(),
    "/rights?todo=gaps": more_rights,
    "/reports": more_conversations,
    "/reports/measures/conversations": more_conversations,
    "/reports/measures/conversations/rows": more_conversations,
    "/reports/data-quality": more_businesses,
    "/readiness/cohort": lambda _cast: assessments.readiness_check(factories.business(), is_finished=True),
    "/readiness": lambda _cast: assessments.readiness_check(
        factories.business(hub_id=cast_business().hub_id), is_finished=True
    ),
    "/question-sets": lambda _cast: factories.kept(
        QuestionSet(
            name="made",
            version=session().scalar(select(func.count()).select_from(QuestionSet)) or 0,
            title="Made",
            questions=[],
            source="made",
            published_at=now(),
        )
    ),
}
# A tab of a business asks the rooms for their panels of just this tab, and two of them every room for what happened.
# The scores of an application are its round, its assessments and what they come to.
# A desk asks once for each state that waits for one of the person's roles, and an administrator's how the service is running.
WHOLE = {
    "/desk": 66,
    # what waits, of every room that has part in it, its money and its company, what two people decide about it, its whole story and letters
    f"/awards/{AWARD}": 46,
    "/enquiries/capacity": 26,
    f"/businesses/{BUSINESS}": 30,  # and to the adviser's own steps in the plan; appointments and steps are in its story too
    f"/businesses/{BUSINESS}/activity": 29,
    f"/businesses/{BUSINESS}/support": 14,  # and to what the business asks to be referred
    # and who of its assessors could submit theirs again, by all that may keep them from it
    f"/applications/{APPLICATION}/scores": 25,
    f"/programme/rounds/{ROUND}/assessors": 13,  # who is on the panel, and who of them can still assess
    f"/businesses/{BUSINESS}/money": 15,
    f"/applications/{APPLICATION}": 16,
    "/search?q=made": 17,
    # the rows with their leads, last contact, next step, needs and tags, and what each filter offers
    **dict.fromkeys(("/caseload", "/caseload?quiet=9&need=grant&sort=step&q=made"), 16),
    **network_rows.WHOLE,
}
# The most that any page may ask, the signed-in actor included.
MOST = 12


@pytest.mark.engine("sqlite")  # both are asked the same by the same code
@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_many_rows_as_for_few(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Count, path: str
) -> None:
    client.sign_in(cast.administrator)
    where = path.format(administrator=cast.administrator.id)
    asked = {}
    made = 0
    for wanted in (FEW, MANY):
        while made < wanted:
            PAGES[path](cast)
            made += 1
        db.flush()
        db.expunge_all()
        with count_queries() as heard:
            assert client.get(where).status_code == 200
        assert heard.while_rendering == []
        asked[wanted] = len(heard)

    assert asked[FEW] == asked[MANY]
    assert asked[MANY] <= WHOLE.get(path, MOST)


@pytest.mark.engine("sqlite")
def test_a_managers_desk_asks_as_often_for_many_leavers_with_work_in_hand_as_for_one(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Count
) -> None:
    client.sign_in(cast.hub_manager)
    asked = []
    for more in (1, 4):
        for _ in range(more):
            more_leavers(cast)
        db.flush()
        db.expunge_all()
        with count_queries() as heard:
            assert "who has left" in client.get("/desk").text
        asked.append(len(heard))
    assert asked[0] == asked[1] <= 57


def test_a_visitor_costs_no_query_where_nothing_is_asked(
    client: ConformingClient, count_queries: Count
) -> None:
    with count_queries() as heard:
        client.get("/healthz")

    assert heard.said == []
