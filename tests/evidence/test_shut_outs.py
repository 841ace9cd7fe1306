"""Who a rule shuts out: noted when it happens, never by what is unknown, and on the adviser's desk once it is over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, Consent
from crm.businesses.queries.seeing import business
from crm.businesses.service.people import YearDetails, record_figures
from crm.businesses.workflow import ConsentPurpose
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus
from crm.evidence.models import Crossing, ShutOut
from crm.evidence.rules import Excluded, Offered, excluded_from, excluded_from_services
from crm.evidence.service.crossing import look_again_at_all
from crm.evidence.service.excluding import Asked, note_shut_outs, record_shut_outs
from crm.evidence.workflow import Cause, CrossingStatus, Occasion
from crm.exporting.cover.queries import cover_check
from crm.exporting.cover.service.checking import withdraw
from crm.kernel.clock import now, today
from crm.kernel.eligibility import Facts, Place, Terms
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.referrals.service.preparing import ReferralDetails, draft
from crm.signposting.service.attaching import attach
from tests import covers, factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

FIVE = Money.pounds(5_000_000)
BIRMINGHAM = Place("B1", "Birmingham", frozenset({"GBSLEP"}), is_wmca=True)


@pytest.mark.parametrize(("pence", "is_out"), [(499_999_900, True), (500_000_000, False), (None, False)])
def test_a57_below_five_million_is_out_exactly_five_is_not_and_unknown_never_is(
    pence: int | None, is_out: bool
) -> None:
    turnover = None if pence is None else Money(pence)
    found = excluded_from(
        Offered("service:1", "Made", Terms(min_turnover=FIVE), "export"), Facts(turnover=turnover)
    )

    assert [(each.rule, each.threshold, each.figure) for each in found] == (
        [("min_turnover_gbp", FIVE, turnover)] if is_out else []
    )


class Offer:
    """A service for tests."""

    def __init__(self, *, is_open: bool = True, needs: tuple[str, ...] = ("grant",), **terms: Any) -> None:
        self.id, self.name, self.needs, self.terms, self.is_open = "1", "Made", needs, Terms(**terms), is_open

    def is_available(self, *, on: date) -> bool:
        return self.is_open


@pytest.mark.parametrize(
    ("offer", "rules"),
    [
        (Offer(min_turnover=FIVE), ["min_turnover_gbp"]),
        (Offer(min_turnover=FIVE, min_employees=9, stages=("idea",)), ["min_turnover_gbp", "min_employees"]),
        (Offer(min_turnover=FIVE, is_open=False), []),
        (Offer(min_turnover=FIVE, needs=("loan",)), []),
        (Offer(min_turnover=FIVE, lad_names=("Coventry",)), []),
    ],
)
def test_only_what_is_open_for_the_area_and_meets_a_need_shuts_out(offer: Offer, rules: list[str]) -> None:
    facts = Facts(turnover=Money.pounds(9), employees=2, places=(BIRMINGHAM,), needs={"grant": 1})

    assert [each.rule for each in excluded_from_services([offer], facts, on=date(2026, 11, 24))] == rules


def whole(business_id: Any = BUSINESS) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def focused(**fields: Any) -> Service:
    return factories.service(
        ServiceStatus.OPEN, name="Made Adviser", needs=("grant",), **({"min_turnover": FIVE} | fields)
    )


def shut_out(service: Service, owner: Business, pounds: int = 400_000) -> None:
    """A business that asked in an enquiry and was shut out by turnover."""
    found = excluded_from(
        Offered(f"service:{service.id}", service.name, service.terms, "grant"),
        Facts(turnover=Money.pounds(pounds)),
    )
    note_shut_outs(owner, found, asked=Asked(Occasion.ENQUIRY, owner.id), by=SYSTEM)


def year(pounds: int, *, ends: date = date(2026, 10, 31)) -> YearDetails:
    return YearDetails(year_end=ends, turnover=Money.pounds(pounds), source="Made")


def test_an_enquiry_notes_the_rule_the_threshold_of_its_day_and_the_figure_it_told(
    cast: Cast, db: Session
) -> None:
    service = focused()
    told = {"needs": ["finance"], "turnover": "400000"}
    silent = factories.enquiry(answers={"needs": ["finance"]}, business_name="Made Silent")
    attach(factories.enquiry(answers=told), whole(), by=SYSTEM)
    attach(silent, whole(OTHER_BUSINESS), by=SYSTEM)

    row = db.scalars(select(ShutOut).where(ShutOut.offer == f"service:{service.id}")).one()
    assert (row.business_id, row.occasion, row.wanted) == (BUSINESS, Occasion.ENQUIRY, "grant")
    assert (row.threshold, row.figure, row.happened_on) == (FIVE, Money.pounds(400_000), today())


def test_a_referral_to_a_service_whose_rule_excludes_is_noted_once(cast: Cast, db: Session) -> None:
    service, owner = focused(), covers.turned_over(whole(), 400_000)
    person = factories.person(owner)
    draft(owner, ReferralDetails(person.id, "Made", "Made", service_id=service.id), by=SYSTEM)

    assert [each.occasion for each in db.scalars(select(ShutOut))] == [Occasion.REFERRAL]


def test_a57_growing_past_the_line_is_a_to_do_and_with_consent_a_letter_and_the_old_row_stays(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    service, owner = focused(), whole()
    factories.person(owner, email="first@made.example", name="Made First")
    agreed = {
        "purpose": ConsentPurpose.KEEP_IN_TOUCH,
        "wording_version": "1",
        "given_by": "Made",
        "way": "Made",
    }
    factories.kept(Consent(business_id=owner.id, given_at=now(), **agreed))
    shut_out(service, owner)

    record_figures(whole(), year(4_999_999), by=SYSTEM)
    assert db.scalars(select(Crossing)).all() == []
    record_figures(whole(), year(5_100_000), by=SYSTEM)

    found = db.scalars(select(Crossing)).one()
    assert (found.cause, found.is_certain, found.was) == (
        Cause.BUSINESS,
        True,
        "turnover £400k, needed £5m or more",
    )
    assert [each.figure for each in db.scalars(select(ShutOut))] == [Money.pounds(400_000)]
    assert [each.to_address for each in db.scalars(select(Letter).where(Letter.kind == "can_use_now"))] == [
        "first@made.example"
    ]
    client.sign_in(cast.adviser)
    assert "Can now use Made Adviser" in client.get("/desk").text
    answer = client.post(f"/crossings/{found.id}/follow-up", data={"reason": "I rang them", "version": "1"})
    assert answer.status_code == 303
    db.refresh(found)
    assert found.status is CrossingStatus.FOLLOWED_UP
    assert "I rang them" in client.get(f"/crossings/{found.id}").text
    look_again_at_all()
    assert len(db.scalars(select(Crossing)).all()) == 1


def in_touch(owner: Business) -> None:
    """A business with a person to write to, which agreed to be kept in touch with."""
    factories.person(owner, email="first@made.example", name="Made First")
    told = {"wording_version": "1", "given_by": "Made", "way": "Made"}
    factories.kept(
        Consent(business_id=owner.id, purpose=ConsentPurpose.KEEP_IN_TOUCH, given_at=now(), **told)
    )


MINUTE = timedelta(minutes=1)
"""Two letters of one moment have no order."""


def letters(db: Session) -> list[tuple[str, str, str]]:
    """Each letter about what can be used, the oldest first: its kind, its subject and its text."""
    kinds = ("can_use_now", "cannot_use_after_all")
    rows = db.scalars(select(Letter).where(Letter.kind.in_(kinds)).order_by(Letter.queued_at))
    worded = [
        (each.kind, as_sent(each.kind, {**each.context, "to_name": each.to_name, "base_url": ""}))
        for each in rows
    ]
    return [(kind, words.subject, " ".join(words.text.split())) for kind, words in worded]


@pytest.mark.parametrize("back", [310_000, None])
def test_a57_a_wrong_figure_put_right_ends_the_to_do_and_puts_right_what_was_told_k8(
    client: ConformingClient, cast: Cast, db: Session, clock: Any, back: int | None
) -> None:
    service, owner = focused(), whole()
    in_touch(owner)
    shut_out(service, owner)
    client.sign_in(cast.adviser)
    record_figures(whole(), year(5_100_000), by=SYSTEM)
    assert "Can now use Made Adviser" in client.get("/desk").text

    clock.shift(MINUTE)
    turnover = None if back is None else Money.pounds(back)
    record_figures(
        whole(), YearDetails(year_end=date(2026, 10, 31), turnover=turnover, source="Made"), by=SYSTEM
    )

    assert "now use Made Adviser" not in client.get("/desk").text
    (first, subject, text), (second, after, why) = letters(db)
    assert (first, second) == ("can_use_now", "cannot_use_after_all")
    name = owner.name
    assert (subject, after) == (
        f"Made Adviser: {name} can use it now",
        f"Made Adviser: {name} cannot use it after all",
    )
    assert "turnover £400k, needed £5m or more. That has changed: turnover £5.1m, needs £5m or more" in text
    assert "turnover £310k, needs £5m or more" in why or "turnover not known, needs £5m or more" in why
    found = db.scalars(select(Crossing)).one()
    page = " ".join(client.get(f"/crossings/{found.id}").text.split())
    assert "cannot use Made Adviser after all" in page
    assert "We have written to the business" in page
    assert "It no longer does" not in page
    look_again_at_all()
    assert len(letters(db)) == 2
    # Grown past it indeed, later: a to-do and a letter anew.
    clock.shift(MINUTE)
    record_figures(whole(), year(5_200_000), by=SYSTEM)
    assert "Can now use Made Adviser" in client.get("/desk").text
    assert [kind for kind, _, _ in letters(db)][2:] == ["can_use_now"]


def test_a_service_that_closes_is_no_longer_one_to_use_now_and_who_was_not_told_gets_no_letter_k8(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    service = focused()
    shut_out(service, whole())
    record_figures(whole(), year(5_100_000), by=SYSTEM)
    service.closes_on = date(2020, 1, 1)
    db.flush()
    look_again_at_all()

    client.sign_in(cast.adviser)
    assert "now use Made Adviser" not in client.get("/desk").text
    assert letters(db) == []
    assert "it is not open at the moment" in db.scalars(select(Crossing)).one().note


def test_a_rule_that_changes_is_noticed_and_without_consent_nobody_is_written_to(
    cast: Cast, db: Session
) -> None:
    service, owner = focused(), covers.turned_over(whole(), 400_000)
    shut_out(service, owner)
    look_again_at_all()
    assert db.scalars(select(Crossing)).all() == []
    service.min_turnover = Money.pounds(250_000)
    db.flush()

    look_again_at_all()

    found = db.scalars(select(Crossing)).one()
    assert (found.cause, found.told_at) == (Cause.RULE, None)
    assert db.scalars(select(Letter).where(Letter.kind == "can_use_now")).all() == []


def test_a_figure_that_is_no_longer_known_is_no_crossing(cast: Cast, db: Session) -> None:
    service, owner = focused(), whole()
    shut_out(service, owner)
    record_figures(owner, YearDetails(year_end=date(2026, 10, 31), turnover=None, source="Made"), by=SYSTEM)

    assert db.scalars(select(Crossing)).all() == []


def test_a57_the_list_counts_businesses_and_attempts_apart_filters_by_threshold_and_leaves_as_a_file(
    client: ConformingClient, cast: Cast
) -> None:
    service, lower = focused(), focused(min_turnover=Money.pounds(500_000))
    for offer in (service, lower):
        shut_out(offer, whole())
    covers.checked(covers.turned_over(whole(), 300_000))
    client.sign_in(cast.adviser)

    page = client.get("/shut-outs").text
    assert "1 business in 2 attempts: 3 rows" in " ".join(page.split()), (
        "one enquiry for two services, and one check"
    )
    narrow = client.get(f"/shut-outs?rule=min_turnover_gbp&threshold={FIVE.pence}").text
    assert "1 business in 2 attempts" in " ".join(narrow.split())
    file = client.get(f"/shut-outs.csv?threshold={lower.min_turnover.pence}").text
    assert "Made Adviser" in file
    assert len(file.strip().splitlines()) == 2


def test_each_check_is_an_attempt_of_its_own_and_every_row_opens_what_recorded_it_k14_k23(
    client: ConformingClient, cast: Cast
) -> None:
    owner, service = covers.turned_over(whole(), 300_000), focused()
    checks = [covers.checked(owner) for _ in range(3)]
    enquiry = factories.enquiry(answers={"needs": ["finance"], "turnover": "300000"}, hub_id=owner.hub_id)
    attach(enquiry, whole(), by=SYSTEM)
    person = factories.person(owner)
    sent = draft(owner, ReferralDetails(person.id, "Made", "Made", service_id=service.id), by=SYSTEM)
    client.sign_in(cast.adviser)

    page = client.get("/shut-outs").text
    checked = " ".join(client.get("/shut-outs?occasion=cover&rule=min_turnover_gbp").text.split())
    assert "1 business in 5 attempts: 5 rows" in " ".join(page.split())
    assert "1 business in 3 attempts: 3 rows" in checked
    assert "Smallest turnover: £5,000,000 or more. The business: £" in checked
    assert 'href="/export-cover/case">Shut out by turnover' in checked
    opened = [f"/export-cover/{each.id}" for each in checks]
    for href in (*opened, f"/enquiries/{enquiry.id}", f"/referrals/{sent.id}"):
        assert (page.count(f'href="{href}"'), client.get(href).status_code) == (1, 200), href


def test_a_withdrawn_check_counts_nowhere_whichever_rule_it_noted_k14(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    check = covers.checked(covers.turned_over(whole(), 300_000))
    (row,) = db.scalars(select(ShutOut))
    other = Excluded("made", "Made", "max_owed_gbp", "£1", "£2", "advice")
    record_shut_outs(whole(), [other], asked=Asked(row.occasion, check.id), by=SYSTEM)
    client.sign_in(cast.adviser)
    assert "1 business in 1 attempt: 2 rows" in " ".join(client.get("/shut-outs").text.split())
    found = cover_check(check.id)
    assert found is not None
    withdraw(found, reason="Made in error", by=SYSTEM)
    assert "No shut-outs" in client.get("/shut-outs").text


def test_a40_the_list_and_its_file_hold_only_businesses_that_a_person_may_see(
    client: ConformingClient, cast: Cast
) -> None:
    shut_out(focused(), whole())
    client.sign_in(cast.founder)

    assert client.get("/shut-outs").status_code == 403
    assert client.get("/shut-outs.csv").status_code == 403
