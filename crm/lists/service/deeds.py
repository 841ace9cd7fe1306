"""What can be done to ticked rows, in one shape: what was asked, what would come of it for each business, and the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from crm.businesses.models import Business, Person
from crm.businesses.workflow import ConsentPurpose
from crm.caseload.policy import Led
from crm.casework.service.mailing import Addressee, by_address
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.workflow import Deed
from crm.notices.rules import Wording


@dataclass(frozen=True)
class Words:
    """What is written to many: its text, and what it is about, as businesses agree to it."""

    subject: str
    body: str
    purpose: ConsentPurpose


@dataclass(frozen=True)
class Wish:
    """What is to be done to which businesses: ``target_id`` is the new lead adviser's account, the tag or the workshop.

    ``words`` are those of an email; ``to_all`` says that everyone at a business is written to, not its main contact alone.
    """

    deed: Deed
    ids: tuple[UUID, ...]
    target_id: UUID | None = None
    words: Words | None = None
    to_all: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A business to which nothing is done, and why not; with ``person``, somebody there who is not written to."""

    business: Business
    why: str
    person: Person | None = None


@dataclass(frozen=True)
class Part:
    """A business to which it is done: what stands beside its name, and who there is written to."""

    led: Led
    beside: str = ""
    readers: tuple[Addressee, ...] = ()

    @property
    def business(self) -> Business:
        """The business."""
        return self.led.business


Fate = tuple[Part | None, tuple[LeftOut, ...]]
"""What would come of a deed for one business."""


def left(led: Led, why: str) -> Fate:
    """A business to which nothing is done."""
    return None, (LeftOut(led.business, why),)


class Doing(Protocol):
    """A deed read for one wish and its rows, with as many statements for one row as for many.

    ``what`` is the lead adviser, tag, subject or workshop by name; ``marked`` is what a preview rests on besides its rows.
    """

    @property
    def what(self) -> str: ...
    @property
    def marked(self) -> Sequence[Any]: ...

    def fate(self, led: Led, /) -> Fate:
        """What would come of it for one business that is in use."""

    def letter_to(self, to: Sequence[Part], /) -> Wording | None:
        """The email of one of those who get it, word for word, where there is one."""

    def act(self, to: Sequence[Part], made: BulkChange, /) -> None:
        """Do it to just these."""


Read = Callable[[Wish, Sequence[Led], Actor], Doing]
"""How a deed is read. Raises `Invalid` at the field where what it needs was not chosen."""


@dataclass(frozen=True)
class Weighed:
    """What would be done now to which businesses, with what stands in the mark of the preview."""

    what: str
    to: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    letter: Wording | None
    mark: str

    @property
    def emails(self) -> int:
        """How many emails go out."""
        return len(by_address([reader for each in self.to for reader in each.readers]))
