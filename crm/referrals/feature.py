"""What referrals bring to the house."""

from __future__ import annotations

from crm.businesses.workflow import Act as BusinessAct
from crm.db.ending import Stays
from crm.db.erasing import kept, while_in
from crm.db.personal import WORK, Personal
from crm.db.processing import CONSENT, CONTACTS, Processing
from crm.kernel.measures import in_hours
from crm.kernel.roles import Role
from crm.referrals.jobs import load_demo
from crm.referrals.measures import FOR_REPORTS
from crm.referrals.policy import POLICY, REFERRERS
from crm.referrals.rules import OUTCOMES, STATUSES
from crm.referrals.service.ending import tell_holders
from crm.referrals.service.handing import hand
from crm.referrals.service.sending import chase_or_lapse
from crm.referrals.service.telling import release_or_stop
from crm.referrals.views import referrals, reply, showing
from crm.referrals.workflow import REFERRALS, Act, ReferralStatus
from crm.web.feature import (
    DAILY,
    Area,
    Caseload,
    Feature,
    Follow,
    Home,
    NavigationItem,
    Panel,
    Part,
    Tab,
    Timed,
    Waiting,
)

FEATURE = Feature(
    name="referrals",
    blueprints=(referrals.blueprint, reply.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(REFERRALS,),
    navigation=(NavigationItem("Referrals", "referrals.referrals", Act.LIST, Area.REFERRALS, order=13),),
    timed=(
        Timed("send referrals that no business objected to", DAILY, release_or_stop),
        Timed("chase referrals, or let them lapse", DAILY, chase_or_lapse),
    ),
    waits=(
        Waiting(
            "Referrals that a business can still stop",
            (Role.FOUNDER,),
            Act.OBJECT,
            showing.referrals_to_decide,
            (ReferralStatus.ANNOUNCED,),
        ),
        Waiting(
            "Referrals to answer, late, returned or not sent",
            REFERRERS,
            Act.WITHDRAW,
            showing.referrals_to_settle,
            (
                ReferralStatus.DRAFT,
                ReferralStatus.SENT,
                ReferralStatus.DECLINED,
                ReferralStatus.LAPSED,
                ReferralStatus.OBJECTED,
            ),
        ),
        Waiting(
            "Accepted referrals without an outcome",
            REFERRERS,
            Act.COMPLETE,
            showing.referrals_gone_silent,
            (ReferralStatus.ACCEPTED, ReferralStatus.UNDER_WAY),
        ),
        Waiting(
            "Whether a referral helped",
            (Role.FOUNDER,),
            Act.SAY_HELPED,
            showing.help_to_say,
            (ReferralStatus.COMPLETED,),
        ),
    ),
    homes=(Home("Referrals", "referrals/_panel.html", 25, showing.load_home),),
    panels=(Panel("Referrals", "referrals/_panel.html", 20, showing.load_referrals, Tab.SUPPORT),),
    pages={"referral": ("referrals.referral", "referral_id")},
    timeline=showing.timeline,
    links=showing.links,
    follows=(Follow(BusinessAct.WITHDRAW_CONSENT, tell_holders),),
    parts=(
        Part("business_voices.withdraw_consent", "referrals/_consent_ends.html", showing.load_consent_ends),
    ),
    caseloads=(Caseload("referral", "Referrals", showing.in_hand, hand),),
    demo=load_demo,
    words={
        "referral.quarters": in_hours,
        "referral.status": STATUSES,
        "referral.outcome": OUTCOMES,
    },
    processing=Processing(
        "Referrals",
        "to pass a business to somebody who can help",
        CONTACTS,
        CONSENT,
        "the provider to which a business agreed to be referred",
    ),
    personal={
        "referral.person_id": Personal(
            "Referrals that name you",
            "subject message told_at sent_at sent_to_name helped helped_note status",
        ),
        "referral.recipient_id": WORK,
        "referral.holder_id": WORK,
    },
    retention=(
        Stays(
            "Referrals",
            ("referral",),
            "as long as the record of the business",
            "they show what was shared with whom, and what came of it",
        ),
    ),
    erasure={
        "referral": kept(
            "Referrals that name them",
            "they show what was shared with whom, and what came of it. The name in them goes",
        ),
    },
    hinders=(
        while_in(
            "referral",
            states=("draft", "announced", "sent", "accepted", "under_way"),
            words="A referral that names them is open. Complete or withdraw it first, so that the provider knows.",
        ),
    ),
)
