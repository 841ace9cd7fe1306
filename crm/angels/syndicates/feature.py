"""What the wing of syndicates brings to the house."""

from __future__ import annotations

from crm.angels.deals.workflow import Act as DealAct
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.workflow import Act as PitchAct
from crm.angels.syndicates.jobs import tend_daily
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.service import erasing, following
from crm.angels.syndicates.views import leads, members, parts, syndicates, versions
from crm.angels.syndicates.workflow import (
    LEADS,
    MEMBERS,
    SYNDICATES,
    TERMS,
    Act,
    LeadStatus,
    MemberStatus,
    TermsStatus,
)
from crm.db.ending import Stays
from crm.db.erasing import by_room, wholly
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.kernel.measures import percent
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FOUNDERS, ANGELS = (Role.FOUNDER,), (Role.ANGEL,)
PLACES = ((Area.RAISING, 46, FOUNDERS), (Area.PORTFOLIO, 53, ANGELS), (Area.INTRODUCTIONS, 63, ()))
FEATURE = Feature(
    name="syndicates",
    blueprints=tuple(each.blueprint for each in (syndicates, leads, versions, members)),
    policy=POLICY,
    machines=(SYNDICATES, LEADS, TERMS, MEMBERS),
    navigation=tuple(
        NavigationItem("Syndicates", "syndicates.all_syndicates", Act.LIST, area, order=order, roles=roles)
        for area, order, roles in PLACES
    ),
    timed=(Timed("clocks of syndicates", DAILY, tend_daily),),
    waits=(
        Waiting("Offers to lead", FOUNDERS, Act.AGREE_LEAD, parts.offers_to_answer, (LeadStatus.OFFERED,)),
        Waiting("Terms to agree", FOUNDERS, Act.AGREE_TERMS, parts.terms_to_answer, (TermsStatus.PROPOSED,)),
        Waiting("Terms to record", ANGELS, Act.PROPOSE, parts.terms_to_record, (LeadStatus.LEADING,)),
        Waiting(
            "Places to confirm", ANGELS, Act.CONFIRM, parts.places_to_confirm, (MemberStatus.UNCONFIRMED,)
        ),
    ),
    follows=(
        Follow(InvestorAct.LEAVE, following.end_of_investor),
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(PitchAct.WITHDRAW, following.end_of_pitch),
        Follow(PitchAct.REFUSE, following.end_of_pitch),
        Follow(PitchAct.CLOSE, following.end_of_pitch),
        *(
            Follow(act, following.end_without_ground)
            for act in (DealAct.WITHDRAW, DealAct.DECLINE, DealAct.LET_LAPSE, DealAct.END)
        ),
    ),
    walls={
        "uq_syndicate_lead_live": ("message", "You have offered to lead this raise already."),
        "uq_syndicate_lead_one": ("", "Another investor leads this raise already. Open the page again."),
        "uq_syndicate_terms_proposed": (
            "",
            "Another version was recorded at the same moment. Open the page again.",
        ),
        "uq_syndicate_member_live": ("naming", "You are a member of this syndicate already."),
    },
    parts=(
        Part("pitches.pitch", "angels/syndicates/_pitch.html", parts.load_pitch),
        Part("raises.one_raise", "angels/syndicates/_raise.html", parts.load_raise),
        Part("network.leave", "angels/syndicates/_leaving.html", parts.load_leaving),
    ),
    pages={"syndicate": ("syndicates.syndicate", "syndicate_id")},
    words={
        "syndicate.status": labels.SYNDICATE_STATUSES,
        "syndicate_lead": "offer to lead",
        "syndicate_lead.status": labels.LEAD_STATUSES,
        "syndicate_terms": "terms of a syndicate",
        "syndicate_terms.discount": percent,
        "syndicate_terms.status": labels.TERMS_STATUSES,
        "syndicate_terms.instrument": INSTRUMENTS,
        "syndicate_member": "place in a syndicate",
        "syndicate_member.status": labels.MEMBER_STATUSES,
        "syndicate_member.naming": labels.NAMING,
    },
    fields=labels.FIELDS,
    processing=Processing(
        "Syndicates",
        "to let investors join a raise on terms that one of them agreed",
        "investors",
        CONTRACT,
        "the members of the syndicate, and the business",
    ),
    personal={
        "syndicate_lead.account_id": Personal(
            "Raises that you lead", "message offered_at agreed_at ended_at status"
        ),
        "syndicate_member.account_id": Personal(
            "Syndicates that you joined", "naming joined_at confirmed_at ended_at status"
        ),
    },
    retention=(
        Stays(
            "Syndicates",
            ("syndicate_lead", "syndicate_member"),
            "under a pseudonym once the investor is erased",
            "they say on which terms an investment was made",
        ),
    ),
    erasure={
        "syndicate_lead": by_room("Raises that they led", "who joined agreed to it. What they wrote goes"),
        "syndicate_member": by_room(
            "Syndicates that they joined", "totals of a raise do not change. Reasons go"
        ),
        **wholly("Terms of a raise", "others agreed to these words", "syndicate_terms"),
    },
)
