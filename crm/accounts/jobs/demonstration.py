"""The demonstration's people, all invented, and what they did: figures and letters in every state."""

from __future__ import annotations

from datetime import date, timedelta

from flask import current_app

from crm.accounts import queries
from crm.accounts.models import Account, RoleGrant
from crm.accounts.rules import DEMO_PASSWORD, DEMO_PEOPLE, DemoPerson, hasher
from crm.accounts.service import administering, roles
from crm.accounts.workflow import AccountStatus, Act
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import advance
from crm.figures import service as figures
from crm.figures.models import DatedFigure
from crm.kernel.clock import now, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.notices.workflow import MACHINE as LETTERS
from crm.notices.workflow import Act as LetterAct

DEMO_SINCE = date(2025, 1, 6)
LATER = timedelta(days=3650)  # so that the demo's worker leaves these letters as they are
WAYS = (
    (),
    (LetterAct.TAKE,),
    (LetterAct.TAKE, LetterAct.LOSE_SIGHT),
    (LetterAct.TAKE, LetterAct.GIVE_UP),
    (LetterAct.CANCEL,),
    (LetterAct.TAKE, LetterAct.MARK_SENT),
)
"""One way to every state that a letter can be in."""


def load_demo() -> dict[str, int]:
    """The people first; what they did only with the first of them, so that loading twice adds nothing.

    A demonstration from before some of them were invented gets those, and keeps what it has.
    """
    added = load_demo_people()
    if added["demo people"] < len(DEMO_PEOPLE):
        return added
    return added | {"demo figures": _figures(), "demo letters": _letters(), "demo invitations": _standings()}


def load_demo_people() -> dict[str, int]:
    """Add the invented people of the demonstration, where they are missing."""
    hubs = {hub.code: str(hub.id) for hub in queries.hubs()}
    missing = [each for each in DEMO_PEOPLE if queries.account_of(each.email) is None]
    hashed = hasher(current_app.extensions["settings"].password_cost).hash(DEMO_PASSWORD)
    for person in missing:
        account = Account(
            email=person.email,
            name=person.name,
            created_at=now(),
            password_hash=hashed if person.password else None,
            _status=AccountStatus.ACTIVE,
        )
        session().add(account)
        session().flush()
        audit.record(Act.INVITE, account, created(email=person.email, name=person.name), by=_admin())
        _grant_demo_role(account, person, hubs)
    return {"demo people": len(missing)}


def _grant_demo_role(account: Account, person: DemoPerson, hubs: dict[str, str]) -> None:
    """Founders and providers get their role with the business or provider that the demo invents for them."""
    if person.role in (Role.FOUNDER, Role.PROVIDER):
        return
    scope, scope_id = (Scope.HUB, hubs[person.hub]) if person.hub else (Scope.EVERYWHERE, None)
    fields = {"role": person.role, "scope": scope, "scope_id": scope_id, "valid_from": DEMO_SINCE}
    session().add(RoleGrant(account_id=account.id, **fields, granted_at=now()))
    audit.record(Act.GRANT, account, created(**fields), by=_admin())


def _admin() -> Actor:
    """Who invites the others: the system until they are there themselves."""
    return queries.acting("admin@demo.example")


def _actor(email: str) -> Actor:
    found = queries.account_of(email)
    account = queries.account(found.id) if found else None
    assert account is not None
    return queries.actor_of(account)


def _figures() -> int:
    """A figure proposed, one refused, one withdrawn; the shipped ones are approved, as is one by two people."""
    one, other = _actor("admin@demo.example"), _actor("second.admin@demo.example")
    source = "Invented for the demonstration"

    def propose(value: str, year: int) -> DatedFigure:
        wanted = figures.Proposal(
            "enquiry.reply_days", value, date(year, 4, 1), None, source, confidence="decision"
        )
        return figures.propose(wanted, by=one)

    propose("1", 2028)
    figures.approve(propose("3", 2026), by=other)
    figures.refuse(propose("20", 2027), "Four weeks is too long to wait for a first reply.", by=other)
    figures.withdraw(propose("5", 2027), by=one)
    return 4


def _letters() -> int:
    """A letter in every state, none of them to anybody real."""
    for number, way in enumerate(WAYS, start=1):
        reader = Reader(f"letter{number}@demo.example", f"Demo Reader {number}")
        having = Extras(link=LinkWanted(Purpose.SIGN_IN, f"demo-{number}"))
        letter = queue("sign_in", reader, having=having)
        letter.not_before = now() + LATER
        session().flush()
        for act in way:
            _move(letter, act)
    return len(WAYS)


def _move(letter: Letter, act: LetterAct) -> None:
    if act is LetterAct.TAKE:
        letter.taken_at, letter.attempts = now() + LATER, 1
    if act is LetterAct.MARK_SENT:
        letter.sent_at, letter.kept_text = now(), "Invented for the demonstration.\n"
    if act is LetterAct.GIVE_UP:
        letter.fault = "Invented for the demonstration: the mail server refused the address."
    advance(LETTERS, letter, act)
    session().flush()


def _standings() -> int:
    """A person who was invited and has not come yet, one who left, and one with a role that was ended."""
    admin = _actor("admin@demo.example")
    invited = administering.invite(
        administering.Invitation("invited@demo.example", "Uma Demo-Invited", is_staff=True), by=admin
    )
    left = administering.invite(
        administering.Invitation("left@demo.example", "Vik Demo-Left", is_staff=True), by=admin
    )
    administering.deactivate(left, by=admin)
    wanted = administering.GrantWanted(Role.AUDITOR, today())
    roles.end_grant(administering.grant(invited, wanted, by=admin), by=admin)
    return len((invited, left))
