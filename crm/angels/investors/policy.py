"""Who does what about investors. Staff run the network; only the investor signs for the investor."""

from __future__ import annotations

from typing import Any

from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.rules.gate import NOBODY, Admission
from crm.angels.investors.workflow import Act, AngelStatus
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

MANAGERS = (Role.ADMINISTRATOR, Role.NETWORK_MANAGER)
READERS = (*MANAGERS, Role.AUDITOR)
EVIDENCE_READERS = (Role.NETWORK_MANAGER, Role.AUDITOR)
"""Who reads what is kept about an investor who was erased: who answers for each showing, and who checks it."""
FACT = "angel"
INSIDE = (AngelStatus.ACCEPTED, AngelStatus.SUSPENDED)


def own_admission(actor: Actor) -> Admission:
    """What the gate turns on, of the current actor: read anew at every request."""
    found = actor.facts.get(FACT, NOBODY)
    assert isinstance(found, Admission)
    return found


def is_own(actor: Actor, thing: Any) -> bool:
    """if it is their own"""
    return thing is not None and thing.account_id is not None and thing.account_id == actor.account_id


def is_of_another(actor: Actor, thing: Any) -> bool:
    """if it is not about themselves"""
    return not isinstance(thing, Angel | Certification) or thing.account_id != actor.account_id


def is_of_another_inside(actor: Actor, thing: Any) -> bool:
    """if it is about another member of the network"""
    return isinstance(thing, Angel) and thing.status in INSIDE and is_of_another(actor, thing)


def is_unrestricted(_actor: Actor, thing: Any) -> bool:
    """if it is not kept as evidence about an investor who was erased"""
    if isinstance(thing, Certification):
        return thing.restricted_at is None
    return not isinstance(thing, Angel) or thing.erased_at is None


def reads_evidence(actor: Actor) -> bool:
    """Whether somebody may read what is kept about investors who were erased."""
    return actor.has(*EVIDENCE_READERS)


def is_looked_through(actor: Actor, _thing: Any) -> bool:
    """if someone is viewing as them"""
    return actor.seen_by is not None


POLICY = Policy(
    [
        rule(Act.SEE_NETWORK, Role.ANYONE),
        rule(Act.JOIN, Role.ANYONE),
        rule(Act.LIST_ANGELS, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW_OWN, Role.ANGEL),
        rule(Act.VIEW_AS, *MANAGERS, when=is_of_another_inside),
        rule(Act.STOP_VIEWING, Role.ANGEL, when=is_looked_through),
        rule(Act.STOP_VIEWING, *MANAGERS),
        rule(Act.ACCEPT, *MANAGERS, when=is_of_another),
        rule(Act.DECLINE, *MANAGERS, when=is_of_another),
        rule(Act.SUSPEND, *MANAGERS, when=is_of_another),
        rule(Act.READMIT, *MANAGERS, when=is_of_another),
        rule(Act.LEAVE, Role.ANGEL),
        rule(Act.CHECK_ANGEL, *MANAGERS, when=is_of_another),
        rule(Act.ERASE, *MANAGERS, when=is_of_another),
        rule(Act.PREFER, Role.ANGEL),
        rule(Act.ACCEPT_CONDUCT, Role.ANGEL),
        rule(Act.CERTIFY, Role.ANGEL),
        rule(Act.VIEW_CERTIFICATION, *EVIDENCE_READERS),
        rule(Act.VIEW_CERTIFICATION, Role.ADMINISTRATOR, when=is_unrestricted),
        rule(Act.VIEW_CERTIFICATION, Role.ANGEL, when=is_own),
        rule(Act.ATTACH_CERTIFICATE, Role.ANGEL, when=is_own),
        rule(Act.REVOKE, *MANAGERS, when=is_of_another),
        rule(Act.REVOKE, Role.ANGEL, when=is_own),
        rule(Act.CONFIRM, *MANAGERS, when=is_of_another),
        rule(Act.KEEP_PAPER, *MANAGERS, when=is_of_another),
        rule(Act.LIST_WORDINGS, *READERS),
        rule(Act.APPROVE_WORDING, *MANAGERS),
        rule(Act.RECORD_BASIS, *MANAGERS),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)
