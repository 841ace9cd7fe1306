"""What the wing of investors brings to the house."""

from __future__ import annotations

from crm.angels.investors.jobs.commands import network_commands
from crm.angels.investors.jobs.reminding import remind_daily, remind_of_memberships
from crm.angels.investors.policy import MANAGERS, POLICY
from crm.angels.investors.queries.angels import why_not_pay
from crm.angels.investors.queries.gate import facts_of, seen_as
from crm.angels.investors.rules import labels
from crm.angels.investors.service.erasing import erase_person, hindering
from crm.angels.investors.service.network import load_reference
from crm.angels.investors.views import angels, certifications, desk, erasing, law, looks, network
from crm.angels.investors.workflow import ANGELS, Act, AngelStatus
from crm.db.ending import Stays
from crm.db.erasing import by_room, kept, wholly
from crm.db.personal import Personal
from crm.db.processing import LEGAL_DUTY, Processing
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Home, NavigationItem, Part, Timed, Waiting

LAWFUL = "they show that each pitch was lawfully shown, in case of a claim"

FEATURE = Feature(
    name="investors",
    blueprints=tuple(each.blueprint for each in (network, angels, erasing, certifications, law, looks)),
    policy=POLICY,
    landmarks={"stop_viewing": "looks.stop_viewing"},
    machines=(ANGELS,),
    navigation=(
        NavigationItem("Angel network", "network.network", Act.SEE_NETWORK, Area.NETWORK, order=25),
        NavigationItem("Investors", "angels.all_angels", Act.LIST_ANGELS, Area.INVESTORS, order=36),
        NavigationItem("Your investor profile", "network.mine", Act.VIEW_OWN, Area.MEMBERSHIP, order=61),
        NavigationItem("Legal basis", "law.law", Act.LIST_WORDINGS, Area.INVESTORS, order=64),
    ),
    finder=desk.find,
    actor_facts=facts_of,
    eyes=seen_as,
    timed=(
        Timed("statements that end", DAILY, remind_daily),
        Timed("memberships that end", DAILY, remind_of_memberships),
    ),
    waits=(
        Waiting("Investor applications", MANAGERS, Act.ACCEPT, desk.applicants, (AngelStatus.APPLIED,)),
        Waiting("Certificates to confirm", MANAGERS, Act.CONFIRM, desk.certificates_to_confirm),
        Waiting("Statements that end soon", MANAGERS, Act.KEEP_PAPER, desk.statements_to_renew),
        Waiting(
            "Memberships in grace, and of people who have left", MANAGERS, Act.VIEW, desk.memberships_in_grace
        ),
        Waiting("An investor's own next steps", (Role.ANGEL,), Act.CERTIFY, desk.own_steps),
        Waiting(
            "Identity checks over a year old or not made", MANAGERS, Act.CHECK_ANGEL, desk.checks_to_repeat
        ),
    ),
    parts=tuple(
        Part(f"billing.{page}", "angels/investors/_not_inside.html", desk.load_departure)
        for page in ("membership", "one_membership")
    )
    + tuple(
        Part(page, "angels/investors/_paying_alone.html", desk.load_statement)
        for page in ("billing.membership", "paying.paid")
    ),
    withholds={"account": why_not_pay},
    standings={"member": desk.standings},
    homes=(Home("The angel network", "angels/investors/_home.html", 16, desk.load_home),),
    commands=(network_commands,),
    reference=load_reference,
    pages={
        "angel": ("angels.angel", "angel_id"),
        "certification": ("certifications.certification", "certification_id"),
        "statement_wording": ("law.wording", "wording_id"),
    },
    words={
        "angel": "investor",
        "angel.again": labels.said_of_again,
        "angel.status": labels.ANGEL_STATUSES,
        "angel.check_outcome": labels.CHECKS,
        "angel.groups": DCMS_GROUPS,
        "angel.stages": STAGES,
        "angel.instruments": labels.INSTRUMENTS,
        "angel.leps": LEPS,
        "certification.ground": labels.GROUNDS,
        "certification.kinds": labels.INSTRUMENTS,
        "certification_attempt.ground": labels.GROUNDS,
        "statement_wording.ground": labels.GROUNDS,
        "regulatory_basis": "legal basis",
        "regulatory_basis.basis": labels.BASES,
        "certification": "investor statement",
        "statement_wording": "wording of the statement",
    },
    fields=labels.FIELDS,
    processing=Processing(
        "Investors and their statements",
        "to let in only people who may lawfully see a pitch",
        "investors and their referees",
        LEGAL_DUTY,
    ),
    personal={
        "angel.account_id": Personal(
            "You as an investor",
            "name email phone about referees applied_at decided_at conduct_version conduct_accepted_at check_outcome checked_on groups stages instruments leps min_ticket max_ticket wants_seis wants_eis status",
        ),
        "angel.email": Personal(
            "You as an investor",
            "name email phone about referees applied_at decided_at conduct_version conduct_accepted_at check_outcome checked_on groups stages instruments leps min_ticket max_ticket wants_seis wants_eis status",
        ),
        "certification.account_id": Personal(
            "Statements that you signed",
            "ground signed_at signed_on valid_until signed_name particulars text sha256 ip device firm frn issued_on kinds confirmed_at revoked_at revoked_reason",
            files="certification",
        ),
        "certification_attempt.account_id": Personal(
            "Statements that were refused", "ground tried_at particulars reason ip"
        ),
        "blocked_promotion.account_id": Personal(
            "Emails about pitches that were held back", "kind blocked_at reason"
        ),
    },
    retention=(
        Stays(
            "Investors",
            ("angel",),
            "until the investor leaves and is erased",
            "the network may show pitches only to people who it knows can be shown them",
        ),
    ),
    erasure={
        "angel": by_room(
            "Their place in the angel network",
            "that there was an investor, for its figures. Everything else goes",
        ),
        "blocked_promotion": kept("Emails about pitches that were held back", LAWFUL),
        **wholly("Statements that they signed", LAWFUL, *("certification", "certification_attempt")),
    },
    eraser=erase_person,
    hinders=(hindering,),
)
