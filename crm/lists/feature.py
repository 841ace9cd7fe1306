"""What the lists of businesses bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.caseload.workflow import Act as LeadAct
from crm.casework.queries.emails import reason_not_to_send
from crm.db.ending import Stays
from crm.db.erasing import deleted
from crm.db.personal import WORK, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.lists.forms import DEEDS
from crm.lists.jobs import load_demo
from crm.lists.policy import POLICY
from crm.lists.service.inviting import KIND, reason_not_to_invite
from crm.lists.service.saving import retag
from crm.lists.views import business_list, changes, saved_views
from crm.lists.workflow import Act
from crm.web.feature import Area, Feature, Follow, NavigationItem

FEATURE = Feature(
    name="lists",
    blueprints=(business_list.blueprint, saved_views.blueprint, changes.blueprint),
    policy=POLICY,
    navigation=(
        NavigationItem(
            "My businesses",
            "business_list.my_businesses",
            Act.LIST,
            Area.BUSINESSES,
            order=15,
            roles=HUB_ROLES,
        ),
        NavigationItem(
            "Caseload",
            "business_list.businesses",
            Act.LIST,
            Area.BUSINESSES,
            order=16,
            also=("/saved-views",),
        ),
    ),
    send_gates={"written_to_many": reason_not_to_send, KIND: reason_not_to_invite},
    demo=load_demo,
    follows=(Follow(LeadAct.MERGE_TAG, retag),),
    numbers=business_list.numbers,
    words={
        "saved_view": "view of the caseload",
        "bulk_change": "change of several businesses",
        "bulk_change.deed": DEEDS,
    },
    fields={
        "saved_view.asked": "Filters",
        "bulk_change.done": "Changed",
        "bulk_change.what": "Lead adviser, tag, subject or workshop",
    },
    pages={"bulk_change": ("changes.result", "bulk_change_id")},
    walls={"uq_saved_view_name": ("name", "You have a view of this name already. Choose another name")},
    processing=Processing(
        "Lists of businesses",
        "to let advisers work through their businesses",
        "advisers",
        PUBLIC_TASK,
    ),
    personal={
        "saved_view.account_id": Personal("Your saved lists", "name asked saved_at"),
        "bulk_change.account_id": WORK,
    },
    retention=(
        Stays(
            "Saved lists",
            ("saved_view",),
            "as long as the account is used, or until you delete them",
            "you saved them",
        ),
    ),
    erasure={
        "saved_view": deleted("Their saved lists"),
    },
)
