"""Who can use a product now: said only where no check of a contract shuts the business out of it any more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.businesses.models import Consent
from crm.businesses.queries.seeing import business
from crm.businesses.rules.labels import current_version
from crm.businesses.workflow import ConsentPurpose
from crm.directory.queries import services_by_id
from crm.evidence.models import Crossing
from crm.evidence.rules import Excluded
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Occasion
from crm.exporting.cover import queries
from crm.exporting.cover.rules.checking import Contract
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.notices.workflow import LetterStatus
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

NEW = f"/businesses/{BUSINESS}/export-cover/new"
CASH = frozenset({"general_cash"})
SMALL = Contract("Canada", "services", CASH, Money.pounds(60_000), sum_wanted=Money.pounds(60_000))
LARGE = Contract("Canada", "services", CASH, Money.pounds(60_000), sum_wanted=Money.pounds(30_000_000))
UNTOLD = Contract("Canada", "services", CASH, Money.pounds(60_000))
DAY = {"year_end-day": "31", "year_end-month": "10", "year_end-year": "2026"}


def record_a_fifth(client: ConformingClient, exports: str = "1000000", turnover: str = "5000000") -> None:
    told = {"turnover": turnover, "export_turnover": exports, "source": "Made", "months": "12"}
    answer = client.post(f"/businesses/{BUSINESS}/figures/new", data=DAY | told)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    ("contract", "on_desk", "is_told"),
    [
        (SMALL, None, False),
        (UNTOLD, "May be able to now use UKEF Export Development Guarantee", False),
        (None, "May be able to now use UKEF Export Development Guarantee", False),
        (LARGE, "Can now use UKEF Export Development Guarantee", True),
    ],
)
def test_a57_can_now_use_is_said_where_the_whole_check_lets_it_in_k10_k16(
    client: ConformingClient,
    cast: Cast,
    db: Session,
    contract: Contract | None,
    on_desk: str | None,
    is_told: bool,
) -> None:
    service, owner = services_by_id()["ukef_edg"], business(BUSINESS)
    assert owner is not None
    factories.person(owner, email="first@made.example", name="Made First")
    purpose = ConsentPurpose.KEEP_IN_TOUCH
    told = {"wording_version": current_version(purpose), "given_by": "Made", "way": "Made"}
    factories.kept(Consent(business_id=owner.id, purpose=purpose, given_at=now(), **told))
    rule = Excluded(
        f"service:{service.id}", service.name, "min_export_share_pct", "20% or more", "12.9%", "export"
    )
    note_shut_outs(owner, [rule], asked=Asked(Occasion.ENQUIRY, owner.id), by=SYSTEM)
    if contract is not None:
        covers.checked(owner, contract)
    client.sign_in(cast.founder)

    record_a_fifth(client)

    client.sign_in(cast.adviser)
    desk = client.get("/desk").text
    assert ("now use UKEF Export Development Guarantee" in desk) is (on_desk is not None)
    assert on_desk is None or on_desk in desk
    sent = db.scalars(select(Letter).where(Letter.kind == "can_use_now")).all()
    assert len(sent) == is_told
    if on_desk is None:
        assert db.scalars(select(Crossing)).all() == []
        return
    found = db.scalars(select(Crossing)).one()
    page = " ".join(client.get(f"/crossings/{found.id}").text.split())
    assert "share of sales exported 12.9%, needed 20% or more" in page
    assert "share of sales exported 20%, needs 20% or more" in page
    assert is_told is ("Not known yet" not in page)


def told(db: Session, kind: str) -> list[tuple[str, str]]:
    """To whom letters of a kind went, and their subjects and texts in one, the oldest first."""
    found = db.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.queued_at)).all()
    found = [each for each in found if each.status is not LetterStatus.CANCELLED]
    rows = sorted(found, key=lambda each: int(each.context.get("number", 0)))
    worded = [(each, as_sent(kind, {**each.context, "to_name": each.to_name})) for each in rows]
    return [(each.to_address, f"{words.subject} {' '.join(words.text.split())}") for each, words in worded]


def test_a57_past_five_million_the_business_is_told_once_and_a_figure_put_right_is_told_too_k8(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.checked(covers.turned_over(owner, 400_000))
    client.sign_in(cast.founder)
    record_a_fifth(client, turnover="4999999")
    assert told(db, "cover_past_threshold") == []

    record_a_fifth(client, turnover="5000000")
    record_a_fifth(client, turnover="5000000", exports="900000")
    ((address, words),) = told(db, "cover_past_threshold")
    assert address == cast.founder.email
    assert words.startswith(f"{owner.name}: turnover has reached the threshold of £5,000,000")
    assert "A Growth Hub adviser can answer your questions" in words, "it has no adviser of its own"
    _left(db)
    client.sign_in(cast.adviser)
    assert "Check again: turnover is now £5m, the threshold" in client.get("/desk").text

    client.sign_in(cast.founder)
    record_a_fifth(client, turnover="310000", exports="")
    record_a_fifth(client, turnover="320000", exports="")
    _, (_, words) = told(db, "cover_past_threshold")
    assert words.startswith(f"{owner.name}: turnover is below the threshold of £5,000,000")
    assert "the turnover is £320,000" in words, "the final figure: the letter before had not left"
    client.sign_in(cast.adviser)
    assert "Check again: turnover" not in client.get("/desk").text


def _left(db: Session) -> None:
    """Every letter so far has left."""
    waiting = update(Letter.__table__).where(Letter.__table__.c.status == LetterStatus.QUEUED)
    db.execute(waiting.values(status=LetterStatus.SENT, sent_at=now()))
    db.expire_all()


def test_k8_the_last_letter_agrees_with_the_record_however_often_a_figure_changes_and_whatever_was_checked(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.checked(covers.turned_over(owner, 400_000))
    client.sign_in(cast.founder)
    asked = {"country": "Canada", "sells": "services", "wishes": ["advice"]}
    for exports, turnover, said in (
        ("1000001", "5000000", "has reached"),
        ("1000002", "4999999", "is below"),
        ("1000003", "5000000", "has reached"),
    ):
        record_a_fifth(client, turnover=turnover, exports=exports)
        client.post(NEW, data=asked | {"country": "Canada" if said == "has reached" else "Spain"})
        *_, (_, words) = told(db, "cover_past_threshold")
        assert words.startswith(f"{owner.name}: turnover {said} the threshold of £5,000,000")
        _left(db)
    assert len(told(db, "cover_past_threshold")) == 3

    record_a_fifth(client, turnover="4999999", exports="1000004")
    assert len(told(db, "cover_past_threshold")) == 4
    record_a_fifth(client, turnover="5000000", exports="1000005")
    assert len(told(db, "cover_past_threshold")) == 3, (
        "changed back before the letter left: it says so already"
    )


def test_k27_checks_that_follow_each_other_are_told_in_one_letter(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.turned_over(owner, 400_000)
    client.sign_in(cast.adviser)
    asked = {"country": "Canada", "sells": "services", "value": "60000"}
    client.post(NEW, data=asked | {"wishes": ["advice"]})
    client.post(NEW, data=asked | {"country": "Japan", "wishes": ["general_cash"], "sum_wanted": "50000"})
    ((address, words),) = told(db, "cover_shut_out")
    assert address == cast.founder.email
    assert "Canada" in words
    assert "Japan" in words


def test_a57_who_never_heard_of_a_threshold_is_told_once_whoever_checks_again_or_withdraws_k27(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.checked(covers.turned_over(owner, 400_000))
    asked = {"country": "Canada", "sells": "services", "wishes": ["advice"]}
    client.sign_in(cast.adviser)
    found = client.post(NEW, data=asked).headers["Location"]
    first = told(db, "cover_shut_out")
    assert [address for address, _ in first] == [cast.founder.email]
    assert "turnover is £400,000, and it takes £5,000,000 or more" in first[0][1]

    client.post(NEW, data=asked | {"country": "Spain"})
    assert told(db, "cover_shut_out") == first
    assert client.post(f"{found}/withdraw", data={"reason": "The wrong country"}).status_code == 303
    client.post(NEW, data=asked)
    client.post(NEW, data=asked)
    assert len(told(db, "cover_shut_out")) == 1, "in the place of the one that was called back"


def test_k16_no_letter_leaves_about_a_check_that_was_withdrawn_and_one_that_left_is_taken_back(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.turned_over(owner, 400_000)
    client.sign_in(cast.adviser)
    asked = {"country": "Canada", "sells": "services", "value": "60000", "wishes": ["advice"]}
    first = client.post(NEW, data=asked).headers["Location"]
    other = asked | {"country": "Japan", "wishes": ["general_cash"], "sum_wanted": "50000"}
    second = client.post(NEW, data=other).headers["Location"]

    client.post(f"{first}/withdraw", data={"reason": "A typo"})
    ((_, words),) = told(db, "cover_shut_out")
    assert ("Canada" in words, "Japan" in words) == (False, True)
    assert told(db, "cover_withdrawn") == [], "nobody had read of it"
    _left(db)
    client.post(f"{second}/withdraw", data={"reason": "Another typo"})
    ((address, words),) = told(db, "cover_withdrawn")
    assert address == cast.founder.email
    assert ("Japan" in words, "Another typo" in words, second in words) == (True, True, True)


def test_who_was_refused_by_a_broker_is_not_sent_to_one_k11(client: ConformingClient, cast: Cast) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    found = covers.checked(owner, replace(covers.MAY_FIT, is_uk_enough=False))
    refused = covers.checked(owner, replace(covers.MAY_FIT, is_uk_enough=False, is_private_refused=True))
    client.sign_in(cast.founder)
    assert "Ask an insurance broker" in client.get(f"/export-cover/{found.id}").text
    page = client.get(f"/export-cover/{refused.id}").text
    assert "What you can do instead" in page
    assert "Ask an insurance broker" not in page


def test_each_contract_that_was_shut_out_is_to_be_checked_again_also_without_an_adviser_k15(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.turned_over(owner, 1_272_000)
    for country in ("France", "Canada"):
        covers.checked(owner, replace(covers.ADVICE, country=country))
    covers.turned_over(owner, 5_000_000, year=2026)
    covers.checked(owner, replace(covers.ADVICE, country="France"))
    client.sign_in(cast.adviser)
    desk = client.get("/desk").text
    assert f"{owner.name}, Canada" in desk
    assert f"{owner.name}, France" not in desk, "it was checked again"
    (check,) = [each for each in queries.crossed(SYSTEM) if each.country == "Canada"]
    where = f"{NEW}?of={check.check_id}"
    assert where in desk
    assert 'value="Canada" selected' in client.get(where).text
    assert "Now over the threshold" in client.get("/export-cover/shut-outs").text
    covers.checked(owner, replace(covers.ADVICE, country="Canada"))
    assert "Check again: turnover" not in client.get("/desk").text
