"""What the wing of due diligence brings to the house."""

from __future__ import annotations

from crm.angels.diligence.jobs import tend_daily
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.rules import labels
from crm.angels.diligence.rules.usual import USUAL
from crm.angels.diligence.service import erasing
from crm.angels.diligence.service.following import close_of_investor, close_of_pitch
from crm.angels.diligence.views import diligence, parts
from crm.angels.diligence.workflow import ITEMS, Act, ItemStatus
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.workflow import Act as PitchAct
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FEATURE = Feature(
    name="diligence",
    blueprints=(diligence.blueprint,),
    policy=POLICY,
    machines=(ITEMS,),
    navigation=(
        NavigationItem(
            "Due diligence",
            "diligence.all_items",
            Act.LIST,
            Area.RAISING,
            order=34,
            roles=(Role.FOUNDER,),
        ),
        NavigationItem("Due diligence", "diligence.all_items", Act.LIST, Area.INTRODUCTIONS, order=35),
    ),
    timed=(Timed("clocks of due diligence", DAILY, tend_daily),),
    waits=(
        Waiting("Late due-diligence questions", MANAGERS, Act.REMIND, parts.late_items, (ItemStatus.ASKED,)),
        Waiting(
            "Due-diligence questions", (Role.FOUNDER,), Act.ANSWER, parts.items_to_answer, (ItemStatus.ASKED,)
        ),
    ),
    follows=(
        Follow(InvestorAct.LEAVE, close_of_investor),
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(PitchAct.WITHDRAW, close_of_pitch),
        Follow(PitchAct.CLOSE, close_of_pitch),
        Follow(PitchAct.REFUSE, close_of_pitch),
    ),
    walls={"uq_diligence_item_live": ("codes", "You have already asked for one of these")},
    pages={"diligence_item": ("diligence.item", "item_id")},
    words={
        "diligence_item": "due-diligence question",
        "diligence_item.status": labels.ITEM_STATUSES,
        "diligence_item.kind": {code: each.question for code, each in USUAL.items()} | {"": "Own question"},
        "diligence_item.sharing": labels.SHARING,
        "diligence_answer": "due-diligence answer",
        "diligence_answer.sharing": labels.SHARING,
    },
    fields=labels.FIELDS,
    parts=(
        Part("introductions.introduction", "angels/diligence/_under.html", parts.load_under),
        Part("raises.one_raise", "angels/diligence/_raise.html", parts.load_raise),
        Part("syndicates.syndicate", "angels/diligence/_syndicate.html", parts.load_syndicate),
        Part("network.leave", "angels/diligence/_leaving.html", parts.load_leaving),
    ),
)
