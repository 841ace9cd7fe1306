"""What accounts bring to the house."""

from __future__ import annotations

from crm.accounts.jobs.commands import accounts_commands
from crm.accounts.jobs.demonstration import load_demo
from crm.accounts.policy import POLICY
from crm.accounts.queries import hub_names, reason_not_to_send
from crm.accounts.service.erasing import erase_person, hindering
from crm.accounts.service.hubs import load_reference_hubs
from crm.accounts.views import accounts, caseloads, hubs, people
from crm.accounts.workflow import MACHINE, Act
from crm.db.ending import Deleted, Ends, Stays
from crm.db.erasing import by_room, deleted, kept
from crm.db.personal import WORK, NotCopied, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import ROLES_IN_WORDS, Role, Scope
from crm.kernel.workflow import spoken
from crm.web.feature import Area, Feature, NavigationItem, Waiting

FEATURE = Feature(
    name="accounts",
    blueprints=(accounts.blueprint, people.blueprint, hubs.blueprint, caseloads.blueprint),
    policy=POLICY,
    landmarks={
        "sign_in": "accounts.sign_in",
        "sign_out": "accounts.sign_out",
        "account": "accounts.own_account",
    },
    machines=(MACHINE,),
    navigation=(
        NavigationItem("People", "people.people", Act.VIEW_PEOPLE, Area.PEOPLE, order=80),
        NavigationItem("Hubs", "hubs.hubs", Act.VIEW_HUBS, Area.HUBS, order=82),
    ),
    waits=(
        Waiting("Caseloads of people who left", (Role.HUB_MANAGER,), Act.HAND_OVER_CASELOAD, caseloads.todos),
        Waiting("Late work of colleagues", (Role.HUB_MANAGER,), Act.HAND_OVER_CASELOAD, caseloads.late_work),
    ),
    finder=people.find,
    send_gates={"sign_in": reason_not_to_send, "set_password": reason_not_to_send},
    scopes={Scope.HUB: hub_names},
    commands=(accounts_commands,),
    reference=load_reference_hubs,
    demo=load_demo,
    pages={
        "account": ("people.person", "account_id"),
        "hub": ("hubs.hub", "hub_id"),
    },
    fields={"account.receiver_id": "Handed over to", "account.clashes": "Clashes confirmed"},
    words={
        "account.status": spoken,
        "role_grant.role": ROLES_IN_WORDS,
        "role_grant.scope": spoken,
        "role_grant.standing": spoken,
    },
    processing=Processing(
        "Accounts and sign-ins",
        "to let people sign in, and see only what their role allows",
        "staff, people at businesses, assessors and investors",
        PUBLIC_TASK,
    ),
    personal={
        "hub.email": NotCopied("it is the address of an office"),
        "account.email": Personal("Your account", "name email created_at status second_factor_since"),
        "account.id": Personal("Your account", "name email created_at status second_factor_since"),
        "role_grant.account_id": Personal(
            "Your roles", "role scope scope_id valid_from valid_to standing granted_at ended_at"
        ),
        "login_session.account_id": Personal("Where you signed in", "device began_at expires_at ended_at"),
        "handover.giver_id": WORK,
        "handover_case.receiver_id": WORK,
    },
    retention=(
        Ends(
            "sign-ins",
            "Where and when people signed in",
            "login_session",
            "retention.session_days",
            "after the sign-in ran out",
            "to find out who used an account",
            at="expires_at",
            then=Deleted(),
        ),
        Stays(
            "Accounts and roles",
            ("account", "role_grant"),
            "as long as the account is used, and until it is erased",
            "a record of who acted for the service has to name them",
        ),
    ),
    erasure={
        "account": by_room(
            "Their account",
            "the audit log has to tell people apart. Name, address and password go, and nobody can sign in with it",
        ),
        "role_grant": kept("Roles that they held", "a record of who acted for the service has to be whole"),
        "login_session": deleted("Where and when they signed in"),
    },
    eraser=erase_person,
    hinders=(hindering,),
)
