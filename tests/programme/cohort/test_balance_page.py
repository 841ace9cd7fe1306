"""The balance of a draft by stage, first-time applicants and strand, as its page says it (P31)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.rounds.rules.labels import STRANDS
from crm.programme.rounds.workflow import QuestionKind
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient


def test_P31_the_balance_by_stage_first_time_applicants_and_strand_is_on_the_page_of_a_draft(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """£30,000 to a business in growth that applied before, for sales; £10,000 to one in its early years, for new markets."""
    found = cohorts.cohort(cohorts.judged())
    part = rounds.section(found.round)
    asks = rounds.question(part, QuestionKind.CHOICE, choices=tuple(STRANDS.values()))
    panel = [rounds.on_panel(found.round, most=10).account_id]
    rows = []
    for stage, pounds, strand in (("growth", 30_000, "sales"), ("early", 10_000, "markets")):
        owner = factories.business(stage=stage)
        one = cohorts.assessed(
            found.round, panel, 80, owner, asked_for=Money.pounds(pounds), submitted_at=now()
        )
        rounds.answers(one, part.id, {str(asks.id): STRANDS[strand]})
        rows.append(one)
    before = rounds.bare_round()
    rounds.application(factories.business(), before)
    rounds.application(
        rounds.whole_application(rows[0]).business, before, submitted_at=now() - timedelta(days=400)
    )
    draft = cohorts.draft(found, *rows)

    client.sign_in(cast.programme_manager)
    page = " ".join(client.get(f"/cohort-drafts/{draft.id}").text.split())
    for title, said in {
        "Stage": ("Growth", "75%", "Early years", "25%"),
        "First-time applicants": ("Has applied before", "75%", "First application", "25%"),
        "Strand": ("Sales", "75%", "New markets", "25%"),
    }.items():
        picture = page.split(f'<figcaption class="govuk-heading-s">{title}</figcaption>')[1].split(
            "</figure>"
        )[0]
        assert [each for each in said if each not in picture] == [], title
