"""Passing on what somebody writes to us."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from crm.audit import service as audit
from crm.db.session import session
from crm.desk.policy import POLICY, Act
from crm.kernel.permissions import Actor
from crm.notices.models import Letter
from crm.notices.service import Extras, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import CONTACT_BY_ADDRESS


@dataclass(frozen=True)
class Message:
    """What somebody wrote, and how to answer them. ``answers`` is what they told the support finder."""

    name: str
    email: str
    text: str
    answers: str = ""


@dataclass(frozen=True)
class Desk:
    """Where messages go, and from which network address this one came."""

    contact_email: str
    service_name: str
    address: str
    secret: str


def write_to_us(message: Message, desk: Desk, *, by: Actor) -> Letter:
    """Queue the message to the team, with the writer's address to reply to; so many an hour from one place."""
    POLICY.require(by, Act.WRITE_TO_US)
    throttles.take(CONTACT_BY_ADDRESS, desk.address, secret=desk.secret)
    to = Reader(desk.contact_email, desk.service_name)
    letter = queue("contact", to, having=Extras(context=asdict(message), reply_to=message.email))
    session().flush()
    audit.record(Act.WRITE_TO_US, letter, by=by)
    return letter
