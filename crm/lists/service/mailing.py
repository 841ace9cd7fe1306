"""Writing to the people of several businesses: who gets the email, who does not and why."""

from __future__ import annotations

from collections.abc import Sequence

from crm.accounts.queries import account
from crm.businesses.models import Person
from crm.businesses.queries.seeing import latest_consents, people_by_business
from crm.businesses.rules.labels import PURPOSES
from crm.caseload.policy import Led
from crm.casework.policy import POLICY
from crm.casework.queries import emails
from crm.casework.service.mailing import Addressee, Mailing, by_address, wording_for, write_to_many
from crm.casework.service.writing import require_sound_body
from crm.casework.workflow import Act
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.service.deeds import Fate, LeftOut, Part, Wish, left
from crm.notices.queries import addresses_failed
from crm.notices.rules import Wording

OF_ANOTHER_HUB = "Your hub does not look after this business"
NO_ADDRESS = "Nobody there has an email address"
CLOSED = "Their account is closed"
FAILED = (
    "The last email to their address could not be delivered. Correct the address on the page of the business"
)
MOST_EMAILS = 500


class Writing:
    """One email of a kind to the people of many businesses, each of which agreed to what it is about."""

    def __init__(self, mailing: Mailing, wish: Wish, rows: Sequence[Led], by: Actor) -> None:
        ids = [each.business.id for each in rows]
        self.mailing, self.by, self.to_all = mailing, by, wish.to_all
        self.what, self.marked = "", (mailing.kind, dict(mailing.said), mailing.purpose, wish.to_all)
        self.consents = latest_consents(ids, mailing.purpose)
        self.people = {
            key: [each for each in people if each.left_on is None]
            for key, people in people_by_business(ids).items()
        }
        readers = [each for people in self.people.values() for each in people if each.email]
        self.closed = emails.closed_among(readers)
        self.failed = addresses_failed({each.email or "" for each in readers})
        self.before = emails.written_once(mailing.once, readers)

    def fate(self, led: Led) -> Fate:
        """Written to where the business agreed, by those people there who can be reached."""
        why = self._why_not(led)
        people = self.people.get(led.business.id, [])
        if why or not any(each.email for each in people):
            return left(led, why or NO_ADDRESS)
        chosen = people if self.to_all else [next(each for each in people if each.email)]
        said = [(each, self.why_not_to(each)) for each in chosen]
        out = tuple(LeftOut(led.business, reason, each) for each, reason in said if reason)
        to = tuple(Addressee(each, led.business) for each, reason in said if not reason)
        beside = "to " + ", ".join(f"{each.person.name} ({each.address})" for each in to)
        return (Part(led, beside, to) if to else None), out

    def _why_not(self, led: Led) -> str | None:
        """Why nobody at a business is written to."""
        if not POLICY.allows(self.by, Act.WRITE_EMAIL, led.business):
            return OF_ANOTHER_HUB
        given = self.consents.get(led.business.id)
        asked = f"“{self.mailing.agreed}”"
        if given is None:
            return f"It has not agreed to {asked}"
        if given.withdrawn_at is not None:
            return f"It withdrew its consent to {asked} on {day_in_words(day_of(given.withdrawn_at))}"
        return None

    def why_not_to(self, person: Person) -> str | None:
        """Why one person is not written to."""
        if not person.email:
            return "No email address"
        if person.email in self.closed:
            return CLOSED
        if person.email in self.failed:
            return FAILED
        at = self.before.get(person.id) or self.before.get(person.email)
        return f"This was sent to them already, on {day_in_words(day_of(at))}" if at else None

    def letter_to(self, to: Sequence[Part]) -> Wording | None:
        """The first email, word for word. Raises `Invalid` where there are too many."""
        groups = list(by_address(_readers(to)).values())
        if len(groups) > MOST_EMAILS:
            raise Invalid(
                f"This would go to {len(groups):,} people. Tick fewer businesses: {MOST_EMAILS} emails at once are the most",
                field="who",
            )
        return wording_for(self.mailing, groups[0]) if groups else None

    def act(self, to: Sequence[Part], made: BulkChange) -> None:
        """Put the emails in the outbox."""
        own = account(self.by.account_id) if self.by.account_id else None
        assert own is not None
        write_to_many(
            self.mailing, _readers(to), about=(made.__tablename__, made.id), reply_to=own.email, by=self.by
        )


def _readers(to: Sequence[Part]) -> list[Addressee]:
    return [reader for each in to for reader in each.readers]


class Emailing(Writing):
    """An email of an adviser's own words."""

    def __init__(self, wish: Wish, rows: Sequence[Led], by: Actor) -> None:
        words = wish.words
        if words is None:
            raise Invalid("Enter a message", field="body")
        require_sound_body(words.body)
        said = {"subject": words.subject, "body": words.body, "by_name": by.name}
        once = mark_of("email", by.account_id, words.subject, words.body)
        super().__init__(
            Mailing("written_to_many", said, words.purpose, PURPOSES[words.purpose], once), wish, rows, by
        )
        self.what = words.subject
