"""What the wing of deals brings to the house."""

from __future__ import annotations

from crm.angels.deals.jobs import tend_daily
from crm.angels.deals.policy import POLICY
from crm.angels.deals.rules import labels
from crm.angels.deals.service import erasing, exempting, following
from crm.angels.deals.views import investments, nights, parts, pledges, raise_deals
from crm.angels.deals.workflow import INVESTMENTS, PLEDGES, Act, InvestmentStatus, PledgeStatus
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.workflow import Act as PitchAct
from crm.db.ending import Stays
from crm.db.erasing import by_room, while_at_business, wholly
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

PEOPLE = (
    (Area.RAISING, 44, (Role.FOUNDER,)),
    (Area.PORTFOLIO, 51, (Role.ANGEL,)),
    (Area.INTRODUCTIONS, 61, ()),
)
"""In whose menu the two lists stand: the area, the place in it, and the roles."""
FEATURE = Feature(
    name="deals",
    blueprints=tuple(each.blueprint for each in (pledges, investments, raise_deals)),
    policy=POLICY,
    machines=(PLEDGES, INVESTMENTS),
    navigation=tuple(
        NavigationItem(label, endpoint, Act.LIST, area, order=order + number, roles=roles)
        for area, order, roles in PEOPLE
        for number, (label, endpoint) in enumerate(
            (("Pledges", "pledges.all_pledges"), ("Investments", "investments.all_investments"))
        )
    ),
    timed=(Timed("clocks of pledges and investments", DAILY, tend_daily),),
    waits=(
        Waiting(
            "Places in raises to take",
            (Role.ANGEL,),
            Act.TAKE_UP,
            parts.offers_to_take,
            (PledgeStatus.OFFERED,),
        ),
        Waiting(
            "Own investments to confirm",
            (Role.ANGEL,),
            Act.AGREE,
            parts.own_to_answer,
            (InvestmentStatus.REPORTED,),
        ),
        Waiting(
            "Investments to confirm",
            (Role.FOUNDER,),
            Act.AGREE,
            parts.to_answer,
            (InvestmentStatus.REPORTED,),
        ),
        Waiting(
            "Investments to settle",
            MANAGERS,
            Act.SETTLE,
            parts.to_settle,
            (InvestmentStatus.REPORTED, InvestmentStatus.DIFFERS),
        ),
        Waiting("Investments without an answer", MANAGERS, Act.SETTLE, parts.late_answers),
        Waiting("Exemptions of raises", MANAGERS, Act.RECORD_EXEMPTION, parts.exemptions_at_risk),
    ),
    follows=(
        Follow(InvestorAct.LEAVE, following.end_of_investor),
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(PitchAct.BEGIN, following.require_raised_before),
        Follow(PitchAct.WRITE, following.require_amount),
        Follow(PitchAct.WRITE, following.require_raised_before),
        Follow(PitchAct.PUBLISH, following.open_room),
        Follow(PitchAct.WITHDRAW, following.end_pledges),
        Follow(PitchAct.REFUSE, following.end_pledges),
        Follow(PitchAct.CLOSE, following.settle_raise),
    ),
    holds={"pitch_publishing": exempting.why_not_published},
    withholds={"angel": erasing.why_not_erased},
    parts=(
        Part("erasing.erase", "angels/deals/_erasing.html", parts.load_erasing),
        Part("pitches.pitch", "angels/deals/_pitch.html", parts.load_pitch),
        Part("raises.one_raise", "angels/deals/_raise.html", parts.load_raise),
        Part("raises.close", "angels/deals/_closing.html", parts.load_closing),
        Part("introductions.introduction", "angels/deals/_introduction.html", parts.load_introduction),
        Part("nights.night", "angels/deals/_came_of.html", nights.load_came_of),
    ),
    pages={
        "pledge": ("pledges.pledge", "pledge_id"),
        "investment": ("investments.investment", "investment_id"),
    },
    words={
        "pledge.status": labels.PLEDGE_STATUSES,
        "investment.status": labels.INVESTMENT_STATUSES,
        "investment.first_side": labels.SIDES,
        "investment.instrument": INSTRUMENTS,
        "investment.relief": labels.SHARE_RELIEFS,
        "investment.shares": labels.count_said,
        "investment_report.shares": labels.count_said,
        "investment_report": "report of an investment",
        "investment_report.side": labels.SIDES,
        "investment_report.relief": labels.SHARE_RELIEFS,
        "investment_report.instrument": INSTRUMENTS,
        "raise_exemption": "exemption of a raise",
        "raise_exemption.kinds": labels.EXEMPTIONS,
    },
    fields=labels.FIELDS,
    processing=Processing(
        "Pledges and investments",
        "to record what investors and businesses agreed",
        "investors, and people at businesses that raise investment",
        CONTRACT,
        "the business and the investor concerned",
    ),
    personal={
        "pledge.account_id": Personal(
            "Your pledges",
            "reference amount pledged_at offered_until committed_at ended_at end_reason status",
        ),
        "investment.account_id": Personal(
            "Your investments",
            "reference investor_name amount instrument issued_on shares share_class relief terms reported_at completed_at reversed_at status",
        ),
    },
    retention=(
        Stays(
            "Pledges and investments",
            ("pledge", "investment"),
            "under a pseudonym once the investor is erased",
            "both sides reported them, and the totals count them",
        ),
    ),
    erasure={
        "pledge": by_room("Their pledges", "totals of a raise do not change. Reasons go"),
        **wholly(
            "Investments, as both sides reported them",
            "the company and its other investors need the record of who holds its shares",
            *("investment", "investment_report"),
        ),
    },
    hinders=(
        while_at_business(
            "pledge",
            states=("waiting", "offered", "pledged", "committed"),
            words="A pledge to a business that they act for is open. Complete or end it first.",
            way="pitch_id>pitch.business_id",
        ),
        while_at_business(
            "investment",
            states=("reported", "differs"),
            words="Both sides do not agree yet on an investment in a business that they act for. Settle it first.",
            way="pitch_id>pitch.business_id",
        ),
    ),
)
