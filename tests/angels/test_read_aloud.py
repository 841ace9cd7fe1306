"""K23: what the audit log says of the network, its memberships and rights is read aloud: no codes, no names of columns."""

from __future__ import annotations

from enum import StrEnum

from crm.angels.introductions import models as introductions
from crm.angels.investors import models as investors
from crm.angels.pitches import models as pitches
from crm.app import FEATURES
from crm.audit.rules import Wording, field_in_words
from crm.billing.models import MembershipPeriod
from crm.db.base import Base
from crm.db.types import WordsType
from crm.rights.models import Right
from crm.web.feature import unfolded
from tests import factories, network
from tests.angels.people import own_business
from tests.cast import Cast
from tests.client import ConformingClient

ROOMS = unfolded(FEATURES)
WORDING = Wording(
    {key: said for room in ROOMS for key, said in room.words.items()},
    fields={key: said for room in ROOMS for key, said in room.fields.items()},
)
MODULES = {
    "crm.angels.investors.models",
    "crm.angels.introductions.models",
    "crm.angels.pitches.models",
    "crm.angels.diligence.models",
    "crm.angels.holdings.models",
    "crm.angels.syndicates.models",
}
KINDS = {
    each.class_.__table__.name: each.class_
    for each in Base.registry.mappers
    if each.class_.__module__.startswith(tuple(MODULES)) or each.class_ in {MembershipPeriod, Right}
}
COLUMNS = [
    (table, column.name)
    for table, kind in sorted(KINDS.items())
    for column in kind.__table__.columns
    if column.name not in {"id", "version"}
]
# What is called as its column is, once "_id", "_at" and "_on" are gone: each was read by a person.
AS_IT_IS = frozenset(
    [
        "Kept until",
        "Account",
        "Added",
        "Added by",
        "Amount",
        "Agreed",
        "Agreed by",
        "Answer",
        "Answered",
        "Answered by",
        "Applied",
        "Approved",
        "Approved by",
        "Asked",
        "Begun",
        "Begun by",
        "Basis",
        "Blocked",
        "Business",
        "Certification",
        "Channel",
        "Checked by",
        "Confirmed",
        "Confirmed by",
        "Content",
        "Corrected by",
        "Decided",
        "Decided by",
        "Device",
        "Shares in issue",
        "Due",
        "Email",
        "Ended",
        "Faults",
        "Firm",
        "From",
        "Ground",
        "Headline",
        "Item",
        "Joined",
        "Kept",
        "Kept by",
        "Kind",
        "Last day",
        "Market",
        "Message",
        "Name",
        "Note",
        "Number",
        "Offered",
        "Owner",
        "Phone",
        "Particulars",
        "Pitch",
        "Pitch version",
        "Proposed",
        "Published",
        "Question",
        "Reason",
        "Recorded",
        "Recorded by",
        "Reference",
        "Referees",
        "Areas",
        "Removed",
        "Reminded",
        "Requested",
        "Reviewer",
        "Rights",
        "Shown",
        "Signed",
        "Signed name",
        "Source",
        "Stage",
        "Status",
        "Submitted",
        "Summary",
        "Syndicate",
        "Team",
        "Terms",
        "Title",
        "Tried",
        "Until",
        "Valid until",
        "Visited",
        "Checksum of the file (SHA-256)",
        "Introduction",
        "Investment",
        "Ip",
        "Classes",
        "Filed",
        "Registered",
        "Reminder sent for",
        "Shares",
        "Stages",
        "Yearly cost",
        "Starts",
        "Ends",
        "Minutes",
        "Arrived",
        "Checked in",
        "Score",
        "Pledged",
        "Committed",
        "Pledge",
        "Completed",
        "Left out",
        "Chosen",
        "Wording",
    ]
)


def test_k23_every_stored_field_of_the_network_has_a_name_that_is_read_aloud() -> None:
    declared = WORDING.fields
    unsaid = [
        f"{table}.{name}: {WORDING.field(table, name)}"
        for table, name in COLUMNS
        if f"{table}.{name}" not in declared and WORDING.field(table, name) not in AS_IT_IS
    ]
    assert unsaid == []
    assert [key for key, said in declared.items() if said == field_in_words(key.partition(".")[2])] == []


def test_k23_every_code_that_the_network_stores_has_words() -> None:
    unsaid = []
    for table, name in COLUMNS:
        column = KINDS[table].__table__.columns[name]
        codes: type[StrEnum] | None = getattr(column.type, "enum_class", None)
        unsaid += [
            f"{table}.{name} {code}"
            for code in codes or ()
            if not WORDING.value(table, name, code.value)[0].isupper()
        ]
        if isinstance(column.type, WordsType) and name != "contact_ids":
            assert f"{table}.{name}" in WORDING.words
    assert unsaid == []


def test_k23_the_tables_of_the_network_are_all_looked_at() -> None:
    names = {introductions.Introduction, investors.Angel, investors.RegulatoryBasis, pitches.SavedSearch}
    assert {each.__tablename__ for each in names} < set(KINDS)


def test_k23_the_auditor_reads_what_was_done_in_words(cast: Cast, client: ConformingClient) -> None:
    owner = network.admitted()
    client.sign_in(cast.founder)
    sent = {
        "headline": "Second series",
        "amount": "100,000",
        "instrument": "loan_note",
        "min_ticket": "5,000",
    }
    begun = client.post(
        f"/businesses/{own_business().id}/pitches/begin", data=sent | {"seis": "no", "eis": "no"}
    )
    assert begun.status_code == 303
    made = network.introduction(network.pitch(network.legal(factories.business())), owner)
    client.sign_in(owner)
    assert client.post(f"/introductions/{made.id}/take-back").status_code == 303
    wanted = {"groups": "crafts", "max_ticket": "25,000", "wants_seis": "y"}
    assert client.post("/angels/mine/prefer", data=wanted).status_code == 303
    client.sign_in(cast.auditor)
    page = " ".join(client.get("/audit").text.split())
    for said in (
        "Type of investment: Loan notes",
        "Minimum investment: £5,000",
        "SEIS: No",
        "Status: Waiting for the business → Withdrawn",
        "Largest investment: £25,000",
        "SEIS is important: no → yes",
        "Creative sectors: Crafts",
    ):
        assert said in page
    for code in ("Min ticket", "loan_note", "taken_back", "Seis"):
        assert code not in page
