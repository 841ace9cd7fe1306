"""What comes after a pitch as tests need it: due diligence, investments, papers and updates, straight in the tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus, ShareRelief, Side
from crm.angels.diligence import queries as diligence_queries
from crm.angels.diligence.models import DiligenceAnswer, DiligenceItem
from crm.angels.diligence.workflow import ItemStatus, Sharing
from crm.angels.holdings.models import CompanyUpdate, ReliefCertificate, ReliefFiling, UpdateCorrection
from crm.angels.holdings.rules.quarters import quarter_before
from crm.angels.holdings.workflow import FiledRelief, UpdateStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from tests import factories, network
from tests.factories import kept


def diligence_item(
    found: Introduction | None = None, status: ItemStatus = ItemStatus.ASKED, **fields: Any
) -> DiligenceItem:
    """A question of due diligence, asked today under an introduction that took place."""
    met = found or network.introduction(
        network.pitch(network.legal(factories.business())), status=IntroductionStatus.AGREED
    )
    given: dict[str, Any] = {"question": "Made question?", "asked_at": now()}
    given |= {"nudge_on": today() + timedelta(days=7), "task_on": today() + timedelta(days=14)}
    if status is ItemStatus.ANSWERED:
        given |= {"answer_id": diligence_answer(met.pitch_id).id, "answered_at": now()}
    if status is ItemStatus.UNAVAILABLE:
        given |= {"reason": "Made reason", "answered_at": now()}
    if status in {ItemStatus.WITHDRAWN, ItemStatus.ENDED}:
        given |= {"ended_at": now()}
    made: DiligenceItem = kept(DiligenceItem(introduction_id=met.id, **{**given, **fields}, _status=status))
    return whole_item(made)


def diligence_answer(pitch_id: UUID, **fields: Any) -> DiligenceAnswer:
    """An answer that only its asker reads."""
    given = {"question": "Made question?", "words": "Made answer", "made_at": now(), "sharing": Sharing.ASKER}
    made: DiligenceAnswer = kept(DiligenceAnswer(pitch_id=pitch_id, **{**given, **fields}))
    return made


def whole_item(found: DiligenceItem) -> DiligenceItem:
    """A question of due diligence as its page loads it, read anew."""
    session().flush()
    session().expire_all()
    loaded = diligence_queries.item(found.id)
    assert loaded is not None
    return loaded


def investment(
    found: Pitch | None = None,
    owner: Account | None = None,
    relief: ShareRelief = ShareRelief.SEIS,
    **fields: Any,
) -> Investment:
    """Shares that a member bought last year and both sides reported alike."""
    about = found or network.pitch(network.legal(factories.business()))
    given: dict[str, Any] = {"account_id": (owner or network.admitted()).id, "reference": new_reference("V")}
    given |= {
        "amount": Money.pounds(10_000),
        "instrument": Instrument.EQUITY,
        "shares": 1_000,
        "relief": relief,
    }
    given |= {
        "first_side": Side.COMPANY,
        "issued_on": date(2025, 5, 1),
        "reported_at": now(),
        "completed_at": now(),
    }
    status = fields.pop("status", InvestmentStatus.MATCHED)
    made: Investment = kept(Investment(pitch_id=about.id, **{**given, **fields}, _status=status))
    return made


def filing(pitch_id: UUID, relief: FiledRelief = FiledRelief.SEIS, **fields: Any) -> ReliefFiling:
    """Papers that HMRC answered, of the shares that `investment` makes unless others are named."""
    given: dict[str, Any] = {"issued_on": date(2025, 5, 1)}
    given |= {
        "trading_from": date(2025, 1, 1),
        "sent_on": date(2025, 8, 1),
        "authorised_on": date(2025, 9, 1),
    }
    made: ReliefFiling = kept(
        ReliefFiling(pitch_id=pitch_id, relief=relief, **{"uir": "9990001", **given, **fields})
    )
    return made


def certificate(found: Investment, **fields: Any) -> ReliefCertificate:
    """The certificate of an investment, with its file."""
    given = {"uir": "9990001", "given_on": date(2025, 9, 10), "made_at": now()} | fields
    made: ReliefCertificate = kept(ReliefCertificate(investment_id=found.id, **given))
    factories.document("relief_certificate", made.id)
    return made


def company_update(
    owner: Business | None = None, status: UpdateStatus = UpdateStatus.ASKED, **fields: Any
) -> CompanyUpdate:
    """The update of a quarter, another one each time it is made."""
    number = next(factories._number)
    end = quarter_before(date(1950 + number // 4 % 70, 1 + 3 * (number % 4), 1))
    given: dict[str, Any] = {"quarter_end": end, "asked_at": now(), "due_on": today() + timedelta(days=20)}
    if status is UpdateStatus.GIVEN:
        given |= {"words": "Made words", "given_at": now()}
    about = owner or factories.business()
    made: CompanyUpdate = kept(CompanyUpdate(business_id=about.id, **{**given, **fields}, _status=status))
    return made


def correction(found: CompanyUpdate) -> UpdateCorrection:
    """What an update said before it was corrected."""
    given = {"reason": "Made reason", "at": now(), "words": "Made words before"}
    made: UpdateCorrection = kept(UpdateCorrection(update_id=found.id, **given))
    return made
