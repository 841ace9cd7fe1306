"""A number looked up on the register of the Intellectual Property Office: compared, taken over by choice, and never silently."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.businesses.queries.seeing import business
from crm.gateways import rights_register as gateway
from crm.gateways.rights_register import InventedRegister
from crm.kernel.errors import BadInput
from crm.rights import queries
from crm.rights.models import RegisterAnswer
from crm.rights.rules.registering import differences, read_number
from crm.rights.workflow import Act, RightKind, RightStatus
from tests import factories, network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
MARK = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK 1"}


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("trade_mark", " uk 3123456", "UK00003123456"),
        ("trade_mark", "UK00003123456", "UK00003123456"),
        ("trade_mark", "2456789a", "UK00002456789A"),
        ("design", "6 123 456", "6123456"),
        ("patent", "GB2456789B", "GB2456789"),
        ("patent", "1412345.6", "GB1412345.6"),
        ("trade_mark", "EU018123456", None),
        ("trade_mark", "UK00003", None),
        ("trade_mark", "0003123456", None),
        ("design", "123", None),
        ("patent", "EP1234567", None),
        ("copyright", "1", None),
    ],
)
def test_a_number_is_read_as_the_register_writes_it(kind: str, typed: str, read: str | None) -> None:
    if read:
        assert read_number(kind, typed) == read
    else:
        with pytest.raises(BadInput):
            read_number(kind, typed)


def test_classes_in_other_words_and_an_owner_with_another_ending_do_not_differ() -> None:
    ours = {"owner": "Otter Limited", "status": "registered", "classes": "9, 28 and 41"}
    ours |= dict.fromkeys(("filed_on", "registered_on", "renews_on"))
    says = {
        "owner": "OTTER LTD.",
        "status": "registered",
        "classes": "9,28,41",
        "renews_on": date(2027, 2, 14),
    }
    (only,) = differences(ours, says)
    assert only.label == "Renew by: 14 February 2027 (not entered here)"


def test_a_founder_looks_a_number_up_before_typing_and_the_form_is_filled(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    page = f"/businesses/{BUSINESS}/rights/look-up"
    assert page in client.get(f"/businesses/{BUSINESS}/rights").text
    wrong = client.post(page, data={"kind": "trade_mark", "number": "EU018"})
    assert "Enter a trade mark number, like UK00003123456" in wrong.text
    known = client.get(
        client.post(page, data={"kind": "trade_mark", "number": "uk 1"}).headers["Location"]
    ).text
    for each in ("The register knows UK00000000001", 'value="Lantern Otter Animation Ltd"', 'value="2027"'):
        assert each in known
    assert queries.rights_of(BUSINESS) == [], "nothing is saved before it is checked"
    unknown = client.get(
        client.post(page, data={"kind": "design", "number": "6999999"}).headers["Location"]
    ).text
    assert "The register knows no design with the number 6999999" in unknown
    assert "banner--success" in known
    assert "banner--success" not in unknown, "nothing found is no success"
    assert 'value="6999999"' in unknown
    silent = client.post(page, data={"kind": "trade_mark", "number": InventedRegister.SILENT})
    assert silent.status_code == 422
    assert "is not answering just now. Try again later. You can go on by typing." in silent.text
    assert f"/businesses/{BUSINESS}/rights/add" in silent.text
    acts = db.scalars(select(AuditEntry.act).where(AuditEntry.act == Act.LOOK_UP)).all()
    assert len(acts) == 2
    owner = business(BUSINESS)
    assert owner is not None
    network.right(owner, title="OTTERLANTERN", **MARK)
    held = client.post(page, data={"kind": "trade_mark", "number": "uk 1"})
    assert "UK00000000001 is on this register already, as “OTTERLANTERN”" in held.text, "before it is typed"


@pytest.mark.engine("sqlite")
def test_another_name_and_other_owners_on_the_register_are_differences_and_may_be_another_mark_k10(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    shares = [["Asha", 6_000], ["Sami", 4_000]]
    made = network.right(owner, title="PLUSH", shares=shares, **MARK | {"number": "UK00000000001"})
    made.owner = "Asha 60%, Sami 40%"
    db.flush()
    client.sign_in(cast.founder).post(f"/rights/{made.id}/look-up")
    page = client.get(f"/rights/{made.id}/register").text
    assert "The register has this number as “OTTERLANTERN (invented)”. If that is another right" in page
    assert "Owner: Lantern Otter Animation Ltd (your entry says Asha 60%, Sami 40%)" in page
    gap = "The register of the Intellectual Property Office says something else: name, owner"
    assert gap in client.get(f"/rights/{made.id}").text
    chosen = {"version": str(made.version), "chosen": "owner"}
    assert client.post(f"/rights/{made.id}/register", data=chosen).status_code == 303
    db.refresh(made)
    assert (made.owner, made.shares) == ("Lantern Otter Animation Ltd", [])


def test_what_the_register_says_differently_is_shown_and_taken_over_only_where_it_is_ticked(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = network.right(owner, title="OTTERLANTERN", renews_on=date(2027, 1, 1), **MARK)
    made.owner = "Another Studio"
    db.flush()
    other = network.right(owner, title="A song")
    client.sign_in(cast.founder)
    assert client.post(f"/rights/{other.id}/look-up").status_code == 409
    page = f"/rights/{made.id}/register"
    assert client.post(f"/rights/{made.id}/look-up").headers["Location"].endswith(page)
    shown = client.get(f"/rights/{made.id}").text
    assert "Renew by: the register says 14 February 2027, you say 1 January 2027" in shown
    assert "Owner: the register says Lantern Otter Animation Ltd, you say Another Studio" in shown
    none = client.post(page, data={"version": str(made.version)})
    assert "Choose what to take over from the register" in none.text
    db.refresh(made)
    assert (made.owner, made.renews_on) == ("Another Studio", date(2027, 1, 1))
    chosen = {"version": str(made.version), "chosen": ["renews_on", "title"]}
    assert client.post(page, data=chosen | {"chosen": "renews_on"}).status_code == 303
    db.refresh(made)
    assert (made.owner, made.renews_on) == ("Another Studio", date(2027, 2, 14))
    assert client.post(page, data=chosen | {"chosen": "owner"}).status_code == 409, "seen before the change"
    monkeypatch.setattr(InventedRegister, "SILENT", "UK00000000001")
    silent = client.post(f"/rights/{made.id}/look-up")
    assert "is not answering just now" in silent.text
    assert len(db.scalars(select(RegisterAnswer)).all()) == 1, "what it said before stays"


@pytest.mark.parametrize("status", [404, 401, 429, 503])
def test_every_way_in_which_the_register_does_not_answer_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    class Answer:
        status_code = status

        def raise_for_status(self) -> None:
            raise gateway.requests.HTTPError(response=self)  # type: ignore[arg-type]

    monkeypatch.setattr(gateway.requests, "get", lambda *_, **__: Answer())
    asked = gateway.rights_register("https://register.example/", key="a key", is_real=True)
    if status == 404:
        assert asked.entry("patent", "GB2000001") is None
    else:
        with pytest.raises(gateway.RightsRegisterUnavailable, match="Intellectual Property Office"):
            asked.entry("patent", "GB2000001")


def test_without_an_address_real_businesses_are_never_told_that_a_number_is_unknown() -> None:
    with pytest.raises(gateway.RightsRegisterUnavailable, match="Enter what it says yourself"):
        gateway.rights_register("", key="", is_real=True).entry("patent", "GB2000001")
    assert gateway.rights_register("", key="", is_real=False).entry("patent", "GB9") is None
    with pytest.raises(ValueError, match="without number"):
        gateway.read_entry({"number": "GB1", "owner": "Us", "status": "pending"})


def test_what_the_register_contradicts_or_does_not_know_is_a_gap_on_every_page_and_in_the_file(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    whole = {"shares": [], "renews_on": date(2090, 1, 1)}
    known = network.right(owner, title="LANTERNS, logo", **MARK | {"number": "UK00003123456"} | whole)
    network.right(owner, title="Unknown", **MARK | {"number": "UK99999999999"} | whole)
    at = {"kind": "trade_mark", "at": known.added_at, "business_id": owner.id}
    says = {"owner": "Rosa Okafor", "status": "registered"} | dict.fromkeys(
        ("filed_on", "registered_on", "renews_on")
    )
    factories.kept(RegisterAnswer(number="UK00003123456", says=says, **at))
    factories.kept(RegisterAnswer(number="UK99999999999", says=None, **at))
    differs = "The register of the Intellectual Property Office says something else: owner"
    unknown = (
        "The register of the Intellectual Property Office knows no trade mark with the number UK99999999999"
    )
    client.sign_in(cast.administrator)
    assert "2 rights." in client.get("/rights?todo=gaps").text
    assert all(each in client.get("/rights.csv?todo=gaps").text for each in (differs, unknown))
    client.sign_in(cast.founder)
    page = client.get(f"/businesses/{BUSINESS}/rights").text
    assert (differs in page, unknown in page) == (True, True)
    known.owner = "Rosa Okafor"
    assert differs not in client.get(f"/businesses/{BUSINESS}/rights").text
