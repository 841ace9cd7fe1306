"""Emails to several, choices about emails, and yearly letters as tests need them, straight in the tables."""

from __future__ import annotations

from typing import Any

from crm.accounts.models import Account
from crm.angels.investors.models import Angel
from crm.angels.year.models import Asked, EmailChoice, Mailing, YearlyCopy, YearlyLetter
from crm.angels.year.rules.kinds import Kind
from crm.kernel.clock import now, today
from tests import factories, network
from tests.factories import kept


def mailing(kind: Kind = Kind.RENEW, **fields: Any) -> Mailing:
    """Something that several were asked at once, with nobody in it yet."""
    given: dict[str, Any] = {"left_out": [], "sent_at": now()} | fields
    if "sent_by_id" not in given:
        given["sent_by_id"] = factories.account().id
    made: Mailing = kept(Mailing(kind=kind, **given))
    return made


def asked(found: Mailing, member: Angel | None = None) -> Asked:
    """One member who was asked in it."""
    who = member or network.angel()
    given = {"kind": found.kind, "reader_ids": (str(who.account_id),), "asked_on": today()}
    made: Asked = kept(Asked(mailing_id=found.id, angel_id=who.id, **given))
    return made


def yearly_letter(**fields: Any) -> YearlyLetter:
    """The letter about a year, sent to nobody yet."""
    given: dict[str, Any] = {"year": 2025, "figures": [["Made figure", "12"]], "sent_at": now()} | fields
    if "sent_by_id" not in given:
        given["sent_by_id"] = factories.account().id
    made: YearlyLetter = kept(YearlyLetter(**given))
    return made


def yearly_copy(found: YearlyLetter, owner: Account) -> YearlyCopy:
    """That a member was sent it."""
    made: YearlyCopy = kept(YearlyCopy(letter_id=found.id, account_id=owner.id, sent_at=now()))
    return made


def email_choice(owner: Account, *, is_stopped: bool = True) -> EmailChoice:
    """What a member chose of the emails that they can do without."""
    made: EmailChoice = kept(EmailChoice(account_id=owner.id, is_stopped=is_stopped, chosen_at=now()))
    return made
