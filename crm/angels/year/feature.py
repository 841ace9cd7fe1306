"""What the network's year brings to the house."""

from __future__ import annotations

from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.year.policy import POLICY
from crm.angels.year.rules import labels
from crm.angels.year.service import erasing
from crm.angels.year.service.gating import reason_not_to_ask
from crm.angels.year.views import desk, emails, figures, mailings, members, stalled, yearly
from crm.angels.year.workflow import Act
from crm.db.ending import Stays
from crm.db.erasing import deleted, kept
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.kernel.roles import Role
from crm.web.feature import Area, Feature, Follow, NavigationItem, Part, Waiting

ASKED_ALREADY = "Somebody has just asked some of them the same. Check who is left, then send again."
SENT_ALREADY = "Somebody has just sent this letter. Check who has not had it, then send it to them."

FEATURE = Feature(
    name="year",
    blueprints=tuple(each.blueprint for each in (members, stalled, mailings, figures, yearly, emails)),
    policy=POLICY,
    navigation=(
        NavigationItem("Members", "members.members", Act.LIST_MEMBERS, Area.INVESTORS, order=37),
        NavigationItem("Stalled raises", "stalled.stalled", Act.LIST_MEMBERS, Area.PITCHES, order=33),
        NavigationItem(
            "Network figures",
            "network_figures.figures",
            Act.VIEW_FIGURES,
            Area.INVESTORS,
            order=39,
            roles=(*MANAGERS, Role.AUDITOR),
        ),
        NavigationItem(
            "Angel network figures", "network_figures.figures", Act.VIEW_FIGURES, Area.REPORTS, order=57
        ),
        NavigationItem("Yearly letter", "yearly.yearly_letters", Act.VIEW_MAILING, Area.INVESTORS, order=40),
        NavigationItem("Emails to members", "mailings.mailings", Act.VIEW_MAILING, Area.INVESTORS, order=38),
    ),
    waits=(Waiting("Members who have not paid", (Role.NETWORK_MANAGER,), Act.WRITE_TO_MANY, desk.not_paid),),
    numbers=desk.numbers,
    send_gates=dict.fromkeys(("member_silent", "network_year"), reason_not_to_ask),
    parts=(Part("network.mine", "angels/year/_emails.html", emails.load_choice),),
    pages={
        "network_yearly_letter": ("yearly.yearly_letter", "letter_id"),
        "network_mailing": ("mailings.mailing", "mailing_id"),
    },
    walls={
        **dict.fromkeys(("uq_network_asked_member", "uq_network_asked_raise"), ("", ASKED_ALREADY)),
        **dict.fromkeys(("uq_network_yearly_letter_year", "uq_network_yearly_copy_once"), ("", SENT_ALREADY)),
    },
    follows=(Follow(InvestorAct.ERASE, erasing.erase_of_investor),),
    words={
        "network_yearly_letter": "yearly letter",
        "network_yearly_copy": "copy of the yearly letter",
        "network_mailing": "email to several people",
        "network_mailing.kind": labels.KINDS,
        "network_asked": "member or raise that was asked",
        "network_asked.kind": labels.KINDS,
        "network_email_choice": "choice about the network’s emails",
    },
    fields=labels.FIELDS,
    processing=Processing(
        "Membership over the year",
        "to ask investors about their membership, and to tell them what became of the network",
        "investors",
        CONTRACT,
    ),
    personal={
        "network_asked.angel_id": Personal("What the network asked of you", "kind asked_on"),
        "network_email_choice.account_id": Personal(
            "Emails of the network that you stopped", "is_stopped chosen_at"
        ),
        "network_yearly_copy.account_id": Personal("Yearly letters to you", "sent_at"),
    },
    retention=(
        Stays(
            "What the network asked of investors",
            ("network_asked", "network_email_choice", "network_yearly_copy"),
            "until the investor leaves and is erased",
            "so that nobody is asked twice, or against their choice",
        ),
    ),
    erasure={
        "network_asked": kept("What the network asked of them", "nobody is asked twice"),
        "network_email_choice": deleted("Emails of the network that they stopped"),
        "network_yearly_copy": kept("Yearly letters to them", "that one was sent"),
    },
)
