"""One email to people at many businesses: each address gets one, and the record of each business shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import ConsentPurpose
from crm.casework.models import WrittenEmail
from crm.casework.policy import POLICY
from crm.casework.workflow import Act
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import Actor
from crm.kernel.text import series
from crm.notices.models import Letter
from crm.notices.rules import Wording
from crm.notices.service import Extras, Reader, as_sent, queue


@dataclass(frozen=True)
class Mailing:
    """What is written to many: the kind of letter with its ``said`` words, and the ``purpose`` that the businesses agreed to.

    ``agreed`` is that purpose in words. ``once`` is the mark of what nobody is to get twice.
    """

    kind: str
    said: Mapping[str, Any]
    purpose: ConsentPurpose
    agreed: str
    once: str


@dataclass(frozen=True)
class Addressee:
    """Somebody who gets it, and the business whose record shows it."""

    person: Person
    business: Business

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.person.email or ""


def by_address(to: Sequence[Addressee]) -> dict[str, list[Addressee]]:
    """Those who get an email by their addresses: somebody at several businesses gets one."""
    found: dict[str, list[Addressee]] = {}
    for each in to:
        found.setdefault(each.address, []).append(each)
    return found


def context_for(mailing: Mailing, readers: Sequence[Addressee]) -> dict[str, Any]:
    """What the letter to one address is written from."""
    names = series([each.business.name for each in readers])
    why = {"businesses": names, "agreed": mailing.agreed, "purpose": mailing.purpose.value}
    return {**mailing.said, **why}


def wording_for(mailing: Mailing, readers: Sequence[Addressee]) -> Wording:
    """The letter to one address, word for word."""
    name = readers[0].person.name
    return as_sent(mailing.kind, {**context_for(mailing, readers), "to_name": name})


def write_to_many(
    mailing: Mailing, to: Sequence[Addressee], *, about: tuple[str, UUID], reply_to: str, by: Actor
) -> list[WrittenEmail]:
    """Queue one email for each address, answered to ``reply_to``, and keep it on the record of each business.

    Who may get it is for the caller to weigh. The index on ``once`` refuses what somebody got already.
    """
    for each in to:
        POLICY.require(by, Act.WRITE_EMAIL, each.business)
        require_in_use(each.business)
    groups = [
        (_queue(mailing, group, about=about, reply_to=reply_to), group) for group in by_address(to).values()
    ]
    session().flush()
    made = [row for letter, group in groups for row in _kept(mailing, letter, group, by=by)]
    session().flush()
    names = {each.person.id: each.person.name for each in to}
    for row in made:
        audit.record(Act.WRITE_EMAIL, row, created(to=names[row.person_id], subject=row.subject), by=by)
    return made


def _queue(mailing: Mailing, group: Sequence[Addressee], *, about: tuple[str, UUID], reply_to: str) -> Letter:
    first = group[0]
    having = Extras(context_for(mailing, group), reply_to=reply_to, about=about)
    return queue(
        mailing.kind, Reader(first.address, first.person.name, first.person.account_id), having=having
    )


def _kept(mailing: Mailing, letter: Letter, group: Sequence[Addressee], *, by: Actor) -> list[WrittenEmail]:
    """The email on the record of each business, with the words as they leave."""
    words = wording_for(mailing, group)
    said = {"subject": words.subject, "body": words.text, "letter_id": letter.id, "once": mailing.once}
    rows = [
        WrittenEmail(
            business_id=each.business.id,
            person_id=each.person.id,
            written_at=now(),
            written_by_id=by.account_id,
            **said,
        )
        for each in group
    ]
    session().add_all(rows)
    return rows
