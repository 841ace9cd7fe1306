"""What awards bring to the house."""

from __future__ import annotations

from crm.db.erasing import while_at_business, wholly
from crm.db.processing import CONTRACT, Processing
from crm.funding.envelopes.rules import LINES
from crm.kernel.measures import in_percent
from crm.kernel.proposals import STATUSES as PROPOSALS
from crm.kernel.roles import Role
from crm.programme.awards.measures import FOR_REPORTS
from crm.programme.awards.policy import POLICY, SENDERS
from crm.programme.awards.queries.awards import why_not_given_up
from crm.programme.awards.rules.labels import CLOSING_KINDS, STATUSES
from crm.programme.awards.rules.offering import said_of
from crm.programme.awards.service import answering
from crm.programme.awards.service.preparing import why_offered
from crm.programme.awards.views import (
    award_closing,
    award_lists,
    award_offers,
    awards,
    cohort_states,
    showing,
    standing,
)
from crm.programme.awards.workflow import CLOSINGS, MACHINE, Act, AwardStatus, ClosingStatus
from crm.programme.cohort.service.changing import HELD_BY_OFFER
from crm.programme.cohort.workflow import Act as CohortAct
from crm.programme.rounds.policy import MANAGERS
from crm.programme.rounds.rules.labels import STRANDS
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Panel, Part, Tab, Timed, Waiting

AWARD = ("award",)
FEATURE = Feature(
    name="awards",
    blueprints=(
        awards.blueprint,
        award_offers.blueprint,
        award_lists.blueprint,
        award_closing.blueprint,
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, CLOSINGS.machine),
    navigation=(
        NavigationItem(
            "Awards",
            "award_lists.every_award",
            Act.LIST_AWARDS,
            Area.COHORT,
            order=58,
            also=("/award-closings",),
        ),
        NavigationItem(
            "Your grants",
            "award_lists.own_awards",
            Act.LIST_OWN,
            Area.PROGRAMME,
            order=27,
            also=(
                "/awards",
                "/award-claims",
                "/milestone-evidence",
                "/award-changes",
                "/repayments",
                "/outcomes",
            ),
        ),
    ),
    finder=award_lists.find,
    timed=(Timed("remind of grant offers, or let them lapse", DAILY, answering.remind_or_lapse),),
    waits=(
        Waiting("Grant offers to prepare", (Role.PROGRAMME_MANAGER,), Act.PREPARE, showing.to_prepare),
        Waiting("Grant offers to send", SENDERS, Act.OFFER, showing.to_send, (AwardStatus.PREPARED,), AWARD),
        Waiting(
            "Awards of companies not in order", MANAGERS, Act.WITHDRAW, showing.not_in_order, pages=AWARD
        ),
        Waiting("Grant offers past the limit", MANAGERS, Act.WITHDRAW, showing.past_limit, pages=AWARD),
        Waiting("Grant offers that end soon", MANAGERS, Act.WITHDRAW, showing.expiring, pages=AWARD),
        Waiting(
            "Awards to close",
            (*MANAGERS, Role.APPROVER),
            Act.CONFIRM_CLOSING,
            award_closing.to_confirm,
            (ClosingStatus.PROPOSED,),
            AWARD,
        ),
        Waiting(
            "Closings of awards to read",
            (*MANAGERS, Role.APPROVER),
            Act.READ_CLOSING,
            award_closing.to_read,
            pages=AWARD,
        ),
        Waiting(
            "Grant offers declined or not answered",
            MANAGERS,
            Act.VIEW,
            showing.turned_down,
            (AwardStatus.DECLINED, AwardStatus.LAPSED),
        ),
        Waiting(
            "Grant offers to answer",
            (Role.FOUNDER,),
            Act.ACCEPT,
            showing.to_answer,
            (AwardStatus.OFFERED,),
            AWARD,
        ),
        Waiting("Bank details to give", (Role.FOUNDER,), Act.VIEW, standing.to_give_account, pages=AWARD),
    ),
    standings={"application": standing.standings, "cohort": cohort_states.standings},
    stories={"application": standing.story},
    follows=(Follow(CohortAct.WITHDRAW_AWARD, answering.withdraw_with_decision),),
    parts=(Part("applications.application", "programme/awards/_part.html", showing.load_part),),
    panels=(Panel("Awards", "programme/awards/_panel.html", 48, showing.load_panel, Tab.MONEY),),
    links=showing.links,
    holds={"application": why_not_given_up, HELD_BY_OFFER: why_offered},
    walls={
        "uq_award_closing_one_open": (
            "",
            "Closing this award was proposed already, and waits for a second person.",
        ),
    },
    pages={
        "award": ("awards.award", "award_id"),
        "award_closing": (award_closing.PAGE, "closing_id"),
    },
    fields={"award_closing.is_unread": "Still to be read"},
    words={
        "award": "award",
        "award.status": STATUSES,
        "award.line": LINES,
        "award.register_status": said_of,
        "award.match_share": in_percent,
        "award_closing": "proposal to close an award",
        "award_closing.kind": CLOSING_KINDS,
        "award_closing.status": PROPOSALS,
        "award_milestone": "milestone",
        "award_milestone.strand": STRANDS,
    },
    processing=Processing(
        "Grant offers and awards",
        "to make and manage grant agreements",
        "people at businesses with an award",
        CONTRACT,
    ),
    erasure={
        **wholly(
            "Grant offers, as they were sent and signed",
            "the rules on subsidies and the grant agreement ask for the whole record of a grant, for ten years",
            *("award", "award_milestone", "award_closing"),
        ),
    },
    hinders=(
        while_at_business(
            "award",
            states=("prepared", "offered", "accepted"),
            words="A business that they act for has an open award. Complete or end it first.",
        ),
    ),
)
