"""The balance of a draft by stage, first-time applicants and strand, as its page says it (P31)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.labels import shares_in_words
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


PART = re.compile(
    r'href="([^"]+/awards\?[^"]+)">\s*([^<]+)<span class="govuk-visually-hidden">([^<]*)</span>'
)


def opened(client: ConformingClient, href: str, words: str) -> bool:
    """Whether the page that a number opens lists what the number says: so many awards, or so much money."""
    page = " ".join(client.get(unescape(href)).text.split())
    count = f"{words} award{'' if words == '1' else 's'}, in order of rank"
    return count in page if words.isdigit() else f"{words} of the £40,000.00" in page


def test_K14_each_number_of_the_balance_opens_the_awards_that_it_counts_on_a_draft_and_where_two_are_compared(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    panel = [rounds.on_panel(found.round, most=10).account_id]
    rows = []
    for name, pounds, fields in (
        ("Made Rugby Rigging", 30_000, {"authority": "Rugby", "dcms_groups": ("crafts", "screen")}),
        ("Made Border Kiln", 10_000, {"authority": "Shropshire"}),
        ("Made Left Out", 5_000, {"authority": "Rugby"}),
    ):
        owner = factories.business(name=name, **fields)
        rows.append(cohorts.assessed(found.round, panel, 80, owner, asked_for=Money.pounds(pounds)))
    one, other = cohorts.draft(found, *rows[:2]), cohorts.draft(found, rows[2])
    client.sign_in(cast.programme_manager)
    page = client.get(f"/cohort-drafts/{one.id}").text
    parts = PART.findall(page)
    assert len([each for each in parts if each[1] == "75%"]) >= 4, "in the picture and in the table"
    numbers = [(href, words) for href, words, _ in parts if not words.endswith("%")]
    assert [each for each in numbers if not opened(client, *each)] == []
    (elsewhere,) = {href for href, words, what in parts if words == "1" and "Elsewhere, or not known" in what}
    listed = client.get(unescape(elsewhere)).text
    assert ("Made Border Kiln" in listed, "Made Rugby Rigging" in listed) == (True, False)
    compared = client.get(f"/cohorts/{found.id}/compare?draft={one.id}&draft={other.id}").text
    assert {href.split("/")[2] for href, _, _ in PART.findall(compared)} == {str(one.id), str(other.id)}
    for wrong in ("by=area&group=nowhere", "by=colour"):
        assert client.get(f"/cohort-drafts/{one.id}/awards?{wrong}").status_code == 422, wrong


def test_shares_under_each_other_have_as_many_decimal_places_as_the_longest() -> None:
    assert shares_in_words([4533, 2110, 3400, 10000]) == ["45.33%", "21.10%", "34.00%", "100.00%"]
    assert shares_in_words([3750, 6250]) == ["37.5%", "62.5%"]
    assert shares_in_words([7500, 2500]) == ["75%", "25%"]
    assert shares_in_words([]) == []


def test_K14_the_share_that_a_target_reaches_opens_the_awards_that_count_towards_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.target(found, value="Rugby")
    cohorts.target(found, dimension=Dimension.STAGE, value="scale", is_outside=False)
    panel = [rounds.on_panel(found.round, most=10).account_id]
    rows = []
    for name, pounds, authority in (("Made Rigging", 30_000, "Rugby"), ("Made Kiln", 10_000, "Shropshire")):
        owner = factories.business(name=name, authority=authority, stage="growth")
        rows.append(cohorts.assessed(found.round, panel, 80, owner, asked_for=Money.pounds(pounds)))
    draft = cohorts.draft(found, *rows)
    client.sign_in(cast.programme_manager)
    page = " ".join(client.get(f"/cohort-drafts/{draft.id}").text.split())
    opens = dict(re.findall(r'href="([^"]+side=[^"]+)">\s*([0-9.]+%)<span', page))
    shares = {unescape(href): words for href, words in opens.items()}
    assert sorted(shares.values()) == ["0%", "25%"]
    outside = next(href for href in shares if "side=outside" in href)
    listed = client.get(outside).text
    assert "£10,000.00 of the £40,000.00" in " ".join(listed.split())
    assert ("Made Kiln" in listed, "Made Rigging" in listed) == (True, False)
    assert "No awards here" in client.get(next(href for href in shares if "side=inside" in href)).text
    assert client.get(outside.replace("outside", "inside")).status_code == 422, "no target is about these"
    assert client.get(outside.replace("side=outside", "side=both")).status_code == 422
