"""SEIS and EIS papers: recorded in their order, reminded of, and the certificate for its investor alone."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import UUID

import pytest

from crm.accounts.models import Account
from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus, ShareRelief
from crm.angels.holdings.jobs import tend_papers
from crm.angels.holdings.models import ReliefCertificate, ReliefFiling
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.documents.models import Document
from crm.kernel.clock import today
from crm.notices.models import Letter
from crm.notices.rules import word
from tests import claimed, held, network
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import letters, rows
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
ISSUED = date(2025, 5, 1)


def days(**said: date) -> dict[str, str]:
    """Days as their three boxes send them."""
    parts = ("day", "month", "year")
    return {f"{name}-{part}": str(getattr(day, part)) for name, day in said.items() for part in parts}


def bought(owner: Account | None = None, **fields: object) -> tuple[UUID, Investment]:
    pitch = shown()
    made = held.investment(
        pitch, owner or network.admitted(network.investor(name="Philippa Holder")), **fields
    )
    return pitch.id, made


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_a_business_records_its_papers_in_their_order_and_each_mistake_is_said_at_its_box(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    where = f"/raises/{pitch_id}/papers"
    client.sign_in(cast.founder)
    page = text_of(client, where)
    assert "SEIS1 to be sent by" in page
    assert "5 April 2028" in page
    assert "Record when trading began" in page
    wrong = (
        (days(sent_on=date(2025, 8, 1)), "Enter when trading began or when 70% was spent"),
        (
            days(trading_from=date(2025, 6, 1), sent_on=date(2025, 8, 1)),
            "SEIS1 can be sent from 1 October 2025",
        ),
        (days(trading_from=date(2024, 1, 1), sent_on=date(2025, 4, 30)), "sent after the shares were issued"),
        (days(authorised_on=date(2025, 9, 1)), "Enter both the day and the reference of SEIS2"),
        (days(authorised_on=date(2025, 9, 1)) | {"uir": "1"}, "HMRC answers after SEIS1 is sent"),
        (days(assured_on=today() + timedelta(days=1)), "cannot be in the future"),
    )
    for sent, words in wrong:
        answer = client.post(f"{where}/{made.id}", data=sent)
        assert answer.status_code == 422, words
        assert words in " ".join(answer.text.split())
    assert rows(ReliefFiling) == []
    right = days(spent_on=date(2025, 7, 1), sent_on=date(2025, 7, 1))
    assert client.post(f"{where}/{made.id}", data=right).status_code == 303
    (kept,) = rows(ReliefFiling)
    later = days(spent_on=date(2025, 7, 1), sent_on=date(2025, 7, 1), authorised_on=date(2025, 9, 1))
    answered = later | {"uir": "9990012345", "version": str(kept.version)}
    assert client.post(f"{where}/{made.id}", data=answered).status_code == 303
    assert "9990012345" in client.get(where).text
    stale = client.post(f"{where}/{made.id}", data=right | {"version": str(kept.version - 1)})
    assert stale.status_code in {409, 422}


def test_papers_are_recorded_only_of_shares_of_this_raise_that_have_a_relief(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, _ = bought()
    elsewhere = held.investment(network.pitch(network.legal(held.factories.business())))
    none = held.investment(held.session().get_one(Pitch, pitch_id), relief=ShareRelief.NONE)
    client.sign_in(cast.founder)
    for other in (elsewhere, none):
        assert client.get(f"/raises/{pitch_id}/papers/{other.id}").status_code == 404


def assert_named(letter: Letter, made: Investment) -> None:
    """The letter names the company and the form: an investor may hold several."""
    name = held.session().get_one(Business, BUSINESS).name
    told = word(letter.kind, {**letter.context, "to_name": "Made", "base_url": "", "service_name": ""})
    assert told.subject == f"Your SEIS3 from {name} is ready"
    assert (
        f"{name} has given you the tax-relief certificate SEIS3 for your investment {made.reference}"
        in told.text
    )


def test_a_certificate_is_given_once_hmrc_has_answered_and_read_by_its_investor_alone(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    other = held.investment(network.pitch(network.legal(held.factories.business())))
    where = f"/holdings/{made.id}/certificate"
    client.sign_in(cast.founder)
    assert client.get(where).status_code == 409
    assert "SEIS2" in client.get(where).text
    held.filing(pitch_id)
    assert "Give investors 1 certificate (SEIS3)" in text_of(client, "/desk")
    early = {"file": (io.BytesIO(claimed.PDF), "SEIS3.pdf")} | days(given_on=date(2025, 8, 30))
    assert client.post(where, data=early, content_type="multipart/form-data").status_code == 422
    sent = {"file": (io.BytesIO(claimed.PDF), "SEIS3.pdf")} | days(given_on=date(2025, 9, 10))
    assert client.post(where, data=sent, content_type="multipart/form-data").status_code == 303
    (letter,) = letters("certificate_given")
    assert made.reference in str(letter.context)
    assert_named(letter, made)
    assert "Give investors" not in text_of(client, "/desk")
    (kept,) = rows(Document)
    file = f"{where}/{kept.id}"
    assert client.get(file).data == claimed.PDF
    owner = held.session().get_one(Account, made.account_id)
    assert client.sign_in(owner).get(file).data == claimed.PDF
    page = text_of(client, f"/holdings/{made.id}")
    assert "9990001" in page
    assert "31 January 2032" in page
    for reader in (cast.network_manager, cast.auditor, cast.other_founder, cast.angel):
        assert client.sign_in(reader).get(file).status_code in {403, 404}
    assert client.sign_in(owner).get(f"/holdings/{other.id}").status_code == 404
    client.sign_in(cast.founder)
    assert client.get(where).status_code == 409, "one certificate for each investment"
    assert client.post(f"{file}/remove").status_code == 303
    assert rows(ReliefCertificate)[0].removed_at is not None
    assert client.sign_in(owner).get(file).status_code == 404
    assert len(letters("certificate_removed")) == 1


def test_what_a_given_certificate_rests_on_is_not_emptied_or_changed_beneath_it(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    kept = held.filing(pitch_id)
    held.certificate(made)
    where = f"/raises/{pitch_id}/papers/{made.id}"
    whole = days(trading_from=date(2025, 1, 1), sent_on=date(2025, 8, 1), authorised_on=date(2025, 9, 1))
    whole |= {"uir": "9990001", "version": str(kept.version)}
    emptied = (
        whole
        | dict.fromkeys((f"authorised_on-{each}" for each in ("day", "month", "year")), "")
        | {"uir": ""}
    )
    client.sign_in(cast.founder)
    for sent, said in (
        (emptied, "This reference cannot be changed. A certificate (SEIS3) that was given carries it"),
        (whole | {"uir": "SEIS/1234"}, "This reference cannot be changed"),
        (whole | days(authorised_on=date(2025, 9, 11)), "was given on 10 September 2025"),
    ):
        refused = client.post(where, data=sent)
        assert refused.status_code == 422
        assert said in " ".join(refused.text.split())
    assert client.post(where, data=whole | days(assured_on=date(2024, 12, 1))).status_code == 303


def test_a_reference_has_digits_and_trading_began_on_one_day_that_is_not_asked_twice(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    by_eis = held.investment(held.session().get_one(Pitch, pitch_id), relief=ShareRelief.EIS)
    kept = held.filing(pitch_id, authorised_on=None, uir="")
    where = f"/raises/{pitch_id}/papers"
    client.sign_in(cast.founder)
    whole = days(trading_from=date(2025, 1, 1), sent_on=date(2025, 8, 1), authorised_on=date(2025, 9, 1))
    refused = client.post(f"{where}/{made.id}", data=whole | {"uir": "abc", "version": str(kept.version)})
    assert refused.status_code == 422
    assert "Enter the reference as it is on SEIS2" in refused.text
    page = client.get(f"{where}/{by_eis.id}").text
    assert 'name="trading_from-year"' in page
    assert 'value="2025"' in page
    other = client.post(f"{where}/{by_eis.id}", data=days(trading_from=date(2024, 3, 19)))
    assert other.status_code == 422
    assert "SEIS1 was sent saying that trading began on 1 January 2025" in other.text
    assert client.post(f"{where}/{by_eis.id}", data=days(trading_from=date(2025, 1, 1))).status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"relief": ShareRelief.NONE},
        {"status": InvestmentStatus.REPORTED, "completed_at": None},
        {"relief": ShareRelief.NONE, "instrument": Instrument.LOAN_NOTE, "shares": None},
    ],
    ids=["no relief", "reported by one side", "a loan note"],
)
def test_no_papers_are_asked_for_what_has_no_relief_or_is_not_agreed(
    cast: Cast, client: ConformingClient, fields: dict[str, object]
) -> None:
    pitch_id, made = bought(**fields)
    client.sign_in(cast.founder)
    assert "No papers needed" in client.get(f"/raises/{pitch_id}/papers").text
    assert client.get(f"/holdings/{made.id}/certificate").status_code == 409
    assert "HMRC" not in client.get("/desk").text


def test_a_business_is_told_once_when_it_can_send_and_reminded_once_before_the_last_day(
    cast: Cast, client: ConformingClient
) -> None:
    pitch_id, made = bought()
    tend_papers()
    assert letters("papers_can_be_sent") == letters("papers_due") == []
    nothing = {"sent_on": None, "authorised_on": None, "uir": ""}
    held.filing(pitch_id, **nothing)
    tend_papers()
    tend_papers()
    (letter,) = letters("papers_can_be_sent")
    assert letter.to_address == cast.founder.email
    filed = rows(ReliefFiling)[0]
    made.issued_on = filed.issued_on = today() - timedelta(days=365 * 3)
    held.session().flush()
    filed.trading_from = None
    tend_papers()
    tend_papers()
    assert len(letters("papers_due")) == 1
    page = text_of(client.sign_in(cast.founder), f"/raises/{pitch_id}/papers")
    assert "Speak to HMRC now" in page


def test_the_papers_of_another_business_are_not_there(cast: Cast, client: ConformingClient) -> None:
    pitch_id, made = bought()
    client.sign_in(cast.other_founder)
    for page in (
        f"/raises/{pitch_id}/papers",
        f"/raises/{pitch_id}/papers/{made.id}",
        f"/holdings/{made.id}",
    ):
        assert client.get(page).status_code == 404
    assert client.sign_in(cast.angel).get(f"/raises/{pitch_id}/papers").status_code == 404
