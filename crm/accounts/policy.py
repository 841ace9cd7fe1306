"""Who may do what with accounts, roles, sessions and hubs."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Account, LoginSession, RoleGrant
from crm.accounts.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import STAFF, Role, Scope

HOLDERS = (Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)


def _account_id(thing: Any) -> Any:
    return thing.id if isinstance(thing, Account) else thing.account_id


def is_somebody_else(actor: Actor, thing: Account | RoleGrant) -> bool:
    """if it is somebody else's account, not their own"""
    return bool(_account_id(thing) != actor.account_id)


def is_theirs(actor: Actor, thing: LoginSession | None) -> bool:
    """if it is their own"""
    return thing is None or thing.account_id == actor.account_id


def is_own(actor: Actor, account: Account | None) -> bool:
    """if it is their own account"""
    return account is None or account.id == actor.account_id


def is_theirs_or_of_their_hub(actor: Actor, thing: Any) -> bool:
    """if it is their own caseload, or that of a person of a hub that they manage"""
    person = thing if isinstance(thing, Account) else thing.giver
    if person.id == actor.account_id:
        return actor.has(Role.ADVISER, Role.EXPORT_ADVISER, Role.HUB_MANAGER)
    hubs = [each.scope_id for each in person.grants if each.scope is Scope.HUB and each.scope_id]
    return any(actor.holds_for(hub_id, Role.HUB_MANAGER) for hub_id in hubs)


def was_proposed_by_another(actor: Actor, thing: Any) -> bool:
    """if another person proposed it"""
    return thing.proposed_by_id is None or thing.proposed_by_id != actor.account_id


def was_proposed_by_them(actor: Actor, thing: Any) -> bool:
    """if they proposed it themselves"""
    return thing.proposed_by_id is not None and thing.proposed_by_id == actor.account_id


def is_receiver(actor: Actor, handover: Any) -> bool:
    """if some of it was handed over to them"""
    return any(each.receiver_id == actor.account_id for each in handover.cases)


def owns_it(actor: Actor, thing: Any) -> bool:
    """if they own the business"""
    business_id = thing.scope_id if isinstance(thing, RoleGrant) else thing.business_id
    return actor.owns(str(business_id))


def is_their_access(actor: Actor, thing: Any) -> bool:
    """if it is their own access, which they give up"""
    return isinstance(thing, RoleGrant) and thing.account_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.SIGN_IN, Role.ANYONE),
        rule(Act.ACCEPT, Role.ANYONE),
        rule(Act.SIGN_OUT, Role.SIGNED_IN),
        rule(Act.VIEW_OWN_ACCOUNT, Role.SIGNED_IN),
        rule(Act.END_OWN_SESSION, Role.SIGNED_IN, when=is_theirs),
        rule(Act.CHANGE_OWN_PASSWORD, *STAFF),
        rule(Act.COPY_DATA, Role.SIGNED_IN, when=is_own),
        rule(Act.VIEW_PEOPLE, Role.ADMINISTRATOR, Role.AUDITOR),
        rule(Act.INVITE, Role.ADMINISTRATOR),
        rule(Act.INVITE_AGAIN, Role.ADMINISTRATOR),
        rule(Act.CORRECT, Role.ADMINISTRATOR),
        rule(Act.GRANT, Role.ADMINISTRATOR, when=is_somebody_else),
        rule(Act.END_GRANT, Role.ADMINISTRATOR, when=is_somebody_else),
        rule(Act.RESTORE_GRANT, Role.ADMINISTRATOR, when=is_somebody_else),
        rule(Act.ADMIT, Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER),
        rule(Act.ADMIT, Role.FOUNDER, when=owns_it),
        rule(Act.DISMISS, Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER),
        rule(Act.DISMISS, Role.FOUNDER, when=owns_it),
        rule(Act.DISMISS, Role.FOUNDER, when=is_their_access),
        rule(Act.READMIT, Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER),
        rule(Act.READMIT, Role.FOUNDER, when=owns_it),
        rule(Act.CHANGE_STANDING, Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER),
        rule(Act.CHANGE_STANDING, Role.FOUNDER, when=owns_it),
        rule(Act.ADMIT_ANGEL, Role.ADMINISTRATOR, Role.NETWORK_MANAGER),
        rule(Act.ERASE, Role.ADMINISTRATOR, Role.NETWORK_MANAGER, when=is_somebody_else),
        rule(Act.DEACTIVATE, Role.ADMINISTRATOR, when=is_somebody_else),
        rule(Act.REACTIVATE, Role.ADMINISTRATOR, when=is_somebody_else),
        rule(Act.HAND_OVER_CASELOAD, Role.ADMINISTRATOR),
        rule(Act.HAND_OVER_CASELOAD, *HOLDERS, when=is_theirs_or_of_their_hub),
        rule(Act.VIEW_HANDOVER, Role.ADMINISTRATOR),
        rule(Act.VIEW_HANDOVER, *HOLDERS, when=is_theirs_or_of_their_hub),
        rule(Act.VIEW_HANDOVER, *HOLDERS, when=is_receiver),
        rule(Act.UNDO_HANDOVER, Role.ADMINISTRATOR),
        rule(Act.UNDO_HANDOVER, *HOLDERS, when=is_theirs_or_of_their_hub),
        rule(Act.VIEW_HUBS, *STAFF),
        rule(Act.ADD_HUB, Role.ADMINISTRATOR),
        rule(Act.CORRECT_HUB, Role.ADMINISTRATOR),
        rule(Act.ADD_AREA, Role.ADMINISTRATOR),
        rule(Act.END_AREA, Role.ADMINISTRATOR),
    ],
)
