"""Mail gateways that do as a test says, and letters put in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.db.session import Database
from crm.kernel.clock import now
from crm.kernel.workflow import Guard
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Extras, LinkWanted, Post, Reader, drain, queue
from crm.notices.workflow import LetterStatus as S

CONTACT = {"name": "Ann", "email": "ann@people.example", "text": "Hello", "answers": ""}
READER = Reader("reader@people.example", "Reader")


@dataclass
class Postbox:
    """Keeps every letter given to it; raises what it was told to raise, once for each."""

    sent: list[EmailMessage] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.sent.append(message)

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.sent]

    @property
    def texts(self) -> list[str]:
        return [str(message.get_content()) for message in self.sent]


def post(mail: Any, *, gates: Mapping[str, Guard] | None = None) -> Post:
    return Post(
        mail=mail,
        sender=("Creative Growth", "no-reply@people.example"),
        base_url="https://growth.example",
        gates=gates or {},
    )


def contact(to: Reader = READER, **context: str) -> Letter:
    return queue("contact", to, having=Extras(context=CONTACT | context))


def way_in(subject: str, *, purpose: Purpose = Purpose.SIGN_IN, to: Reader = READER) -> Letter:
    kind = "sign_in" if purpose is Purpose.SIGN_IN else "set_password"
    return queue(kind, to, having=Extras(context={"by_name": "Ada"}, link=LinkWanted(purpose, subject)))


def left_in_sending(letter: Letter, db: Session, *, ago: timedelta) -> None:
    """As a worker leaves it that was killed between taking and marking."""
    db.flush()
    db.execute(
        update(Letter)
        .where(Letter.id == letter.id)
        .values(_status=S.SENDING, taken_at=now() - ago, attempts=1, version=Letter.version + 1)
    )
    db.expire_all()


def sent_by(house: Database, db: Session, postbox: Postbox, **options: Any) -> int:
    """Drain as the worker would, and see afterwards what it wrote."""
    db.commit()
    sent = drain(house, post(postbox, **options))
    db.expire_all()
    return sent
