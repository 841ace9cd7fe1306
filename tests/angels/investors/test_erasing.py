"""An investor who left is erased: contact details and words go, evidence is for few, and no figure moves (N52)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import String, select
from sqlalchemy import cast as read_as
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.accounts.workflow import AccountStatus
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.angels.diligence.models import DiligenceItem
from crm.angels.events.models import NightFeedback
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.service import erasing
from crm.angels.investors.service.joining import Check, check
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.angels.pitches.models import PitchMark, PitchQuestion, Promotion, SavedSearch
from crm.angels.syndicates.models import SyndicateLead
from crm.angels.year.queries.facts import facts
from crm.audit.models import AuditValue
from crm.audit.service import faults, record
from crm.db.base import Base
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.notices.models import Letter
from crm.notices.service import Extras, Reader, queue
from crm.notices.workflow import MACHINE as LETTERS
from crm.notices.workflow import Act as LetterAct
from tests import factories, held, network, nights, syndicates
from tests.angels.deals import made as deals
from tests.angels.people import rows
from tests.angels.year.deals import invested, raised
from tests.angels.year.made import email_choice
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
NAME, EMAIL, PHONE = "Philippa Unmistakable", "pip@made.example", "0121 496 0042"
WORDS, REFEREE = "Zephyrine words", "Rufina Referee"


def left(**fields: Any) -> Angel:
    """An investor who lived in the network with all that it has, and left it."""
    network.basis()
    owner = network.investor(name=NAME, email=EMAIL)
    network.membership(owner, days=(-800, -430))
    given = {"phone": PHONE, "about": WORDS, "references_note": WORDS, "referees": [{"name": REFEREE}]}
    found = network.angel(owner, AngelStatus.LEFT, **given, **fields)
    record("join_network", found, {"about": ("", WORDS), "name": (None, NAME)}, by=SYSTEM)
    raise_, signed = raised(), network.certification(owner)
    network.promotion(raise_, signed)
    network.mark(raise_, owner, note=WORDS)
    network.saved_search(owner, name=WORDS)
    network.question(raise_, owner, question=WORDS)
    met = network.introduction(raise_, owner, IntroductionStatus.AGREED, message=WORDS)
    held.diligence_item(met, question=WORDS)
    deals.pledge(raise_, owner, status=PledgeStatus.WITHDRAWN, end_reason=WORDS)
    invested(raise_, owner, pounds=25_000)
    syndicates.lead(syndicates.syndicate(raised()), owner, message=WORDS)
    night = nights.night()
    place = nights.place(night, owner)
    nights.feedback(place, nights.turn(night, raised()), words=WORDS)
    email_choice(owner)
    _letters(owner, found)
    return found


def _letters(owner: Account, found: Angel) -> None:
    """One to the investor, and one that told a business who they are."""
    mine = queue("angel_left", Reader(owner.email, owner.name, owner.id), having=Extras({"until": WORDS}))
    told = queue(
        "introduction_left", Reader("b@made.example", "Bea"), having=Extras({"investor": found.name})
    )
    session().flush()
    for each in (mine, told):
        advance(LETTERS, each, LetterAct.TAKE)
        advance(LETTERS, each, LetterAct.MARK_SENT)
        each.sent_at, each.kept_text = now(), f"Dear {NAME}"


def own(kind: Any, found: Angel) -> list[Any]:
    """The rows of a table that are of this investor."""
    return [each for each in rows(kind) if each.account_id == found.account_id]


def erase(found: Angel, cast_: Cast, reason: str = "They asked for it") -> None:
    erasing.erase(found, reason=reason, by=cast_.network_manager.actor)


def everything(db: Session) -> str:
    """Every row of every table but the statement itself, as text: what somebody with the whole database could read."""
    db.flush()
    tables = (each for each in Base.metadata.sorted_tables if each.name != "certification")
    return "\n".join(
        f"{table.name}: {' | '.join(map(str, row))}"
        for table in tables
        for row in db.execute(select(*(read_as(column, String) for column in table.c)))
    )


def figures_of(client: ConformingClient) -> str:
    return client.get("/angels/figures").text.split("<main")[1]


def test_n52_contact_details_and_words_are_nowhere_and_the_evidence_stays(cast: Cast, db: Session) -> None:
    found = left()
    assert all(words in everything(db) for words in (NAME, EMAIL, PHONE, WORDS, REFEREE))

    erase(found, cast)

    kept = everything(db)
    assert [each for each in (NAME, EMAIL, PHONE, WORDS, REFEREE) if each in kept] == []
    (signed,) = own(Certification, found)
    assert (signed.signed_name, signed.text) == (NAME, f"Made statement of {NAME}")
    assert signed.restricted_at is not None
    for kind in (Promotion, Introduction, Pledge, Investment, PitchMark, PitchQuestion, SyndicateLead):
        assert len(own(kind, found)) == 1, kind
    assert len(rows(DiligenceItem)) == len(rows(NightFeedback)) == 1
    assert own(SavedSearch, found) == []
    assert faults() == []


def test_n52_the_account_is_closed_and_known_by_a_pseudonym(cast: Cast) -> None:
    found = left()

    erase(found, cast)

    (owner,) = (each for each in rows(Account) if each.id == found.account_id)
    assert owner.status is AccountStatus.DEACTIVATED
    assert owner.name == found.name
    assert owner.name.startswith("Erased investor A-")
    assert owner.email.endswith("@erased.invalid")


def test_k17_an_erased_person_is_said_to_be_erased_in_the_list_of_investors(
    cast: Cast, client: ConformingClient
) -> None:
    found = left()
    erase(found, cast)
    page = " ".join(client.sign_in(cast.network_manager).get("/angels/all?status=left").text.split())
    assert '<span class="app-quiet">Erased. Applied' in page
    assert '<span class="app-quiet">, applied' not in page


def test_n52_no_figure_moves(cast: Cast, client: ConformingClient) -> None:
    found = left()
    client.sign_in(cast.network_manager)
    page, before = figures_of(client), facts()
    told = [(each.investor, each.amount) for each in before.deals]

    erase(found, cast)

    assert figures_of(client) == page
    assert [(each.investor, each.amount) for each in facts().deals] == told


def test_n52_the_evidence_is_read_by_the_network_manager_and_the_auditor_alone(
    cast: Cast, client: ConformingClient
) -> None:
    found = left()
    (signed,), (shown,) = own(Certification, found), own(Promotion, found)
    evidence = (f"/angels/{found.id}/promotions", f"/certifications/{signed.id}")
    client.sign_in(cast.administrator)
    assert [client.get(each).status_code for each in evidence] == [200, 200]

    erase(found, cast)

    for person, status, count in (
        (cast.administrator, 403, 0),
        (cast.network_manager, 200, 1),
        (cast.auditor, 200, 1),
    ):
        client.sign_in(person)
        assert [client.get(each).status_code for each in evidence] == [status, status]
        assert (found.name in client.get(f"/raises/{shown.pitch_id}/promotions").text) is bool(count)
        page = client.get(f"/angels/{found.id}").text
        assert ("Record of showings" in page) is (status == 200)
        assert "Erase this investor" not in page


def test_n52_who_has_another_role_keeps_the_account_and_the_page_says_so(
    cast: Cast, client: ConformingClient
) -> None:
    found = left()
    (holder,) = (each for each in rows(Account) if each.id == found.account_id)
    factories.grant(holder, Role.AUDITOR)
    client.sign_in(cast.network_manager)
    assert "have, or had, another role here" in client.get(f"/angels/{found.id}/erase").text

    erase(found, cast)

    (holder,) = (each for each in rows(Account) if each.id == found.account_id)
    assert (holder.name, holder.email, holder.status) == (NAME, EMAIL, AccountStatus.ACTIVE)
    assert (found.email, found.phone, found.about) == ("", "", "")


def test_n52_the_page_says_what_goes_asks_for_a_reason_and_acts_once(
    cast: Cast, client: ConformingClient
) -> None:
    found = left()
    client.sign_in(cast.network_manager)
    asked = " ".join(client.get(f"/angels/{found.id}/erase").text.split())
    assert "What goes" in asked
    assert "The record of 1 showing of pitches to them" in asked
    assert "1 pledge and 1 investment" in asked
    assert "Enter a reason" in client.post(f"/angels/{found.id}/erase", data={"reason": ""}).text
    assert own(Angel, found)[0].erased_at is None

    done = client.post(f"/angels/{found.id}/erase", data={"reason": "They asked for it"})
    assert "Erased." in client.get(done.headers["Location"]).text
    (erased,) = own(Angel, found)
    again = client.post(f"/angels/{found.id}/erase", data={"reason": "They asked for it"})
    assert again.status_code == 409
    assert "erased already" in again.text
    assert own(Angel, found)[0].name == erased.name


def test_n52_nobody_is_erased_who_is_inside_paid_for_or_in_an_open_deal(cast: Cast) -> None:
    manager = cast.network_manager.actor
    inside = network.angel()
    assert "has left the network" in str(erasing.why_not_erased(inside, by=manager))
    paid, pledged, differing = (network.angel(status=AngelStatus.LEFT) for _ in range(3))
    accounts = {each.id: each for each in rows(Account)}
    network.membership(accounts[paid.account_id])
    deals.pledge(raised(), accounts[pledged.account_id])
    invested(raised(), accounts[differing.account_id], status=InvestmentStatus.REPORTED, completed_at=None)
    for each, words in ((paid, "membership lasts"), (pledged, "still open"), (differing, "still open")):
        with pytest.raises(Conflict, match=words):
            erasing.erase(each, reason="They asked for it", by=manager)
        assert each.erased_at is None


def test_n52_nobody_erases_themselves_and_somebody_says_why(cast: Cast) -> None:
    actor = cast.network_manager.actor
    assert actor.account_id is not None
    mine = network.angel(account(actor.account_id), AngelStatus.LEFT)
    with pytest.raises(NotAllowed):
        erasing.erase(mine, reason="I want to", by=actor)
    declined = network.angel(status=AngelStatus.DECLINED)
    with pytest.raises(Invalid):
        erase(declined, cast, reason=" - ")
    erase(declined, cast)
    assert declined.name.startswith("Erased investor A-")


def test_n52_a_letter_that_names_them_and_waits_is_sent_first(cast: Cast) -> None:
    found = left()
    queue("introduction_left", Reader("b@made.example", "Bea"), having=Extras({"investor": found.name}))
    with pytest.raises(Conflict, match="still waiting to be sent"):
        erase(found, cast)


def test_n52_what_others_wrote_and_know_stays(cast: Cast) -> None:
    other = network.angel(name="Cem Other", status=AngelStatus.LEFT)
    sent = queue(
        "angel_left", Reader(other.email, other.name, other.account_id), having=Extras({"until": ""})
    )
    values = len(rows(AuditValue))
    erase(left(), cast)
    assert (other.name, other.erased_at) == ("Cem Other", None)
    assert sent.to_name == "Cem Other"
    assert [each.to_name for each in rows(Letter)].count("Cem Other") == 1
    assert len(rows(AuditValue)) >= values


def test_n52_nothing_is_recorded_about_an_erased_investor(cast: Cast, client: ConformingClient) -> None:
    found = left()
    erase(found, cast)
    client.sign_in(cast.network_manager)
    for page in ("check", "keep-paper", "erase"):
        assert client.get(f"/angels/{found.id}/{page}").status_code == 409, page
    checked = Check(CheckOutcome.NOT_REQUIRED, note="The board decided it")
    with pytest.raises(Conflict, match="is erased"):
        check(found, checked, by=cast.network_manager.actor)
