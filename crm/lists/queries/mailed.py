"""How far the emails are that went to the people of several businesses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from crm.businesses.models import Person
from crm.casework.models import WrittenEmail
from crm.casework.queries.emails import emails_about
from crm.db.session import session
from crm.lists.models import BulkChange
from crm.lists.workflow import Deed
from crm.notices.workflow import UNSENT, LetterStatus

WRITTEN = (Deed.EMAIL, Deed.INVITE)


@dataclass(frozen=True)
class Sent:
    """The emails of one deed, by the business on whose record they are: each address got one, however many businesses."""

    emails: Sequence[WrittenEmail]

    @property
    def of(self) -> Mapping[str, list[WrittenEmail]]:
        """Those of each business, by its id as a change keeps it."""
        found: dict[str, list[WrittenEmail]] = {}
        for each in self.emails:
            found.setdefault(str(each.business_id), []).append(each)
        return found

    @property
    def counts(self) -> dict[str, int]:
        """How many emails are sent, still waiting, could not be delivered, and were not sent after all."""
        letters = {each.letter.id: each.letter.status for each in self.emails}
        by = Counter("waiting" if status in UNSENT else status.value for status in letters.values())
        keys = ("waiting", LetterStatus.SENT.value, LetterStatus.FAILED.value, LetterStatus.CANCELLED.value)
        return {key: by[key] for key in keys}

    @property
    def total(self) -> int:
        """How many emails there are."""
        return sum(self.counts.values())


def emails_of(change: BulkChange) -> Sent | None:
    """The emails of a change, where it was one; each with its reader and letter."""
    if change.deed not in WRITTEN:
        return None
    return Sent(emails_about(BulkChange.__tablename__, change.id))


def left_out_by_name(change: BulkChange) -> dict[str, str]:
    """The names of the people who were left out, by their ids."""
    ids = [UUID(each["person_id"]) for each in change.left_out if "person_id" in each]
    if not ids:
        return {}
    return {
        str(row.id): row.name
        for row in session().execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }
