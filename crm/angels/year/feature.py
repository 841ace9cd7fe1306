"""What the network's year brings to the house."""

from __future__ import annotations

from crm.angels.year.policy import POLICY
from crm.angels.year.rules import labels
from crm.angels.year.service.gating import reason_not_to_ask
from crm.angels.year.views import desk, emails, mailings, members, stalled
from crm.angels.year.workflow import Act
from crm.web.feature import Area, Feature, NavigationItem, Part

ASKED_ALREADY = "Somebody has just asked some of them the same. Check who is left, then send again."

FEATURE = Feature(
    name="year",
    blueprints=tuple(each.blueprint for each in (members, stalled, mailings, emails)),
    policy=POLICY,
    navigation=(
        NavigationItem("Members", "members.members", Act.LIST_MEMBERS, Area.INVESTORS, order=37),
        NavigationItem("Stalled raises", "stalled.stalled", Act.LIST_MEMBERS, Area.PITCHES, order=33),
        NavigationItem("Emails to members", "mailings.mailings", Act.VIEW_MAILING, Area.INVESTORS, order=38),
    ),
    numbers=desk.numbers,
    send_gates={"member_silent": reason_not_to_ask},
    parts=(Part("network.mine", "angels/year/_emails.html", emails.load_choice),),
    pages={"network_mailing": ("mailings.mailing", "mailing_id")},
    walls=dict.fromkeys(("uq_network_asked_member", "uq_network_asked_raise"), ("", ASKED_ALREADY)),
    words={
        "network_mailing": "email to several people",
        "network_mailing.kind": labels.KINDS,
        "network_asked": "member or raise that was asked",
        "network_asked.kind": labels.KINDS,
        "network_email_choice": "choice about the network’s emails",
    },
    fields=labels.FIELDS,
)
