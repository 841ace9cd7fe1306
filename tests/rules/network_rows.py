"""One more row for each list of memberships, rights and the angel network, as an administrator reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid5

from crm.accounts.models import Account
from crm.angels.diligence.workflow import ItemStatus
from crm.angels.events.models import PitchNight
from crm.angels.events.workflow import NightStatus, PlaceStatus
from crm.angels.holdings.queries.papers import filings_of
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.workflow import LeadStatus, TermsStatus
from crm.angels.year.models import Mailing, YearlyLetter
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.rights.models import Right
from tests import factories, held, network, nights, syndicates
from tests.angels.deals import made as deals
from tests.angels.year import made as yearly
from tests.angels.year.deals import invested
from tests.billing import made
from tests.cast import BUSINESS, NAMESPACE, Cast

ANGEL, ACCOUNT, PITCH, RIGHT, MET = (
    uuid5(NAMESPACE, kind) for kind in ("an angel", "an investor", "a pitch", "a right", "an introduction")
)
SYNDICATE = uuid5(NAMESPACE, "a syndicate")
NIGHT, HELD, PLANNED = (uuid5(NAMESPACE, kind) for kind in ("a night", "a held night", "a planned night"))


def _own() -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


def _pitch() -> Pitch:
    return session().get(Pitch, PITCH) or network.pitch(_own(), PitchStatus.SCREENING, id=PITCH)


def _investor() -> Account:
    """An investor with a fixed id, in the network, who signed one thing more each time they are asked for."""
    found = session().get(Account, ACCOUNT)
    if found is None:
        found = network.investor(id=ACCOUNT)
        network.angel(found, id=ANGEL)
    return found


def _one_more_of_an_angel(_cast: Cast) -> None:
    owner = _investor()
    network.attempt(owner)
    network.promotion(_pitch(), network.certification(owner))


def _one_more_of_a_pitch(_cast: Cast) -> None:
    found = _pitch()
    network.question(found)
    network.review(found)
    network.right(_own())
    factories.document("pitch", found.id)
    network.introduction(found)
    _one_more_pledged(found)


def _one_more_pledged(found: Pitch) -> None:
    deals.pledge(found, amount=Money(100))
    deals.investment(found, amount=Money(100))


def _one_more_deal_elsewhere(_cast: Cast) -> None:
    _one_more_pledged(network.pitch(network.legal(factories.business())))


def _one_more_of_the_deals_of_a_pitch(_cast: Cast) -> None:
    found = _pitch()
    _one_more_pledged(found)
    network.introduction(found, status=IntroductionStatus.AGREED)


def _one_more_of_diligence() -> None:
    found = session().get(Introduction, MET) or network.introduction(
        network.pitch(network.legal(factories.business())), status=IntroductionStatus.AGREED, id=MET
    )
    made = held.diligence_item(network.whole_introduction(found), ItemStatus.ANSWERED)
    factories.document("diligence_answer", made.answer_id)


def _one_more_in_a_syndicate() -> None:
    found = session().get(Syndicate, SYNDICATE) or syndicates.syndicate(id=SYNDICATE)
    lead = syndicates.lead(found, status=LeadStatus.OFFERED)
    number = len(syndicates.whole(found).terms) + 1
    syndicates.member(found, syndicates.terms(found, lead, TermsStatus.REPLACED, number))


def _one_more_paper() -> None:
    bought = held.investment(_pitch())
    if not filings_of([PITCH]):
        held.filing(PITCH)
    held.certificate(bought)


def _one_more_of_a_right() -> None:
    found = session().get(Right, RIGHT) or network.right(_own(), id=RIGHT)
    network.right_licence(found)
    factories.document("right_part", network.right_part(found).id)


def _one_more_of_the_law(_cast: Cast) -> None:
    network.visit()
    network.basis()


def _one_more_of_a_membership() -> None:
    owner = _investor()
    network.membership(owner)
    made.card_payment(owner)
    made.card_subscription(owner)


def _one_more_of_a_night(_cast: Cast) -> None:
    """A night today, with a fixed id: one more pitch, guest and investor, each time it is asked for."""
    found = session().get(PitchNight, NIGHT) or nights.night(days=0, id=NIGHT)
    slot = nights.turn(found)
    nights.guest(found)
    nights.place(found)
    nights.feedback(nights.place(found, status=PlaceStatus.ATTENDED), slot)


def _one_more_of_a_held_night(_cast: Cast) -> None:
    """The same of one that was held: what was said and shown there too."""
    found = session().get(PitchNight, HELD) or nights.night(NightStatus.HELD, days=-3, id=HELD)
    slot = nights.turn(found)
    there = nights.place(found, status=PlaceStatus.ATTENDED)
    nights.feedback(there, slot)
    nights.interest(there, slot)


def _one_more_to_invite(_cast: Cast) -> None:
    found = session().get(PitchNight, PLANNED) or nights.night(NightStatus.PLANNED, id=PLANNED)
    nights.turn(found)
    network.admitted()


# The workings of a pitch are its files, questions, opinions, versions, rights and ties of its reviewers.
# An angel's page asks whether the reader is the applicant, and what the gate makes of each statement.
MAILING = uuid5(NAMESPACE, "a mailing")


def _one_more_member() -> None:
    """One more member, who signed, paid, was shown a pitch, asked to be introduced and was asked to renew."""
    owner = network.admitted()
    network.promotion(_pitch(), network.certification(owner))
    network.introduction(_pitch(), owner)
    made.card_subscription(owner)


def _one_more_published() -> None:
    """One more raise, with a look and a request."""
    found = network.pitch(factories.business(), published_at=now() - timedelta(days=40))
    owner = network.admitted()
    network.promotion(found, network.certification(owner))
    network.introduction(found, owner)


def _one_more_asked() -> None:
    found = session().get(Mailing, MAILING) or yearly.mailing(id=MAILING)
    member = network.angel()
    yearly.asked(found, member)
    found.left_out = [*found.left_out, {"id": str(member.id), "why": "Made"}]


YEARLY = uuid5(NAMESPACE, "a yearly letter")


def _one_more_copy() -> None:
    found = session().get(YearlyLetter, YEARLY) or yearly.yearly_letter(id=YEARLY)
    yearly.yearly_copy(found, network.admitted())


def _one_more_deal() -> None:
    """One more raise with an investment, a pledge, a meeting and an investor's statement."""
    owner = network.admitted()
    found = network.pitch(
        factories.business(sic_codes=("59111",)), groups=("film_tv_radio_photo",), leps=("GBSLEP",)
    )
    network.introduction(found, owner, IntroductionStatus.AGREED)
    invested(found, owner)


# A night that was held says what came of it: interest, introductions, pledges, investments and feedback are a table each.
# An investor's page has what suspending them would end of their paying by card.
WHOLE = {f"/raises/{PITCH}": 22, f"/angels/{ANGEL}": 19, f"/events/{HELD}": 15}
PAGES: dict[str, Callable[[Cast], object]] = {
    "/angels/all": lambda _cast: network.angel(),
    f"/angels/{ANGEL}": _one_more_of_an_angel,
    f"/angels/{ANGEL}/promotions": _one_more_of_an_angel,
    "/angels/law": _one_more_of_the_law,
    "/raises": lambda _cast: network.pitch(factories.business()),
    f"/raises/{PITCH}": _one_more_of_a_pitch,
    f"/raises/{PITCH}/promotions": _one_more_of_an_angel,
    "/syndicates": lambda _cast: syndicates.syndicate(),
    f"/syndicates/{SYNDICATE}": lambda _cast: _one_more_in_a_syndicate(),
    "/pledges": _one_more_deal_elsewhere,
    "/investments": _one_more_deal_elsewhere,
    f"/raises/{PITCH}/deals": _one_more_of_the_deals_of_a_pitch,
    "/introductions": lambda _cast: network.introduction(network.pitch(factories.business())),
    "/due-diligence": lambda _cast: held.diligence_item(),
    f"/introductions/{MET}/due-diligence": lambda _cast: _one_more_of_diligence(),
    "/events": lambda _cast: nights.place(nights.night()),
    f"/events/{NIGHT}": _one_more_of_a_night,
    f"/events/{NIGHT}/people": _one_more_of_a_night,
    f"/events/{NIGHT}/door": _one_more_of_a_night,
    f"/events/{HELD}": _one_more_of_a_held_night,
    f"/events/{PLANNED}/invite": _one_more_to_invite,
    "/company-updates": lambda _cast: held.company_update(),
    f"/raises/{PITCH}/papers": lambda _cast: _one_more_paper(),
    "/memberships": lambda _cast: network.membership(network.investor()),
    f"/memberships/{ACCOUNT}": lambda _cast: _one_more_of_a_membership(),
    "/angels/members": lambda _cast: _one_more_member(),
    "/angels/members?show=renewals": lambda _cast: _one_more_member(),
    "/raises/stalled": lambda _cast: _one_more_published(),
    "/raises/stalled?show=all": lambda _cast: _one_more_published(),
    "/angels/figures": lambda _cast: _one_more_deal(),
    "/angels/figures/rows?measure=deals": lambda _cast: _one_more_deal(),
    "/angels/yearly-letters": lambda _cast: _one_more_copy(),
    f"/angels/yearly-letters/{YEARLY}": lambda _cast: _one_more_copy(),
    "/angels/mailings": lambda _cast: yearly.asked(yearly.mailing()),
    f"/angels/mailings/{MAILING}": lambda _cast: _one_more_asked(),
    "/stripe/events": lambda _cast: made.stripe_event(account_id=network.investor().id),
    f"/businesses/{BUSINESS}/rights": lambda _cast: network.right_part(network.right(_own())),
    "/rights": lambda _cast: network.right_part(network.right(_own())),
    f"/rights/{RIGHT}": lambda _cast: _one_more_of_a_right(),
}
