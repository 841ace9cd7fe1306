"""What businesses bring to the house."""

from __future__ import annotations

from sqlalchemy import func

from crm.businesses.jobs.demonstration import load_demo
from crm.businesses.jobs.importing import businesses_commands
from crm.businesses.jobs.seeding import seed_command
from crm.businesses.measures import FOR_REPORTS
from crm.businesses.policy import HUB_ROLES, POLICY
from crm.businesses.rules.labels import (
    AMBITIONS,
    CONNECTIONS,
    MEASURES,
    NAME_KINDS,
    PURPOSES,
    version_in_words,
)
from crm.businesses.service.claiming import ASKED_ALREADY
from crm.businesses.service.people import ADDRESS_TAKEN
from crm.businesses.views import business, business_changes, business_voices, businesses, colleagues
from crm.businesses.workflow import CLAIMS, INVITATIONS, MACHINE, Act, ClaimStatus, InvitationStatus
from crm.db.ending import Deleted, Emptied, Ends, Stays
from crm.db.erasing import Erasure, deleted, kept, wholly
from crm.db.personal import Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES
from crm.kernel.measures import counted, percent
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.places.rules import METHODS
from crm.web.feature import Area, Feature, Home, NavigationItem, Waiting

FORMER = "Former contact"

FEATURE = Feature(
    name="businesses",
    blueprints=(
        businesses.blueprint,
        business.blueprint,
        business_changes.blueprint,
        business_voices.blueprint,
        colleagues.blueprint,
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, CLAIMS, INVITATIONS),
    navigation=(
        NavigationItem("Businesses", "businesses.businesses", Act.LIST, Area.BUSINESSES, order=14),
        NavigationItem(
            "My business",
            "business.my_business",
            Act.VIEW_OWN,
            Area.MY_BUSINESS,
            order=46,
            also=("/businesses",),
        ),
    ),
    waits=(
        Waiting(
            "Access requests",
            (Role.ADMINISTRATOR, *HUB_ROLES),
            Act.CONFIRM_CLAIM,
            business_voices.todos,
            (ClaimStatus.WAITING,),
        ),
        Waiting(
            "Invitations that could not be delivered",
            (Role.FOUNDER,),
            Act.INVITE_COLLEAGUE,
            colleagues.undelivered,
            (InvitationStatus.OPEN,),
        ),
    ),
    numbers=businesses.numbers,
    finder=businesses.find,
    commands=(businesses_commands, seed_command),
    demo=load_demo,
    homes=(Home("Your businesses", "businesses/_home.html", 10, business.load_home),),
    words={
        "business.legal_form": LEGAL_FORMS,
        "business.legal_forms": LEGAL_FORMS,
        "business.stage": STAGES,
        "business.dcms_groups": DCMS_GROUPS,
        "business.leps": LEPS,
        "business.ambition": AMBITIONS,
        "business.purpose": PURPOSES,
        "business.measure": MEASURES,
        "business.months": counted("month"),
        "business.wording_version": version_in_words,
        "connection.kind": CONNECTIONS,
        "business.place_confidence": percent,
        "business.place_method": METHODS,
        "consent.wording_version": version_in_words,
        "yearly_figures.months": counted("month"),
        "claim": "access request",
        "business.status": spoken,
        "claim.status": spoken,
        "invitation.status": spoken,
        "invitation.standing": spoken,
        "business_name.kind": NAME_KINDS,
        "consent.purpose": PURPOSES,
        "yearly_figures.measure": MEASURES,
    },
    walls={
        "uq_person_email": ("email", ADDRESS_TAKEN),
        "uq_person_name": ("name", "This person is here already"),
        "uq_claim_waiting": ("email", ASKED_ALREADY),
        "uq_invitation_open": ("email", "This person has been invited already"),
    },
    tabs=business.TABS,
    pages={
        "business": ("business.business", "business_id"),
        "claim": ("business_voices.one_claim", "claim_id"),
    },
    processing=Processing(
        "Businesses and the people there",
        "to help creative businesses, and to know who speaks for one",
        "people at businesses, and people connected with one",
        PUBLIC_TASK,
        "Companies House, which is asked with the number of a company",
    ),
    personal={
        "person.account_id": Personal("You at businesses", "name role email phone left_on"),
        "person.email": Personal("You at businesses", "name role email phone left_on"),
        "connection.account_id": Personal("Your connections with businesses", "kind who valid_from valid_to"),
        "shown_interest.account_id": Personal("Businesses that you asked to meet", "shown_on"),
        "claim.email": Personal(
            "Requests for access to a business", "name email role evidence made_at decided_at"
        ),
        "invitation.email": Personal(
            "Invitations to a business", "email standing invited_at last_day decided_at"
        ),
    },
    retention=(
        Ends(
            "people who left",
            "People who left a business",
            "person",
            "retention.contact_months",
            "after the day on which they left",
            "to answer questions about what was agreed with them",
            stays="that somebody was there, without a name",
            at="left_on",
            then=Emptied({"name": FORMER, "role": "", "email": None, "phone": None, "account_id": None}),
        ),
        Ends(
            "requests for access",
            "Requests for access to a business",
            "claim",
            "retention.access_months",
            "after the request was decided",
            "to answer questions about who was given access",
            at="decided_at",
            then=Deleted(),
        ),
        Ends(
            "invitations",
            "Invitations to join a business",
            "invitation",
            "retention.access_months",
            "after the invitation was answered or ended",
            "to answer questions about who was given access",
            at="decided_at",
            then=Deleted(),
        ),
        Stays(
            "Connections with a business and consents",
            ("connection", "shown_interest"),
            "as long as the record of the business",
            "conflicts of interest are checked against them",
        ),
    ),
    erasure={
        "person": Erasure(
            "Their entry among the people of a business",
            Emptied(
                {
                    "name": FORMER,
                    "role": "",
                    "email": None,
                    "phone": None,
                    "account_id": None,
                    "left_on": lambda table: func.coalesce(table.c.left_on, today()),
                }
            ),
            "that somebody was there, without a name, as hours of help are counted by it",
        ),
        "connection": kept(
            "Connections with a business",
            "decisions about money can be challenged for a conflict of interest",
        ),
        "shown_interest": kept(
            "Businesses that they asked to meet",
            "decisions about money can be challenged for a conflict of interest",
        ),
        "claim": deleted("Requests for access to a business"),
        "invitation": deleted("Invitations to a business"),
        **wholly(
            "Names of businesses",
            "a business keeps its name, also where it is that of a person. Correct it on the page of the business",
            *("business", "business_name", "business_word"),
        ),
    },
)
