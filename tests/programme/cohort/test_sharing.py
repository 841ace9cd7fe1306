"""Applicants that belong to one enterprise share one limit of subsidies, on every page on which they are chosen (P38, P41)."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.funding.subsidy.models import EnterpriseLink, Subsidy
from crm.funding.subsidy.rules import Regime, SubsidyKind
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, CohortDraft, Decision
from crm.programme.cohort.queries.headroom import room_of
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from tests import cohorts, factories, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.awards.test_offering import offered_as
from tests.programme.pages import sent, typed

TOLD = [{"kind": "decision_successful", "at": "2026-11-24T10:00:00+00:00", "text": "Made"}]
WHY = "Made: the second grant is given after 1 April, when the earlier help stops counting"
TOO_MUCH = "share a limit of subsidies: £100,000.00 chosen, £35,000.00 can be given today."


def linked(*applied: Application) -> None:
    """They have one parent company."""
    for each in applied:
        fields = {"parent_number": "01234567", "source": "Made", "recorded_at": now()}
        factories.kept(EnterpriseLink(business_id=each.business_id, **fields))


def given(applied: Application, amount: Money) -> None:
    """The business declared that much of another body."""
    gift = {"kind": SubsidyKind.DECLARED, "regime": Regime.MFA, "giver": "Made", "purpose": "Made"}
    gift |= {"amount": amount, "given_on": today(), "recorded_at": now()}
    factories.kept(Subsidy(business_id=applied.business_id, _status=SubsidyStatus.RECORDED, **gift))


def name_of(applied: Application) -> str:
    return rounds.whole_application(applied).business.name


@pytest.fixture
def found(db: Session, reference: None) -> Cohort:
    return cohorts.cohort(cohorts.judged())


def page(draft: CohortDraft) -> str:
    return f"/cohort-drafts/{draft.id}"


def test_P41_linked_applicants_are_shown_and_summed_on_every_page_and_passing_their_limit_needs_a_reason(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other, _third = cohorts.ranked(found.round, 90, 80, 70)
    linked(best, other)
    given(other, Money.pounds(280_000))
    draft = cohorts.draft(found, best, other)
    pair = f"{name_of(best)} and {name_of(other)} {TOO_MUCH}"
    client.sign_in(cast.programme_manager)

    listed = " ".join(client.get(page(draft)).text.split())
    assert pair in listed
    assert f"Shares a limit of subsidies with {name_of(other)}<" in listed
    assert f"Shares a limit of subsidies with {name_of(best)}<" in listed
    assert listed.count("Shares a limit of subsidies with") == 2
    proposing = f"{page(draft)}/propose"
    assert "Why is it more than can be given today?" in client.get(proposing).text
    refused = client.post(proposing, data={"reserves": "1"})
    assert (refused.status_code, "More than can be given today." in refused.text) == (422, True)
    sent(client, proposing, {"reserves": "1", "limit_reason": WHY})

    client.sign_in(cast.approver)
    confirming = " ".join(client.get(f"{page(draft)}/confirm").text.split())
    assert (pair in confirming, WHY in confirming) == (True, True)
    sent(client, f"{page(draft)}/confirm")
    assert WHY in client.get(f"{page(draft)}/pack").text


def test_k12_a_proposed_draft_that_no_longer_fits_a_limit_is_sent_back_from_the_page_that_would_confirm_it(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other = cohorts.ranked(found.round, 90, 80)
    linked(best, other)
    draft = cohorts.draft(found, best, other)
    client.sign_in(cast.programme_manager)
    sent(client, f"{page(draft)}/propose", {"reserves": "0"})
    client.sign_in(cast.approver)
    back = f"{page(draft)}/send-back"
    before = client.get(f"{page(draft)}/confirm").text
    assert ("Confirm the cohort" in before, back in before) == (True, False)
    given(other, Money.pounds(280_000))
    after = " ".join(client.get(f"{page(draft)}/confirm").text.split())
    assert (
        f"It does not fit any more. More than can be given today. {name_of(best)} and {name_of(other)} "
        f"{TOO_MUCH.removesuffix(' today.')}. No reason was given for that: send it back"
    ) in after
    assert "Why it is more than can be given" not in after
    assert ("Confirm the cohort" in after, f'href="{back}"' in after) == (False, True)
    sent(client, back, {"reason": WHY})
    assert WHY in client.get(page(draft)).text


def test_P41_an_award_that_was_decided_leaves_less_for_the_linked_applicant_that_waits_and_is_counted_once(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, waits = cohorts.ranked(found.round, 90, 80)
    linked(best, waits)
    given(best, Money.pounds(220_000))
    draft = cohorts.draft(found, best)
    client.sign_in(cast.programme_manager)
    sent(client, f"{page(draft)}/propose", {"reserves": "1"})
    client.sign_in(cast.approver)
    sent(client, f"{page(draft)}/confirm")

    there = " ".join(client.get(f"/cohorts/{found.id}/waiting-list").text.split())
    assert f"Shares a limit of subsidies with {name_of(best)}: £45,000.00 can be given today" in there
    assert f"{name_of(waits)}: asks for £50,000, and can be given £45,000 of subsidy" in there
    promote = f"/decisions/{decision_about(db, waits).id}/promote"
    refused = client.post(promote)
    assert refused.status_code == 409
    lacks = "Nobody on the waiting list can be awarded anything now: the limit of subsidies leaves too little"
    assert f"{lacks} for each of them." in there
    assert f"{lacks}. {name_of(waits)} asks for £50,000, and can be given £45,000 of subsidy." in refused.text

    # Its papers are begun with the offer: the register counts it from then on, and the decision no longer does.
    told = decision_about(db, best)
    told._status, told.notified_at = DecisionStatus.NOTIFIED, now()
    db.flush()
    assert_prepared(client, cast, told)
    db.expire_all()
    assert room_of(cohorts.whole(found))(waits.business_id) == Money.pounds(45_000)
    assert decision_about(db, best).papers_id is not None


def decision_about(db: Session, applied: Application) -> Decision:
    return db.query(Decision).filter_by(application_id=applied.id).one()


def assert_prepared(client: ConformingClient, cast: Cast, told: Decision) -> None:
    """Its offer is prepared through its page."""
    client.sign_in(cast.programme_manager)
    sent(client, f"/decisions/{told.id}/offer", offered_as())


def test_P38_one_applicant_chosen_for_all_that_it_can_be_given_or_more_is_named_and_a_penny_less_is_not(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    (one,) = cohorts.ranked(found.round, 90)
    given(one, Money(26_500_001))
    draft = cohorts.draft(found, one)
    client.sign_in(cast.programme_manager)
    words = f"{name_of(one)}: £50,000.00 chosen, £49,999.99 can be given today."
    assert words in client.get(page(draft)).text

    session().query(Subsidy).one().amount = Money.pounds(265_000)
    db.flush()
    fits = " ".join(client.get(page(draft)).text.split())
    assert f"Fits</strong> {name_of(one)}: £50,000.00 chosen, £50,000.00 can be given today." in fits
    session().query(Subsidy).one().amount = Money(26_499_999)
    db.flush()
    assert "Limits of subsidies" not in client.get(page(draft)).text


def test_P54_a_dry_run_gives_nothing_so_it_has_no_limits(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged(is_dry_run=True), envelope_id=None)
    best, other = cohorts.ranked(found.round, 90, 80)
    linked(best, other)
    given(other, Money.pounds(315_000))
    draft = cohorts.draft(found, best, other)
    client.sign_in(cast.programme_manager)
    assert "Limits of subsidies" not in client.get(page(draft)).text


def test_an_award_withdrawn_or_of_a_refusal_leaves_the_limit_alone(db: Session, found: Cohort) -> None:
    one, other, refused = cohorts.ranked(found.round, 90, 80, 70)
    linked(one, other, refused)
    waits = cohorts.ranked(found.round, 60)[0]
    linked(waits)
    cohorts.decision(found, waits, outcome=Outcome.RESERVE, place=1, amount=Money.pounds(50_000))
    cohorts.decision(found, one, amount=Money.pounds(50_000))
    withdrawn = {"status": DecisionStatus.WITHDRAWN, "withdrawn_at": now(), "withdrawn_reason": "Made"}
    cohorts.decision(found, other, amount=Money.pounds(50_000), **withdrawn)
    cohorts.decision(found, refused, outcome=Outcome.UNSUCCESSFUL, amount=None)
    assert room_of(cohorts.whole(found))(waits.business_id) == Money.pounds(265_000)


def confirmed(client: ConformingClient, cast: Cast, draft: CohortDraft) -> None:
    """It is proposed and confirmed through its pages."""
    client.sign_in(cast.programme_manager)
    sent(client, f"{page(draft)}/propose", {"reserves": "0"})
    client.sign_in(cast.approver)
    sent(client, f"{page(draft)}/confirm")


def test_P41_what_is_decided_leaves_as_much_on_the_pages_of_subsidies_and_its_room_is_not_given_to_another(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other = cohorts.ranked(found.round, 90, 80)
    linked(best, other)
    given(other, Money.pounds(260_000))
    draft = cohorts.draft(found, best)
    confirmed(client, cast, draft)

    # The pack says what left room for the award, also where it fits. It opens no rows: those of today are no longer those of that day.
    pack = client.get(f"{page(draft)}/pack").text
    words = " ".join(pack.split())
    pair = f"{name_of(best)} and {name_of(other)} share a limit of subsidies: £50,000.00 chosen, £55,000.00 can be given"
    assert f"Fits</strong> {pair} on 24 November 2026." in words
    assert "Of the limit of £315,000.00, £260,000.00 given or promised." in words


LATER = "Later help uses some of this room: £242,050.00 more counts by 14 December 2026, £282,000.00 in all on that day."


def later_help(best: Application, other: Application) -> None:
    """Their enterprise was given £39,950.00, and is to be given £242,050.00 more on 14 December."""
    linked(best, other)
    given(other, Money(39_950_00))
    ours = {"kind": SubsidyKind.OURS, "regime": Regime.MFA, "giver": "Made", "purpose": "Made"}
    ours |= {"given_on": date(2026, 12, 14), "recorded_at": now(), "_status": SubsidyStatus.PREPARED}
    for applied, pounds in ((best, 112_050), (other, 130_000)):
        factories.kept(Subsidy(business_id=applied.business_id, amount=Money.pounds(pounds), **ours))


def plain(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(
        re.sub(r"<span\s+class=.govuk-visually-hidden.>[^<]*</span>|<[^>]+>", "", unescape(page)).split()
    )


def test_k14_what_is_given_or_promised_beside_a_draft_opens_the_rows_that_come_to_it(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other, third = cohorts.ranked(found.round, 90, 80, 70)
    later_help(best, other)
    linked(third)
    made = cohorts.decision(found, third, amount=Money.pounds(33_000))
    draft = cohorts.draft(found, best)
    client.sign_in(cast.programme_manager)
    sum_ = r'href="([^"]+)">£282,000\.00 given or promised by 14 December 2026</a>'
    there = re.search(sum_, client.get(page(draft)).text)
    assert there, "the draft says the sum, and by which day it counts"
    opened = plain(client.get(unescape(there[1])).text)
    rows = re.findall(r"£([\d,]+\.\d\d) for Made", opened)
    assert sorted(rows) == ["112,050.00", "130,000.00", "39,950.00"], "they come to £282,000.00"
    assert "£282,000.00 was given or promised, and £33,000.00 more is decided" in opened
    today_ = plain(client.get(f"/businesses/{best.business_id}/subsidy").text)
    assert LATER in today_
    assert "£282,000.00 was given or promised by 14 December 2026, and £33,000.00 more is decided" in today_

    db.delete(made)
    db.flush()
    sent(client, f"{page(draft)}/propose", {"reserves": "0", "limit_reason": WHY})
    client.sign_in(cast.approver)
    assert re.search(sum_, client.get(f"{page(draft)}/confirm").text)
    sent(client, f"{page(draft)}/confirm")
    kept = plain(client.get(f"{page(draft)}/pack").text)
    assert "Of the limit of £315,000.00, £282,000.00 given or promised by 14 December 2026." in kept


def test_k28_preparing_a_subsidy_names_the_later_help_that_takes_its_room(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other = cohorts.ranked(found.round, 90, 80)
    later_help(best, other)
    cohorts.decision(found, best, amount=Money.pounds(33_000))
    client.sign_in(cast.programme_manager)
    prepare = f"/businesses/{other.business_id}/subsidy/prepare"
    hint = plain(client.get(prepare).text)
    assert "£0.00 can still be given" in hint
    assert (
        f"{LATER} £282,000.00 was given or promised by 14 December 2026, and £33,000.00 more is decided"
        in hint
    )
    wanted = {"giver": "Made", "purpose": "made", "regime": "mfa", **typed("24 11 2026", name="given_on")}
    why = (
        f"£0.01 takes room that is decided for {best.reference}: £33,000.00 was awarded and is not offered yet, and £282,000.00 was "
        f"given or promised by 14 December 2026, so £0.00 of £315,000.00 can still be given. {LATER} Withdraw or lower the award first."
    )
    refused = client.post(prepare, data={**wanted, "amount": "0.01"})
    assert (refused.status_code, why in plain(refused.text)) == (422, True)
    beyond = plain(client.post(prepare, data={**wanted, "amount": "33,000.01"}).text)
    assert why.replace("£0.01 takes", "£33,000.01 takes") in beyond, (
        "no more is named than the page says is left"
    )


def test_k11_the_picture_of_a_limit_shows_later_help_and_the_table_has_its_row(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other = cohorts.ranked(found.round, 90, 80)
    later_help(best, other)
    client.sign_in(cast.finance_officer)
    here = f"/businesses/{best.business_id}/subsidy"
    seen = client.get(here).text
    drawn = re.findall(r'<rect class="app-funds__(\w+)" x="(\d+)" y="0" width="(\d+)" height="36">', seen)
    assert drawn == [("free", "0", "1000"), ("committed", "0", "126"), ("later", "126", "769")]
    assert "£242,050.00 in later help, by 14 December 2026" in " ".join(seen.split())
    assert "Later help, by 14 December 2026 £242,050.00" in plain(seen)
    opened = plain(client.get(f"{here}?counts=later").text)
    assert sorted(re.findall(r"£([\d,]+\.\d\d) for Made", opened)) == ["112,050.00", "130,000.00"]
    assert "Close to the limit: £33,000.00 of £315,000.00 is left." in plain(seen)


def test_P41_a_subsidy_prepared_by_hand_takes_no_room_of_an_award_that_is_decided(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, other = cohorts.ranked(found.round, 90, 80)
    linked(best, other)
    given(other, Money.pounds(260_000))
    made = cohorts.decision(found, best, amount=Money.pounds(50_000))
    client.sign_in(cast.programme_manager)

    seen = " ".join(client.get(f"/businesses/{other.business_id}/subsidy").text.split())
    assert "<strong>£5,000.00</strong> can still be given today" in seen
    assert "£260,000.00 was given or promised, and" in seen
    assert f'href="/decisions/{made.id}">£50,000.00 for {best.reference}</a>' in seen
    assert "The business does not know yet" in seen

    prepare = f"/businesses/{other.business_id}/subsidy/prepare"
    assert "£5,000.00 can still be given" in client.get(prepare).text
    wanted = {"giver": "Made", "purpose": "made", "regime": "mfa", **typed("24 11 2026", name="given_on")}
    refused = client.post(prepare, data={**wanted, "amount": "5,000.01"})
    assert refused.status_code == 422
    why = f"£5,000.01 takes room that is decided for {best.reference}: £50,000.00 was awarded and is not offered yet"
    assert why in refused.text
    sent(client, prepare, {**wanted, "amount": "5,000"})

    # The award itself is then offered, and counts once.
    made._status, made.notified_at = DecisionStatus.NOTIFIED, now()
    db.flush()
    assert_prepared(client, cast, made)
    full = client.get(f"/businesses/{other.business_id}/subsidy").text
    assert ("£0.00</strong> can still be given today" in full, "not offered yet" in full) == (True, False)


def test_k16_who_does_not_read_every_subsidy_learns_of_no_award_before_its_business_does(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best = cohorts.ranked(found.round, 90)[0]
    best.business_id = BUSINESS
    made = cohorts.decision(found, best, amount=Money.pounds(50_000))
    here = f"/businesses/{BUSINESS}/subsidy"
    for member in (cast.founder, cast.adviser):
        client.sign_in(member)
        assert "<strong>£315,000.00</strong> can still be given today" in client.get(here).text
    client.sign_in(cast.finance_officer)
    assert "<strong>£265,000.00</strong> can still be given today" in client.get(here).text

    made._status, made.notified_at, made.letters = DecisionStatus.NOTIFIED, now(), TOLD
    db.flush()
    client.sign_in(cast.founder)
    told = client.get(here).text
    assert "<strong>£265,000.00</strong> can still be given today" in told
    assert f"£50,000.00 for {best.reference}" in told


def test_P38_adding_by_rank_stops_at_a_limit_of_subsidies_as_it_does_at_the_money_and_says_what_to_do(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    first, second, third = cohorts.ranked(found.round, 90, 80, 70)
    linked(first, second)
    given(first, Money.pounds(230_000))
    draft = cohorts.draft(found)
    client.sign_in(cast.programme_manager)
    stops = (
        f"Rank 2, {name_of(second)}, asks for £50,000.00, and £35,000.00 of subsidies can still be given. Award less, with a "
        f"reason. The next that fits is rank 3, {name_of(third)}: add it with a reason."
    )
    assert f"1 application added by rank. {stops}" in sent(client, f"{page(draft)}/fill")
    late = client.post(f"{page(draft)}/fill")
    assert (late.status_code, stops in late.text) == (409, True)

    choose = f"{page(draft)}/applications/{second.id}/choose"
    row = plain(client.get(page(draft)).text)
    assert "Award less £35,000.00 of subsidies can still be given" in row
    assert "£35,000.00 of subsidies can still be given to it today" in plain(client.get(choose).text)
    over = plain(sent(client, choose))
    pair = f"{name_of(first)} and {name_of(second)} share a limit of subsidies: £100,000.00 chosen, £85,000.00 can be given"
    assert f"More than can be given today. {pair}. Award less, or say why when you propose the draft." in over
    assert pair in plain(sent(client, f"{page(draft)}/fill")), "and again when more are added"
    sent(client, f"{page(draft)}/applications/{third.id}/remove")

    # Awarded what can be given, it is passed, and the rest follows by rank.
    assert "More than can be given" not in sent(client, choose, {"amount": "35,000", "part": WHY})
    assert "1 application added by rank." in sent(client, f"{page(draft)}/fill")
    assert "Too much" not in client.get(page(draft)).text
