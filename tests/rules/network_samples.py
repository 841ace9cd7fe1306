"""A sample of every kind of thing of memberships, rights and the angel network that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.diligence.workflow import ItemStatus
from crm.angels.holdings.queries.papers import certificates_of, papers_of
from crm.angels.holdings.workflow import UpdateStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.workflow import AngelStatus, Ground
from crm.angels.pitches.workflow import PitchStatus as P
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.documents.queries import documents_about
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.rights.service.calendars import subject_of
from tests import factories, held, invited, network
from tests.angels.deals import made as deals
from tests.angels.year import made as yearly
from tests.billing import made
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast

Values = Mapping[str, Any]
P_OFFERED = PledgeStatus.OFFERED


def _whole(business_id: Any) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def _angels(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One who applied, the angel of the cast, and one who was suspended."""
    own = session().scalars(select(Angel.id).where(Angel.account_id == cast.angel.id)).one()
    return network.angel(status=AngelStatus.APPLIED).id, own, network.angel(status=AngelStatus.SUSPENDED).id


def _certifications(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The angel's own, with a certificate, and a stranger's."""
    own = network.certification(cast.angel.account, Ground.CERTIFIED)
    own.document_id = factories.document("certification", own.id).id
    session().flush()
    return own.id, network.certification(network.investor()).id


def _pitches(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A draft, one that is screened and one that is shown, of one business; and one that is paused, of the other."""
    own, other = network.legal(_whole(BUSINESS)), _whole(OTHER_BUSINESS)
    made = [network.pitch(own, status) for status in (P.DRAFT, P.SCREENING, P.PUBLISHED)]
    return tuple(each.id for each in (*made, network.pitch(other, P.PAUSED)))


def _shown_pitches(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that is shown, of one business, and one that is paused, of the other."""
    shown = network.pitch(network.legal(_whole(BUSINESS)), closes_on=today() + timedelta(days=20))
    return shown.id, network.pitch(_whole(OTHER_BUSINESS), P.PAUSED).id


def _pitch_files(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (factories.document("pitch", values["pitch_id"]).id,)


def _questions(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(network.question(network.pitch(_whole(each))).id for each in (BUSINESS, OTHER_BUSINESS))


def _introductions(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The angel's own of one business, and a stranger's of the other."""
    own = network.introduction(network.pitch(_whole(BUSINESS)), cast.angel.account)
    return own.id, network.introduction(network.pitch(_whole(OTHER_BUSINESS))).id


def _met(cast: Cast) -> tuple[Introduction, Introduction]:
    """The angel's own introduction of one business that took place, and a stranger's of the other."""
    own = network.pitch(network.legal(_whole(BUSINESS)))
    other = network.pitch(_whole(OTHER_BUSINESS))
    return (
        network.introduction(own, cast.angel.account, IntroductionStatus.AGREED),
        network.introduction(other, status=IntroductionStatus.AGREED),
    )


def _introductions_met(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(each.id for each in _met(cast))


def _diligence_items(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One of the angel's that waits, one that is answered, and a stranger's."""
    own, other = _met(cast)
    made = (
        held.diligence_item(own),
        held.diligence_item(own, ItemStatus.ANSWERED),
        held.diligence_item(other),
    )
    return tuple(each.id for each in made)


def _diligence_answers(cast: Cast, _values: Values) -> tuple[Any, ...]:
    own, other = _met(cast)
    answers = [held.diligence_item(each, ItemStatus.ANSWERED).answer_id for each in (own, other)]
    return tuple(answers)


def _answer_files(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (factories.document("diligence_answer", values["answer_id"]).id,)


def _investments(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One of the angel's in one business, to be certified, and a stranger's in the other."""
    own = network.pitch(network.legal(_whole(BUSINESS)))
    held.filing(own.id)
    other = network.pitch(_whole(OTHER_BUSINESS))
    return held.investment(own, cast.angel.account).id, held.investment(other).id


def _certified(cast: Cast, values: Values) -> tuple[Any, ...]:
    """The same, with their certificates."""
    made = _investments(cast, values)
    for each in made:
        held.certificate(session().get_one(Investment, each))
    return made


def _certificate_files(_cast: Cast, values: Values) -> tuple[Any, ...]:
    given = certificates_of([values["investment_id"]])[values["investment_id"]]
    return tuple(each.id for each in documents_about("relief_certificate", given.id))


def _raises_with_papers(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    made = [network.pitch(network.legal(_whole(each))) for each in (BUSINESS, OTHER_BUSINESS)]
    for each in made:
        held.investment(each)
    return tuple(each.id for each in made)


def _shares_with_papers(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return tuple(each.first.id for each in papers_of(values["pitch_id"]))


def _company_updates(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that is asked for and one that was sent, of one business, and one of the other."""
    own = _whole(BUSINESS)
    made = (
        held.company_update(own),
        held.company_update(own, UpdateStatus.GIVEN),
        held.company_update(_whole(OTHER_BUSINESS)),
    )
    return tuple(each.id for each in made)


def _pledges(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """The angel's own to one business, and a stranger's to the other."""
    own = deals.pledge(network.pitch(network.legal(_whole(BUSINESS))), cast.angel.account, P_OFFERED)
    return own.id, deals.pledge(network.pitch(_whole(OTHER_BUSINESS))).id


def _searches(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(network.saved_search(each).id for each in (cast.angel.account, network.investor()))


def _wordings(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (network.wording().id,)


def _periods(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return (network.membership(session().get_one(Account, values["account_id"])).id,)


SAMPLES: dict[str, Callable[[Cast, Values], tuple[Any, ...]]] = {
    "absence_id": lambda cast, _values: (invited.absence(cast.adviser.account.id).id,),
    "handover_id": lambda cast, _values: (invited.handover(cast.adviser.account.id).id,),
    "angel_id": _angels,
    "certification_id": _certifications,
    "wording_id": _wordings,
    "pitch_id": _pitches,
    "raises.one_version pitch_id": _shown_pitches,
    "pitch_extracts.last_day pitch_id": _shown_pitches,
    "raises.one_version number": lambda _cast, _values: (1,),
    "asked_id": _questions,
    "introduction_id": _introductions,
    **{f"diligence.{name} introduction_id": _introductions_met for name in ("of_introduction", "ask")},
    "item_id": _diligence_items,
    "diligence.file answer_id": _diligence_answers,
    "diligence.file document_id": _answer_files,
    "update_id": _company_updates,
    "year": lambda _cast, _values: (2025,),
    "kind": lambda _cast, _values: ("csv", "xlsx"),
    "share_papers.record pitch_id": _raises_with_papers,
    "share_papers.record investment_id": _shares_with_papers,
    **{f"share_papers.{name} investment_id": _certified for name in ("certificate", "remove")},
    **{f"share_papers.{name} document_id": _certificate_files for name in ("certificate", "remove")},
    "investments.report_own introduction_id": _introductions_met,
    "pledge_id": _pledges,
    "investment_id": _investments,
    "search_id": _searches,
    "mailing_id": lambda _cast, _values: (yearly.mailing().id,),
    "yearly.yearly_letter letter_id": lambda _cast, _values: (yearly.yearly_letter().id,),
    "period_id": _periods,
    "event_id": lambda _cast, _values: (made.stripe_event().id,),
    "paying.receipt payment_id": lambda cast, _values: (
        made.card_payment(cast.angel.account).id,
        made.card_payment(network.investor()).id,
    ),
    "stripe_events.settle payment_id": lambda _cast, values: (
        made.card_payment(session().get_one(Account, values["account_id"]), refunded=Money(100)).id,
    ),
    "renewal_calendars.renewals token": lambda cast, _values: (
        mint(Purpose.RENEWALS, subject_of(BUSINESS, cast.founder.account.id)),
    ),
    "right_id": lambda _cast, _values: tuple(
        network.right(_whole(each)).id for each in (BUSINESS, OTHER_BUSINESS)
    ),
    "part_id": lambda _cast, _values: tuple(
        network.right_part(network.right(_whole(each))).id for each in (BUSINESS, OTHER_BUSINESS)
    ),
    "licence_id": lambda _cast, _values: tuple(
        network.right_licence(network.right(_whole(each))).id for each in (BUSINESS, OTHER_BUSINESS)
    ),
    **{
        f"{name} document_id": lambda _cast, values: (factories.document("right_part", values["part_id"]).id,)
        for name in ("right_chain.paper", "right_chain.remove_paper")
    },
    **{
        f"{name} document_id": _pitch_files
        for name in ("pitches.file", "pitch_files.own_file", "pitch_files.detach")
    },
}
OTHERS: dict[str, Callable[[], UUID]] = {
    "pitch_id": lambda: network.pitch(factories.business(), P.DRAFT).id,
    "answer_id": lambda: held.diligence_answer(network.pitch(_whole(OTHER_BUSINESS)).id).id,
    "investment_id": lambda: held.investment(network.pitch(factories.business())).id,
    "part_id": lambda: network.right_part(network.right(factories.business())).id,
}
"""Another parent of each kind, under which a child of the first does not stand."""
