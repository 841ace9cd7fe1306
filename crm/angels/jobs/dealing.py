"""The demonstration's deals: a raise that fills, with pledges and investments in every state; all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from crm.accounts.queries import people_of_business
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.queries import investments, pledges
from crm.angels.deals.rules.exemptions import Exemption
from crm.angels.deals.service import completing, exempting, pledging, reporting
from crm.angels.deals.service.reporting import Figures, InvestmentDetails
from crm.angels.deals.workflow import PledgeStatus, ShareRelief, Side
from crm.angels.introductions import queries as met
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing
from crm.angels.investors.models import Angel
from crm.angels.investors.workflow import Instrument
from crm.angels.jobs.acting import owner_of, self_of, whole
from crm.angels.pitches.models import Pitch
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

INVENTED = "Invented for the demonstration"
INVESTORS = ("Wanda", "Yusuf", "Zelda")


def exempt(found: Pitch, actor: Actor) -> None:
    """What its offer relies on, before a pitch is published."""
    details = exempting.ExemptionDetails((Exemption.TOTAL, Exemption.PEOPLE), people_before=12, note=INVENTED)
    exempting.record_exemption(whole(found), details, by=actor)


def pledge(found: Pitch, angel: Angel, pounds: int) -> Sequence[Pledge]:
    """A pledge of an investor, whole."""
    made = pledging.record(whole(found), Money.pounds(pounds), by=self_of(angel))
    session().flush()
    return [_whole(each) for each in made]


def _whole(found: Pledge) -> Pledge:
    session().flush()
    session().expire(found)
    loaded = pledges.pledge(found.id)
    assert loaded is not None
    return loaded


def _introduced(found: Pitch, angel: Angel) -> Introduction:
    """An investor who has met the business."""
    made = introducing.request(whole(found), "Invented: I know this trade well.", by=self_of(angel))
    session().flush()
    asked = met.introduction(made.id)
    assert asked is not None
    people = [each.id for each, _ in people_of_business(found.business_id)]
    introducing.agree(asked, people[:1], by=owner_of(found.business_id))
    return asked


def deal(first: Pitch, second: Pitch, rosa: Angel, others: Sequence[Angel], actor: Actor) -> None:
    """One raise that fills and has a waiting list, and one whose investments differ, are settled and reversed."""
    wanda, yusuf, zelda = others
    meetings = {each.id: _introduced(first, each) for each in others}
    (completed,), (committed,) = pledge(first, wanda, 20_000), pledge(first, yusuf, 15_000)
    pledging.commit(_whole(completed), by=self_of(wanda))
    pledging.commit(_whole(committed), by=self_of(yusuf))
    pledge(first, rosa, 10_000)
    _report_both(first, meetings[wanda.id], wanda)
    _reported(first, yusuf, 15_000)
    _queue(first, rosa, yusuf, zelda)
    _differ(second, others, actor)


def _queue(found: Pitch, rosa: Angel, yusuf: Angel, zelda: Angel) -> None:
    """One turned down, one withdrawn, so that places become free: one is offered, one lapses, and others wait."""
    (declined,) = pledge(found, zelda, 10_000)
    reason = f"{INVENTED}: we look for investors who know films"
    pledging.decline(_whole(declined), reason=reason, by=owner_of(found.business_id))
    (withdrawn,) = pledge(found, zelda, 15_000)
    pledge(found, rosa, 8_000)
    pledge(found, yusuf, 5_000)
    pledging.withdraw(_whole(withdrawn), by=self_of(zelda))
    late = next(each for each in pledges.of_pitch(found.id) if _is_offered_to(each, yusuf))
    pledging.let_lapse(_whole(late))
    pledge(found, zelda, 12_000)


def _is_offered_to(found: Pledge, angel: Angel) -> bool:
    return found.status is PledgeStatus.OFFERED and found.account_id == angel.account_id


def _figures(pounds: int, instrument: Instrument, shares: int | None = None) -> Figures:
    kind = "Invented ordinary" if shares else ""
    return Figures(Money.pounds(pounds), instrument, today() - timedelta(days=20), shares, kind)


def _report_both(found: Pitch, meeting: Introduction, wanda: Angel) -> None:
    figures = replace(_figures(20_000, Instrument.EQUITY, 16_000), relief=ShareRelief.SEIS)
    reporting.report_own(meeting, InvestmentDetails(figures), by=self_of(wanda))
    of_company = InvestmentDetails(figures, wanda.account_id)
    reporting.report(whole(found), of_company, by=owner_of(found.business_id))


def _reported(found: Pitch, angel: Angel, pounds: int) -> Investment:
    """Shares under EIS, issued after those under SEIS, as its rules ask."""
    figures = _figures(pounds, Instrument.EQUITY, pounds)
    later = replace(figures, relief=ShareRelief.EIS, issued_on=today() - timedelta(days=10))
    details = InvestmentDetails(later, angel.account_id)
    return reporting.report(whole(found), details, by=owner_of(found.business_id))


def convert(found: Pitch) -> None:
    """Convertible loan notes of an investor outside the network, as the business reports them."""
    details = InvestmentDetails(_figures(6_000, Instrument.CONVERTIBLE), investor_name="Invented Godmother")
    reporting.report(whole(found), details, by=owner_of(found.business_id))


def _differ(found: Pitch, others: Sequence[Angel], actor: Actor) -> None:
    """Loan notes of which both sides say different sums, and investors outside the network."""
    wanda = others[0]
    meeting = _introduced(found, wanda)
    owner, note = owner_of(found.business_id), Instrument.LOAN_NOTE
    yusuf = _introduced(found, others[1])
    reporting.report_own(yusuf, InvestmentDetails(_figures(4_000, note)), by=self_of(others[1]))
    terms = f"{INVENTED}: 8% a year, repaid after three years"
    said = InvestmentDetails(replace(_figures(10_000, note), terms=terms))
    reporting.report_own(meeting, said, by=self_of(wanda))
    reporting.report(whole(found), InvestmentDetails(_figures(12_000, note), wanda.account_id), by=owner)
    for name, pounds in (("Invented Aunt", 5_000), ("Invented Uncle", 3_000), ("Invented Cousin", 2_000)):
        made = reporting.report(
            whole(found), InvestmentDetails(_figures(pounds, note), investor_name=name), by=owner
        )
        if pounds == 5_000:
            seen = f"{INVENTED}: the note was shown"
            completing.settle(_of(made), Side.COMPANY, note=seen, by=actor)
        if pounds == 3_000:
            completing.reverse(_of(made), reason=f"{INVENTED}: the money went back", by=actor)


def _of(found: Investment) -> Investment:
    session().flush()
    loaded = investments.investment(found.id)
    assert loaded is not None
    return loaded
