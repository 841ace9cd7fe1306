"""Two answers to one offer at once, and two offers that lapse at once: each offer ends once, its money moves once (P34)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.accounts.queries import account, actor_of
from crm.db.session import session
from crm.funding.envelopes.queries.ledger import line_of
from crm.funding.envelopes.rules import Line
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from crm.programme.awards.models import Award
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.service import answering
from crm.programme.awards.service.answering import Signature
from crm.programme.awards.workflow import AwardStatus
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.service import confirming, deciding
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import Outcome
from tests import awards, cohorts, factories
from tests.faults.together import Act, together
from tests.houses import database

TIMES = {"postgresql": 12, "sqlite": 4}
NAME = "Made Owner"
FIFTY = Money.pounds(50_000)


def times(app: Flask) -> range:
    return range(TIMES[database(app).engine.dialect.name])


def offered(app: Flask, *, is_past: bool = False, chosen: int = 1, reserves: int = 0) -> list[UUID]:
    """Offers of £50,000 each that were sent, their money reserved, with as many on the waiting list; committed."""
    with database(app).transaction():
        most = cohorts.envelope(Money.pounds(50_000 * chosen))
        found = cohorts.cohort(cohorts.judged(), envelope_id=most.id)
        made = cohorts.ranked(found.round, *range(90, 90 - chosen - reserves, -1))
        draft = cohorts.draft(found, *made[:chosen])
        confirming.propose(draft, Proposing(reserves), by=SYSTEM)
        confirming.confirm(draft, by=SYSTEM)
        rows = [each for each in decisions.decisions_of(found.id) if each.outcome is Outcome.SUCCESSFUL]
        until = today() + timedelta(days=-1 if is_past else 9)
        return [
            awards.award(each, status=AwardStatus.OFFERED, offer_expires_on=until, starts_on=today()).id
            for each in rows
        ]


def owner_of(app: Flask, award_id: UUID) -> UUID:
    """An owner of the business, who can sign."""
    with database(app).transaction():
        made = factories.account(name=NAME)
        found = session().get_one(Award, award_id)
        factories.grant(made, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(found.business_id))
        return made.id


def award(award_id: UUID) -> Award:
    found = queries.award(award_id)
    assert found is not None
    return found


def accepting(award_id: UUID, account_id: UUID) -> Act:
    def accept() -> str:
        who = account(account_id)
        assert who is not None
        answering.accept(award(award_id), Signature(NAME, is_within_limit=True), by=actor_of(who))
        return "accepted"

    return accept


def money_of(app: Flask, award_id: UUID) -> tuple[AwardStatus, Money, Money]:
    """Where an award stands, and what of its envelope is reserved and committed."""
    with database(app).reading():
        found = award(award_id)
        assert found.envelope_id is not None
        line = line_of(found.envelope_id, Line.REVENUE)
        return found.status, line.reserved, line.committed


def letters(app: Flask, kind: str) -> int:
    with database(app).reading():
        return session().scalar(select(func.count()).select_from(Letter).where(Letter.kind == kind)) or 0


def test_P34_of_two_acceptances_of_one_offer_at_once_one_commits_its_money_and_the_other_is_refused(
    furnished: Flask,
) -> None:
    for _ in times(furnished):
        (one,) = offered(furnished)
        who = owner_of(furnished, one)
        before = letters(furnished, "award_accepted")
        done = together(furnished, accepting(one, who), accepting(one, who))

        assert done.count("accepted") == 1, done
        assert sum(isinstance(each, Conflict) for each in done) == 1, done
        assert money_of(furnished, one) == (AwardStatus.ACCEPTED, Money(0), FIFTY)
        assert letters(furnished, "award_accepted") == before + 1


def test_P34_an_offer_accepted_and_declined_at_one_moment_is_one_of_both(furnished: Flask) -> None:
    for _ in times(furnished):
        (one,) = offered(furnished)
        who = owner_of(furnished, one)
        done = together(
            furnished,
            accepting(one, who),
            lambda a=one: answering.decline(award(a), reason="Made", by=SYSTEM),
        )

        assert sum(isinstance(each, Conflict) for each in done) == 1, done
        accepted = (AwardStatus.ACCEPTED, Money(0), FIFTY)
        declined = (AwardStatus.DECLINED, Money(0), Money(0))
        assert money_of(furnished, one) == (accepted if done[0] == "accepted" else declined)


def test_P34_an_offer_that_is_withdrawn_while_the_days_work_lapses_it_ends_once_and_the_others_lapse(
    furnished: Flask,
) -> None:
    for _ in times(furnished):
        one, other = offered(furnished, is_past=True, chosen=2)

        def withdraw(award_id: UUID = one) -> None:
            deciding.withdraw_award(award(award_id).decision, reason="Made", by=SYSTEM)

        done = together(furnished, withdraw, answering.remind_or_lapse)

        assert done[1] is None, "the day's work is not ended by one offer"
        assert done[0] is None or isinstance(done[0], Conflict), done
        ended = AwardStatus.WITHDRAWN if done[0] is None else AwardStatus.LAPSED
        assert money_of(furnished, one) == (ended, Money(0), Money(0))
        assert money_of(furnished, other)[0] is AwardStatus.LAPSED


def test_P34_two_days_works_at_once_let_an_offer_lapse_once_with_one_letter(furnished: Flask) -> None:
    for _ in times(furnished):
        (one,) = offered(furnished, is_past=True)
        owner_of(furnished, one)
        before = letters(furnished, "award_lapsed")
        done = together(furnished, answering.remind_or_lapse, answering.remind_or_lapse)

        assert done == [None, None]
        assert money_of(furnished, one) == (AwardStatus.LAPSED, Money(0), Money(0))
        assert letters(furnished, "award_lapsed") == before + 1


def test_P34_two_offers_that_lapse_at_once_never_promote_the_same_reserve(furnished: Flask) -> None:
    both = offered(furnished, is_past=True, chosen=2, reserves=2)

    def lapse(award_id: UUID) -> UUID:
        found = award(award_id)
        answering.lapse(found)
        step = decisions.next_reserve(found.decision.cohort)
        assert step.chosen is not None
        promoted = decisions.decision(step.chosen.id)
        assert promoted is not None
        deciding.promote(promoted, by=SYSTEM)
        return step.chosen.id

    done = together(furnished, *(lambda a=each: lapse(a) for each in both))

    assert all(isinstance(each, UUID) for each in done), done
    assert len(set(done)) == 2
    assert money_of(furnished, both[0])[1] == Money.pounds(100_000)
