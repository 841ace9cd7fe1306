"""When the time of a kind of row is over, the words of requests about personal data, and what erasing a person comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Text

from crm.db.ending import Ends, Retention, Stays
from crm.db.erasing import Hindrance
from crm.db.processing import Processing
from crm.db.types import MoneyType
from crm.documents.models import Document
from crm.figures.rules import CATALOGUE
from crm.figures.rules.units import Unit, shown
from crm.kernel.calendar import add_months
from crm.kernel.clock import start_of
from crm.kernel.folding import plain_words
from crm.kernel.text import capital, series

FEW, SHARE = 20, 5
"""Up to 20 rows of a kind, or one in five of those that are over at all, are deleted without a person having looked."""
AT_ONCE = 200
"""Rows that are deleted in one transaction: nobody who saves waits for long."""


def too_many(due: int, *, of: int) -> bool:
    """Whether so many are due on one day that a figure may be wrong."""
    return due > max(FEW, of // SHARE)


def kinds_in(manifests: Iterable[Retention]) -> list[Ends]:
    """Every kind of row that ends, in the order of the rooms."""
    return [each for one in manifests for each in one if isinstance(each, Ends)]


def lasting_in(manifests: Iterable[Retention]) -> list[Stays]:
    """Every kind of row that has no time of its own."""
    return [each for one in manifests for each in one if isinstance(each, Stays)]


def first_kept(kind: Ends, value: int, *, on: date) -> datetime:
    """The moment before which a row has to be over to be due on a day; the whole last day of its time is kept."""
    if isinstance(kind.period, timedelta):
        return start_of(on) - kind.period
    is_months = CATALOGUE[kind.period].unit is Unit.MONTHS
    return start_of(add_months(on, -value) if is_months else on - timedelta(days=value))


def period_in_words(kind: Ends, value: int) -> str:
    """How long a kind of row is kept: "24 months"."""
    if isinstance(kind.period, timedelta):
        return shown(Unit.CALENDAR_DAYS, str(kind.period.days))
    return shown(CATALOGUE[kind.period].unit, str(value))


@dataclass(frozen=True)
class Line:
    """One kind of row in the report: for how long it is kept, how many are due now, and what was done last."""

    kind: Ends
    period: str
    before: datetime
    due: int
    done: int = 0
    done_at: datetime | None = None
    held: str = ""

    @property
    def then(self) -> str:
        """What happens to such rows at the end of their time."""
        return f"Deleted, except {self.kind.stays}" if self.kind.stays else "Deleted"


def why_held(due: int, *, of: int) -> str:
    """Why nothing of a kind was deleted."""
    return (
        f"{due:,} of {of:,} are due at once, which is more than the time of one day brings. Nothing was deleted. "
        "Check the figure. If it is right, run `flask --app wsgi retention --many`."
    )


def report(lines: Sequence[Line]) -> str:
    """The report as a command prints it."""
    width = max(len(each.kind.what) for each in lines)
    return "\n".join(
        f"{each.kind.what:{width}}  {each.period:>10}  {each.due:>8,} due"
        + (f"  held back: {each.held}" if each.held else "")
        for each in lines
    )


KINDS_OF_REQUEST = {
    "access": "a copy of their data",
    "correction": "a correction",
    "erasure": "erasure",
    "objection": "objection to how it is used",
}
STATUSES = {"open": "to answer", "answered": "answered", "refused": "refused"}
COLOURS = {"open": "blue", "answered": "green", "refused": "grey"}
SHOWS = {
    "": "To answer",
    "late": "Overdue",
    "erasure": "Erasure",
    "answered": "Answered",
    "refused": "Refused",
    "all": "All",
}
"""The lists of requests that can be shown, by the name in the address."""
FIRST_DAY = date(2018, 5, 25)
"""The Data Protection Act 2018 came into force: nothing that came before is recorded here."""
OTHER_NAME = "The name of the request is not the name of this person."
OTHER_EMAIL = "The email address of the request is not an address of this person."
SEVERAL = "Others here have the same name, and no email address says that this is the person who asked."
OTHERS_TOO = "Entries under another name have an email address of this person, and count as theirs: {names}."
NOT_THEM = (
    "Neither the name nor the email address of the request is this person’s. Choose another "
    "person, or record a request under the name or address that we hold."
)
NOT_CHECKED = "Tick that you checked who asked"
NOT_LOOKED_FOR = "A name of one word is not looked for in texts: it would be found in other words."
PSEUDONYMS = ("Erased person P-", "Erased investor A-")
"""How the names begin by which those are known who were erased."""
SAME_NAME = "Other texts with this name, such as case notes and emails"
WHY_SAME_NAME = "somebody else here has the same name, and the texts may be about them"
LETTERS_SAY = {
    "access": "asked us for a copy of your data",
    "correction": "asked us to correct your data",
    "erasure": "asked us to erase your data",
    "objection": "objected to how we use your data",
}
"""What a person did, as our letters to them say it."""
FEWEST_WORDS = 2
"""Names of so many words are looked for in texts."""


@dataclass(frozen=True)
class Part:
    """So many rows of one kind about a person: what they are, and why what stays of them does."""

    what: str
    count: int
    why: str = ""


@dataclass(frozen=True)
class Asker:
    """Who asked, as the request names them, beside the person chosen, as they are known here. ``to`` is where the letter goes.

    ``other_names`` stand in entries that count as the person's, as they have one of the addresses.
    """

    name: str
    email: str
    contact: str
    known_as: str
    known_emails: Sequence[str]
    other_names: Sequence[str] = ()

    @property
    def to(self) -> str:
        """The address of the letter: that of the person who is erased, else the one of the request."""
        return next(iter(self.known_emails), self.email)

    @property
    def is_known_by_name(self) -> bool:
        """Whether the person chosen is called as the request says, in whichever order."""
        asked, known = plain_words(self.name), plain_words(self.known_as)
        return sorted(asked) == sorted(known) if asked or known else self.name == self.known_as

    @property
    def is_known_by_email(self) -> bool:
        """Whether the address of the request is one of the person chosen."""
        return self.email in self.known_emails

    @property
    def differences(self) -> list[str]:
        """What of the request is not as it is known here, in words."""
        found = [] if self.is_known_by_name else [OTHER_NAME]
        is_other = bool(self.email and self.known_emails) and not self.is_known_by_email
        shared = [OTHERS_TOO.format(names=series(self.other_names))] if self.other_names else []
        return [*found, *([OTHER_EMAIL] if is_other else []), *shared]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A person chosen for a request, beside who asked. ``namesakes`` are entries of the same name that may be somebody else's."""

    name: str
    asker: Asker
    namesakes: int = 0

    @property
    def differences(self) -> list[str]:
        """Why the person chosen may not be the one who asked, in words: an administrator checks it."""
        alone = bool(self.namesakes) and not self.asker.is_known_by_email and not self.asker.differences
        return [SEVERAL] if alone else self.asker.differences

    @property
    def why_not_them(self) -> str | None:
        """Why the person chosen is not erased for this request: neither name nor address is theirs."""
        return None if self.asker.is_known_by_name or self.asker.is_known_by_email else NOT_THEM

    @property
    def asked(self) -> tuple[Any, ...]:
        """Who asked and who was chosen, as a mark knows it."""
        who = self.asker
        known = (list(who.known_emails), list(who.other_names))
        return (who.name, who.email, who.contact, *known, self.name, self.namesakes)


@dataclass(frozen=True, kw_only=True)
class Preview(Chosen):
    """What erasing a person would do: what is deleted, kept without the name, and kept word for word; and what hinders it now."""

    gone: Sequence[Part]
    unnamed: Sequence[Part]
    whole: Sequence[Part]
    hindrances: Sequence[Hindrance]
    has_account: bool = False
    files: Sequence[Document] = ()

    @property
    def looks_for_name(self) -> bool:
        """Whether their name is looked for in texts: nobody else here has it, and it is no word that others are made of."""
        return not self.namesakes and is_looked_for(self.name)

    def told(self) -> list[dict[str, Any]]:
        """What is kept of it once it is done: words and counts, without anybody's name."""
        kinds = (("gone", self.gone), ("unnamed", self.unnamed), ("whole", self.whole))
        return [{"kind": kind, **asdict(each)} for kind, parts in kinds for each in parts]


def is_looked_for(name: str) -> bool:
    """Whether a name is looked for in texts: one word would be found in other words."""
    return len(name.split()) >= FEWEST_WORDS


def to_reader(what: str) -> str:
    """The words for rows about a person, as the letter says them to that person: "Your account", "Emails to you"."""
    said = re.sub(r"^Their\b", "Your", what)
    said = re.sub(r"\b(that|what|when|how) they\b", r"\1 you", said, flags=re.IGNORECASE)
    said = re.sub(r"\b(to|of|name) them\b", r"\1 you", said)
    return said if said == what else re.sub(r"\btheir\b", "your", said)


def summed(parts: Iterable[Part]) -> list[Part]:
    """Parts of the same words as one; without those of which there is nothing."""
    counts: dict[tuple[str, str], int] = {}
    for each in parts:
        counts[each.what, each.why] = counts.get((each.what, each.why), 0) + each.count
    return [Part(what, count, why) for (what, why), count in counts.items() if count]


@dataclass(frozen=True)
class Found:
    """Somebody whom a search found: in which table and row, how they are called and reached there, and as what."""

    table: str
    row_id: UUID
    name: str
    email: str
    what: str


MEASURES = (
    "Each person sees only what their role allows: every page and every act checks it",
    "An audit log records who did what, and shows tampering",
    "Passwords are stored in a form that cannot be turned back, and links to sign in work once",
    "Releasing payments, changing periods and erasing a person take two people",
    "Data past its period is deleted every day",
    "Backups are sealed archives",
)
"""What protects personal data in every room (UK GDPR, Article 32)."""
CONTACT = frozenset(
    {
        *("email", "phone", "contact", "postcode", "trading_address", "registered_address"),
        *("to_address", "reply_to", "sent_to", "told_to"),
    }
)
BANK = frozenset({"sort_code", "account_number", "payer_account", "payer_sort_code"})
PASSWORDS, NETWORK = frozenset({"password_hash", "second_factor_secret"}), frozenset({"ip", "device"})
NAMING = frozenset({"name", "who", "investor", "giver", "owner", "maker", "party"})
OTHERS_NAMED = frozenset({"business_name", "match_name", "set_name", "sort_name"})
WHO_DID = "who did what, and when"
HEAD = (
    "Activity",
    "Purpose",
    "Lawful basis",
    "Whose data",
    "Kinds of data",
    "Who sees it here",
    "Who else receives it",
    "How long it is kept",
    "Measures",
    "Controller",
    "Data protection officer",
)


def kinds_of_data(columns: Iterable[Column[Any]]) -> tuple[str, ...]:
    """The kinds of personal data that some columns hold, in words; what says only who did what is that."""
    found = [each for each in columns if not each.foreign_keys and not each.primary_key]
    names = {each.name for each in found}
    texts = {each.name for each in found if isinstance(each.type, Text | JSON)} - CONTACT
    called = {each for each in names if each.endswith("_name") or each in NAMING} - OTHERS_NAMED
    kinds = {
        "names": called,
        "contact details": names & CONTACT,
        "roles at organisations": names & {"role", "person_role"},
        "what people wrote, answered or said": texts,
        "sums of money": {each.name for each in found if isinstance(each.type, MoneyType)},
        "bank details": names & BANK,
        "passwords, in a form that cannot be turned back": names & PASSWORDS,
        "network addresses and devices": names & NETWORK,
    }
    return (*(words for words, those in kinds.items() if those), WHO_DID)


@dataclass(frozen=True)
class Activity:
    """One activity in the records of processing: what its room says, and what is read from its tables, policy and periods."""

    room: str
    told: Processing
    data: tuple[str, ...]
    readers: str
    kept: tuple[str, ...]

    def cells(self, controller: str, officer: str) -> tuple[Any, ...]:
        """The activity as a row of the file."""
        told = self.told
        words = [told.activity, told.purpose, told.basis, told.people, series(self.data), self.readers]
        words += [told.recipients, "; ".join(self.kept), "; ".join(MEASURES), controller]
        return (*map(capital, words), officer)
