"""What the wing of introductions brings to the house."""

from __future__ import annotations

from crm.angels.introductions.jobs import release_hourly, tend_daily
from crm.angels.introductions.policy import POLICY
from crm.angels.introductions.rules import labels
from crm.angels.introductions.service import erasing
from crm.angels.introductions.service.following import (
    cancel_waiting,
    release_held,
    take_back_waiting,
    tell_of_change,
)
from crm.angels.introductions.views import introductions, parts
from crm.angels.introductions.workflow import INTRODUCTIONS, Act, IntroductionStatus
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.workflow import Act as PitchAct
from crm.db.ending import Stays
from crm.db.erasing import by_room
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.kernel.roles import Role
from crm.web.feature import DAILY, HOURLY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FEATURE = Feature(
    name="introductions",
    blueprints=(introductions.blueprint,),
    policy=POLICY,
    machines=(INTRODUCTIONS,),
    navigation=(
        NavigationItem(
            "Introductions",
            "introductions.all_introductions",
            Act.LIST_INTRODUCTIONS,
            Area.RAISING,
            order=32,
            roles=(Role.FOUNDER,),
        ),
        NavigationItem(
            "Introductions",
            "introductions.all_introductions",
            Act.LIST_INTRODUCTIONS,
            Area.INTRODUCTIONS,
            order=33,
        ),
    ),
    timed=(
        Timed("clocks of introductions", DAILY, tend_daily),
        Timed("introductions that were held", HOURLY, release_hourly),
    ),
    waits=(
        Waiting(
            "Late introduction requests",
            MANAGERS,
            Act.VIEW,
            parts.late_requests,
            (IntroductionStatus.REQUESTED,),
        ),
        Waiting("Introductions on hold", MANAGERS, Act.VIEW, parts.on_hold, (IntroductionStatus.HELD,)),
        Waiting(
            "An investor's introductions on hold",
            (Role.ANGEL,),
            Act.TAKE_BACK,
            parts.own_on_hold,
            (IntroductionStatus.HELD,),
        ),
        Waiting(
            "Introduction requests",
            (Role.FOUNDER,),
            Act.AGREE,
            parts.requests_to_answer,
            (IntroductionStatus.REQUESTED,),
        ),
    ),
    follows=(
        Follow(InvestorAct.CERTIFY, release_held),
        Follow(InvestorAct.CONFIRM, release_held),
        Follow(InvestorAct.LEAVE, take_back_waiting),
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(PitchAct.WITHDRAW, cancel_waiting),
        Follow(PitchAct.CLOSE, cancel_waiting),
        Follow(PitchAct.REFUSE, cancel_waiting),
        Follow(PitchAct.PUBLISH, tell_of_change),
    ),
    pages={"introduction": ("introductions.introduction", "introduction_id")},
    words={"introduction.status": labels.INTRODUCTION_STATUSES, "introduction.refusal": labels.REFUSALS},
    fields=labels.FIELDS,
    parts=(
        Part("network.leave", "angels/introductions/_leaving.html", parts.load_leaving),
        Part("pitches.pitch", "angels/introductions/_request.html", parts.load_request),
        Part("raises.one_raise", "angels/introductions/_answering.html", parts.load_answering),
    ),
    processing=Processing(
        "Introductions",
        "to introduce investors and businesses that both agree",
        "investors, and people at businesses that pitch",
        CONTRACT,
        "the other side of an introduction",
    ),
    personal={
        "introduction.account_id": Personal(
            "Introductions that you asked for",
            "reference message requested_at answered_at met_at ended_at status",
        ),
    },
    retention=(
        Stays(
            "Introductions",
            ("introduction",),
            "under a pseudonym once the investor is erased",
            "the figures of the network count them",
        ),
    ),
    erasure={
        "introduction": by_room(
            "Introductions that they asked for", "that they met a business. What they wrote goes"
        ),
    },
)
