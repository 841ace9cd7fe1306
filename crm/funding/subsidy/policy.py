"""Who sees subsidies, records them and signs their papers. The business confirms its own."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_owned, is_theirs, left_to_others
from crm.funding.subsidy.rules import SubsidyKind
from crm.funding.subsidy.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

GIVERS = (Role.PROGRAMME_MANAGER, Role.FINANCE_OFFICER)
READERS = (*SEE_ALL, *GIVERS, Role.APPROVER)


def is_own_declaration(actor: Actor, thing: Any) -> bool:
    """if they declared it themselves for their own business"""
    is_declared = getattr(thing, "kind", None) is SubsidyKind.DECLARED
    return is_declared and thing.recorded_by_id == actor.account_id and is_theirs(actor, thing)


POLICY = Policy(
    [
        rule(Act.LIST, *READERS),
        rule(Act.EXTRACT, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.DECLARE, *GIVERS),
        rule(Act.DECLARE, *HUB_ROLES, when=is_cared_for),
        rule(Act.DECLARE, Role.FOUNDER, when=is_theirs),
        rule(Act.RECORD_IN_KIND, *GIVERS),
        rule(Act.RECORD_IN_KIND, *HUB_ROLES, when=is_cared_for),
        rule(Act.PREPARE, *GIVERS),
        rule(Act.NOTIFY, *GIVERS, Role.APPROVER),
        rule(Act.CONFIRM, *GIVERS),
        rule(Act.CONFIRM, Role.FOUNDER, when=is_owned),
        rule(Act.GIVE, *GIVERS, Role.APPROVER),
        rule(Act.ISSUE, *GIVERS, Role.APPROVER),
        rule(Act.TAKE_BACK, *GIVERS, Role.APPROVER),
        rule(Act.CORRECT, *GIVERS, Role.APPROVER),
        rule(Act.CANCEL, *GIVERS),
        rule(Act.LOWER, *GIVERS, Role.APPROVER),
        rule(Act.CANCEL, Role.FOUNDER, when=is_own_declaration),
        rule(Act.PUBLISH, *GIVERS),
        rule(Act.LINK, *GIVERS),
        rule(Act.LINK, *HUB_ROLES, when=is_cared_for),
    ],
    view=Act.VIEW,
    apart=left_to_others(*(each for each in Act if each not in {Act.LIST, Act.EXTRACT, Act.VIEW})),
)
