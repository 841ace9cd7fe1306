"""Working the queue: nobody sees what is not theirs, nobody is given more than they can hold, everything is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry, AuditValue
from crm.businesses.models import Business, Claim, Consent, Person
from crm.businesses.queries.seeing import business
from crm.diagnostics.models import Diagnosis
from crm.evidence.models import Ask
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.signposting.models import Capacity, Enquiry
from crm.signposting.queries.enquiring import Search, count_of, enquiries, enquiry, notes_on
from crm.signposting.service import absences, attaching, queueing, triaging
from crm.signposting.service.absences import AwayWanted
from crm.signposting.workflow import CloseReason, EnquiryStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient


def hub_of(business_id: UUID) -> UUID:
    found = business(business_id)
    assert found is not None
    assert found.hub_id is not None
    return found.hub_id


@pytest.fixture
def waiting(cast: Cast) -> Enquiry:
    """An enquiry that waits at the adviser's hub."""
    return again(factories.enquiry(hub_id=hub_of(BUSINESS), outcode="B9", postcode="B9 4AA"))


def again(found: Enquiry) -> Enquiry:
    whole = enquiry(found.id)
    assert whole is not None
    return whole


def colleague(cast: Cast) -> Any:
    made = factories.account(name="A Colleague")
    factories.grant(made, Role.ADVISER, scope=Scope.HUB, scope_id=str(hub_of(BUSINESS)))
    return made


def test_claimed_answered_closed_and_opened_again(cast: Cast, waiting: Enquiry) -> None:
    by = cast.adviser.actor
    queueing.claim(waiting, by=by)
    assert (waiting.status, waiting.claimed_by_id) == (EnquiryStatus.CLAIMED, cast.adviser.id)
    queueing.answer(waiting, said="Called them", by=by)
    first = waiting.answered_at
    assert waiting.status is EnquiryStatus.ANSWERED
    queueing.close(waiting, CloseReason.HELPED, note="", by=by)
    queueing.reopen(waiting, why="They wrote again", by=by)
    assert (waiting.status, waiting.claimed_by_id, waiting.close_reason) == (
        EnquiryStatus.WAITING,
        None,
        None,
    )
    assert waiting.answered_at == first
    assert {note.text for note, _ in notes_on(waiting.id)} == {"Called them", "They wrote again"}


def test_whoever_comes_second_is_told_who_has_it(cast: Cast, waiting: Enquiry) -> None:
    queueing.claim(waiting, by=cast.adviser.actor)
    with pytest.raises(Conflict, match="Adviser of the Cast has claimed this already"):
        queueing.claim(waiting, by=cast.hub_manager.actor)


def test_nobody_works_the_queue_of_another_hub(cast: Cast, waiting: Enquiry) -> None:
    for act in (queueing.claim, queueing.release):
        with pytest.raises(NotAllowed):
            act(waiting, by=cast.other_adviser.actor)
    with pytest.raises(NotAllowed):
        queueing.close(waiting, CloseReason.SPAM, note="", by=cast.founder.actor)


def test_handing_over_leaves_it_waiting_at_the_other_hub(cast: Cast, waiting: Enquiry) -> None:
    queueing.claim(waiting, by=cast.adviser.actor)
    with pytest.raises(Invalid):
        queueing.hand_over(waiting, hub_of(BUSINESS), reason="x", by=cast.adviser.actor)
    queueing.hand_over(waiting, hub_of(OTHER_BUSINESS), reason="They moved", by=cast.adviser.actor)
    assert (waiting.status, waiting.hub_id, waiting.claimed_by_id) == (
        EnquiryStatus.WAITING,
        hub_of(OTHER_BUSINESS),
        None,
    )
    queueing.claim(again(waiting), by=cast.other_adviser.actor)


def test_nobody_takes_more_than_they_hold(cast: Cast, waiting: Enquiry, db: Session) -> None:
    assert cast.adviser.id is not None
    queueing.set_capacity(cast.adviser.account, 0, by=cast.hub_manager.actor)
    with pytest.raises(Invalid, match="You can hold no enquiries"):
        queueing.claim(waiting, by=cast.adviser.actor)
    with pytest.raises(Invalid, match="Adviser of the Cast can hold no enquiries"):
        queueing.assign(waiting, cast.adviser.id, by=cast.hub_manager.actor)
    queueing.set_capacity(cast.adviser.account, 1, by=cast.hub_manager.actor)
    assert db.scalars(select(Capacity.most_open)).all() == [1]
    queueing.claim(waiting, by=cast.adviser.actor)


def test_nothing_is_given_to_whoever_is_away(cast: Cast, waiting: Enquiry) -> None:
    other = colleague(cast)
    days = AwayWanted(other.id, date(2026, 11, 20), date(2026, 11, 30))
    absences.record_absence(days, by=cast.hub_manager.actor)
    with pytest.raises(Invalid, match="A Colleague is away until 30 November"):
        queueing.assign(waiting, other.id, by=cast.hub_manager.actor)


def test_whoever_is_no_manager_records_their_own_absence_alone(cast: Cast) -> None:
    other = colleague(cast)
    with pytest.raises(Invalid):
        absences.record_absence(
            AwayWanted(other.id, date(2026, 12, 1), date(2026, 12, 2)), by=cast.adviser.actor
        )
    assert cast.adviser.id is not None
    for bad in (
        AwayWanted(cast.adviser.id, date(2026, 12, 2), date(2026, 12, 1)),
        AwayWanted(cast.adviser.id, date(2026, 12, 1), date(2026, 12, 2), cast.adviser.id),
    ):
        with pytest.raises(Invalid):
            absences.record_absence(bad, by=cast.adviser.actor)


@pytest.mark.parametrize("is_covered", [True, False])
def test_what_somebody_left_unanswered_goes_to_the_cover_or_back(
    cast: Cast, waiting: Enquiry, clock: Any, is_covered: bool
) -> None:
    other = colleague(cast)
    queueing.claim(waiting, by=cast.adviser.actor)
    assert cast.adviser.id is not None
    cover = other.id if is_covered else None
    absences.record_absence(
        AwayWanted(cast.adviser.id, date(2026, 11, 26), date(2026, 12, 4), cover), by=cast.adviser.actor
    )
    absences.pass_on_from_absent()
    assert waiting.claimed_by_id == cast.adviser.id, "they are here until the day"
    clock.shift(timedelta(days=4))  # two days were missed
    for _ in range(2):
        absences.pass_on_from_absent()
    found = again(waiting)
    assert found.claimed_by_id == cover
    assert len(notes_on(found.id)) == 1


def test_attaching_to_a_new_business_keeps_what_was_told_and_asks_nothing_twice(
    cast: Cast, db: Session
) -> None:
    asked = again(
        factories.enquiry(
            hub_id=hub_of(BUSINESS), business_name="Juniper Kiln", postcode="B9 4AA", outcode="B9", person_role="Founder",
            answers={"groups": ["crafts"], "form": "sole_trader", "people": "2", "turnover": "85000", "months": "36",
                     "exports": "10", "needs": ["ip"]},
            ask={"amount": "12000", "instrument": "loan", "purpose": "A kiln", "medium": "other"},
            consents={"news": "2026-11"},
        )
    )  # fmt: skip
    made = attaching.attach_to_new(asked, not_a_duplicate="", asks_access=True, by=cast.adviser.actor)
    whole = business(made.id)
    assert whole is not None
    assert (whole.name, whole.authority, whole.legal_form, whole.dcms_groups) == (
        "Juniper Kiln", "Birmingham", "sole_trader", ("crafts",),
    )  # fmt: skip
    assert whole.trading_since == date(2023, 11, 24)
    (year,) = whole.figures
    assert (year.turnover, year.employees, year.export_turnover) == (
        Money.pounds(85_000),
        2,
        Money.pounds(8_500),
    )
    assert db.scalars(select(Person.email).where(Person.business_id == made.id)).all() == [asked.email]
    assert [each.purpose.value for each in db.scalars(select(Consent))] == ["news"]
    assert [(each.amount, each.purpose) for each in db.scalars(select(Ask))] == [
        (Money.pounds(12_000), "A kiln")
    ]
    assert [each.status.value for each in db.scalars(select(Claim))] == ["waiting"]
    begun = triaging.triage(asked, by=cast.adviser.actor)
    assert begun.answers == {"ip": "2", "seeks_finance": "yes"}
    assert triaging.triage(asked, by=cast.adviser.actor).id == begun.id
    assert len(db.scalars(select(Diagnosis)).all()) == 1


def test_attaching_to_a_known_business_lets_nobody_in(cast: Cast, waiting: Enquiry, db: Session) -> None:
    found = business(BUSINESS)
    assert found is not None
    attaching.attach(waiting, found, asks_access=True, by=cast.adviser.actor)
    (claim,) = db.scalars(select(Claim))
    assert (claim.status.value, claim.email) == ("waiting", waiting.email)
    with pytest.raises(Conflict, match="already has its business"):
        attaching.attach(waiting, found, by=cast.adviser.actor)


def test_nobody_attaches_to_a_business_that_they_may_not_see(cast: Cast, waiting: Enquiry) -> None:
    hidden = business(OTHER_BUSINESS)
    assert hidden is not None
    with pytest.raises(NotAllowed):
        attaching.attach(waiting, hidden, by=cast.adviser.actor)


def test_triage_needs_to_know_which_business(cast: Cast, waiting: Enquiry) -> None:
    with pytest.raises(Conflict, match="Choose the business first"):
        triaging.triage(waiting, by=cast.adviser.actor)


def test_a40_the_queue_is_the_hubs_own_on_every_way(client: ConformingClient, cast: Cast) -> None:
    theirs = factories.enquiry(hub_id=hub_of(OTHER_BUSINESS), business_name="Not Theirs")
    factories.enquiry(hub_id=hub_of(BUSINESS), business_name="Their Own")
    client.sign_in(cast.hub_manager)
    for where in ("/enquiries", "/enquiries?q=not", "/enquiries.csv", "/enquiries?show=all&sort=newest"):
        assert "Not Theirs" not in client.get(where).text
    assert client.get(f"/enquiries/{theirs.id}").status_code == 404
    assert count_of(Search(show="all"), cast.hub_manager.actor) == 1


def test_an_enquiry_that_no_hub_serves_is_seen_by_every_hub(cast: Cast) -> None:
    factories.enquiry(hub_id=None, business_name="Nobody's")
    for member in (cast.adviser, cast.other_adviser):
        assert [each.business_name for each in enquiries(Search(), member.actor).rows] == ["Nobody's"]


def test_a41_only_some_take_the_queue_out_and_that_is_kept(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    factories.enquiry(hub_id=hub_of(BUSINESS), story="in confidence")
    assert client.sign_in(cast.adviser).get("/enquiries.csv").status_code == 403
    text = client.sign_in(cast.hub_manager).get("/enquiries.csv?show=all").text
    assert "in confidence" not in text
    assert ",On this site," in text
    assert ",Waiting," in text
    query = select(AuditValue).join(AuditEntry, AuditEntry.id == AuditValue.entry_id)
    kept = db.scalars(query.where(AuditEntry.act == "extract_enquiries")).one()
    assert kept.changes == {"filters": {"show": ["all"]}, "rows": 1}


@pytest.mark.parametrize("query", ["sort=evil", "show=evil", "hub=evil"])
def test_a58_a_filter_that_is_none_of_ours_is_refused(
    client: ConformingClient, cast: Cast, query: str
) -> None:
    assert client.sign_in(cast.administrator).get(f"/enquiries?{query}").status_code == 422


def test_what_is_late_stands_first_and_says_how_late(client: ConformingClient, cast: Cast) -> None:
    hub = hub_of(BUSINESS)
    factories.enquiry(hub_id=hub, business_name="Due Later", due_on=date(2026, 11, 26))
    factories.enquiry(hub_id=hub, business_name="Late", due_on=date(2026, 11, 20))
    page = client.sign_in(cast.adviser).get("/enquiries").text
    assert page.index("Late") < page.index("Due Later")
    assert "2 working days late" in page
    assert "Due in 2 working days" in page
    desk = client.get("/desk").text
    assert "enquiry is overdue" in desk
    assert "Overdue" in desk


@pytest.mark.parametrize(
    ("act", "field"),
    [("close", "close_reason"), ("hand-over", "hub_id"), ("note", "note"), ("assign", "account_id")],
)
def test_what_an_act_lacks_is_said_at_its_field(
    client: ConformingClient, cast: Cast, waiting: Enquiry, act: str, field: str
) -> None:
    answer = client.sign_in(cast.hub_manager).post(f"/enquiries/{waiting.id}/{act}")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a69_a_note_of_10001_characters_is_refused_and_kept_on_the_page(
    client: ConformingClient, cast: Cast, waiting: Enquiry
) -> None:
    client.sign_in(cast.adviser)
    assert client.post(f"/enquiries/{waiting.id}/note", data={"note": "x" * 10_000}).status_code == 303
    answer = client.post(f"/enquiries/{waiting.id}/note", data={"note": "y" * 10_001})
    assert answer.status_code == 422
    assert "y" * 10_001 in answer.text
    with pytest.raises(Invalid):
        queueing.note(waiting, "z" * 10_001, by=SYSTEM)


def test_a70_no_form_sets_what_it_does_not_ask(
    client: ConformingClient, cast: Cast, waiting: Enquiry, db: Session
) -> None:
    data = {
        "note": "hello",
        "status": "closed",
        "claimed_by_id": str(cast.adviser.id),
        "hub_id": str(UUID(int=1)),
    }
    client.sign_in(cast.adviser).post(f"/enquiries/{waiting.id}/note", data=data)
    db.expire_all()
    found = again(waiting)
    assert (found.status, found.claimed_by_id) == (EnquiryStatus.WAITING, None)


def test_an_enquiry_is_taken_down_at_the_telephone(client: ConformingClient, cast: Cast, db: Session) -> None:
    client.sign_in(cast.adviser)
    data = {
        "way": "phone",
        "name": "Bo",
        "business_name": "Bo's",
        "phone": "0121 496 0001",
        "place": "CV1",
        "form": "",
        "story": "Rang",
    }
    answer = client.post("/enquiries/new", data=data | {"email": "", "phone": ""})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert client.post("/enquiries/new", data=data).status_code == 303
    made = db.scalars(select(Enquiry)).one()
    assert (made.taken_by_id, made.outcode, made.way.value) == (cast.adviser.id, "CV1", "phone")


def test_attach_page_offers_what_may_be_seen_and_names_what_may_not(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    asked = factories.enquiry(hub_id=hub_of(BUSINESS), business_name="Cast Pictures Ltd", outcode="B1")
    hidden = db.get(Business, OTHER_BUSINESS)
    assert hidden is not None
    hidden.match_name = "cast pictures"
    db.flush()
    page = client.sign_in(cast.adviser).get(f"/enquiries/{asked.id}/business").text
    assert str(BUSINESS) in page
    assert " checked" not in page
    assert str(OTHER_BUSINESS) not in page
    assert "ask them to share it" in page
    answer = client.post(f"/enquiries/{asked.id}/business", data={"business_id": str(OTHER_BUSINESS)})
    assert answer.status_code == 422
    assert (
        client.post(f"/enquiries/{asked.id}/business", data={"business_id": str(BUSINESS)}).status_code == 303
    )
