"""Things made as a test needs them, straight in the tables, with sensible values for all that it does not name."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from crm.accounts.models import Account, Hub, HubArea, LoginSession, RoleGrant
from crm.accounts.rules import hash_of_token, new_session_token
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.db.session import session
from crm.directory.models import Provider, Service
from crm.directory.workflow import ServiceStatus
from crm.figures.models import DatedFigure
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter
from crm.notices.service import Reader, queue

_number = count(1)
SINCE = date(2026, 1, 1)


def kept(row: Any) -> Any:
    """The row, in the database."""
    session().add(row)
    session().flush()
    return row


def account(status: AccountStatus = AccountStatus.ACTIVE, **fields: Any) -> Account:
    number = next(_number)
    given = {"email": f"made{number}@made.example", "name": f"Made Person {number:03}"} | fields
    made: Account = kept(Account(**given, created_at=now(), _status=status))
    return made


def grant(holder: Account, role: Role = Role.AUDITOR, **fields: Any) -> RoleGrant:
    given = {"scope": Scope.EVERYWHERE, "valid_from": SINCE} | fields
    if role is Role.FOUNDER:
        given.setdefault("standing", Standing.OWNER)
    made: RoleGrant = kept(RoleGrant(account_id=holder.id, role=role, granted_at=now(), **given))
    return made


def login_session(holder: Account, **fields: Any) -> LoginSession:
    given = {
        "device": "Firefox on Linux",
        "began_at": now(),
        "expires_at": now() + timedelta(hours=12),
    } | fields
    secret = hash_of_token(new_session_token())
    made: LoginSession = kept(LoginSession(account_id=holder.id, token_hash=secret, **given))
    return made


def hub(**fields: Any) -> Hub:
    number = next(_number)
    given = {"code": f"made-hub-{number}", "name": f"Made Hub {number:03}", "opened_on": SINCE} | fields
    made: Hub = kept(Hub(**given, source="Made for a test"))
    return made


def area(owner: Hub, **fields: Any) -> HubArea:
    given = {"authority_code": "E08000025", "valid_from": SINCE} | fields
    made: HubArea = kept(HubArea(hub_id=owner.id, source="Made for a test", **given))
    return made


def figure(status: FigureStatus = FigureStatus.PROPOSED, **fields: Any) -> DatedFigure:
    """A figure proposed by nobody, as those that came with the product are; decided now unless it is proposed."""
    given = {"name": "enquiry.reply_days", "value": "3", "valid_from": date(2027, 1, 1)} | fields
    decided = None if status is FigureStatus.PROPOSED else now()
    given |= {"source": "Made for a test", "confidence": "decision", "proposed_at": now()}
    made: DatedFigure = kept(DatedFigure(**{"decided_at": decided, **given}, _status=status))
    return made


def letter(**fields: Any) -> Letter:
    number = next(_number)
    made = queue("sign_in", Reader(f"reader{number}@made.example", f"Reader {number:03}"))
    for name, value in fields.items():
        setattr(made, name, value)
    session().flush()
    return made


def provider(**fields: Any) -> Provider:
    given = {"name": f"Made Provider {next(_number):03}", "created_at": now()} | fields
    made: Provider = kept(Provider(**given))
    return made


def service(status: ServiceStatus = ServiceStatus.OPEN, **fields: Any) -> Service:
    number = next(_number)
    given = {
        "service_id": f"made-{number}",
        "name": f"Made Service {number:03}",
        "changed_at": now(),
    } | fields
    if "provider_id" not in given:
        given["provider_id"] = provider().id
    made: Service = kept(Service(**given, _status=status))
    return made


def entry(thing: Any = None, **changes: Any) -> AuditEntry:
    """A line of the trail about a thing, or about somebody new."""
    return audit.record("try", account() if thing is None else thing, changes, by=SYSTEM)


def stand(account_id: UUID, status: AccountStatus) -> None:
    """Let somebody's account stand so, however it came to it."""
    found = session().get(Account, account_id)
    assert found is not None
    found._status = status
    session().flush()
