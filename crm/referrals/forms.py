"""The forms of referrals: preparing one, answering one, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.accounts.models import Account
from crm.businesses.models import Person
from crm.casework.models import Conversation
from crm.casework.rules import hours_in_words, read_total
from crm.diagnostics.rules.triage import Need
from crm.directory.models import Service
from crm.notices.service import Reader
from crm.referrals.models import Referral
from crm.referrals.rules import OUTCOMES, OWN, SHOWN
from crm.referrals.service.answering import Came, Help
from crm.referrals.service.preparing import LONGEST_MESSAGE, LONGEST_SUBJECT, ReferralDetails
from crm.referrals.workflow import Outcome
from crm.web.fields import EmailLine, Line, MoneyField, ReadAs, SeenMark, SeenVersion, optional
from crm.web.filters import day, sentence
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_MESSAGE, message=f"This must be {LONGEST_MESSAGE:,} characters or fewer")
YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]


class SearchForm(Form):
    """Which referrals are shown."""

    show = SelectField(
        "Show", choices=[SelectChoice(each, label) for each, label in SHOWN.items()], validate_choice=False
    )

    def for_reader(self, *, refers: bool) -> SearchForm:
        """Leave out what only those have who refer businesses."""
        offered = {each: label for each, label in SHOWN.items() if refers or each not in OWN}
        self.show.choices = [SelectChoice(each, label) for each, label in offered.items()]
        return self


class ReferralForm(Form):
    """To whom a business is passed on, and why. ``to`` is "service:<id>" or "colleague:<id>"."""

    version = SeenVersion()
    to = SelectField("Refer to", [InputRequired("Choose a service or a colleague")])
    person_id = RadioField("Whom should they call?", [InputRequired("Choose whom they should call")])
    subject = Line(
        "What is it about?", [InputRequired("Say in a line what it is about")], longest=LONGEST_SUBJECT
    )
    message = TextAreaField(
        "Why are you referring them?", [InputRequired("Say why you are referring them"), TOO_LONG]
    )
    needs = SelectMultipleField("Which needs should they know of?")
    conversations = SelectMultipleField("Which conversations should they know of?")

    def offer(
        self,
        services: Iterable[Service],
        colleagues: Iterable[Account],
        people: Iterable[Person],
        conversations: Iterable[Conversation],
        needs: Iterable[Need] = (),
    ) -> Self:
        """Offer what can be chosen."""
        self.to.choices = {
            "": [SelectChoice("", "Choose")],
            "Services": [
                SelectChoice(f"service:{each.id}", f"{each.name} ({each.provider.name})") for each in services
            ],
            "Colleagues": [SelectChoice(f"colleague:{each.id}", each.name) for each in colleagues],
        }
        self.person_id.choices = [SelectChoice(str(each.id), each.name) for each in people]
        self.needs.choices = [SelectChoice(each.name, sentence(each.words)) for each in needs]
        self.conversations.choices = [
            SelectChoice(str(each.id), f"{day(each.happened_on)}: {each.subject}") for each in conversations
        ]
        return self

    def details(self) -> ReferralDetails:
        """The referral as the verbs take it."""
        kind, _, found = (self.to.data or "").partition(":")
        return ReferralDetails(
            person_id=UUID(self.person_id.data),
            subject=self.subject.data or "",
            message=self.message.data or "",
            service_id=UUID(found) if kind == "service" else None,
            recipient_id=UUID(found) if kind == "colleague" else None,
            conversations=tuple(UUID(each) for each in self.conversations.data or ()),
            needs=tuple(self.needs.data or ()),
        )


def values_of(found: Referral, needs: Iterable[Need]) -> dict[str, Any]:
    """What the form shows of a draft; one from before shares all of these needs."""
    to = f"service:{found.service_id}" if found.service_id else f"colleague:{found.recipient_id}"
    shown = {"to": to, "person_id": str(found.person_id), "subject": found.subject, "message": found.message}
    return shown | {
        "needs": [each.name for each in needs] if found.needs is None else found.needs,
        "conversations": [str(each.conversation_id) for each in found.chosen],
        "version": found.version,
    }


class PreviewForm(Form):
    """That a preview was read: ``seen`` is the mark of what it showed."""

    seen = SeenMark()


class SendForm(PreviewForm):
    """Who reads it at the provider."""

    name = Line("Name", [InputRequired("Enter who reads it there")])
    email = EmailLine("Email address", [InputRequired("Enter the address that it goes to")])

    def reader(self) -> Reader:
        """To whom the letter goes."""
        return Reader(self.email.data or "", self.name.data or "")


class ReasonForm(Form):
    """Why: to decline, to withdraw, to open again."""

    reason = TextAreaField("Why?", [InputRequired("Say why: it helps to find something that fits"), TOO_LONG])


class ObjectForm(Form):
    """Why a business does not want to be referred; it need not say."""

    words = TextAreaField("Why not?", [TOO_LONG])


class CameForm(Form):
    """What came of a referral."""

    outcome = RadioField(
        "What came of it?",
        [InputRequired("Choose what came of it")],
        choices=[SelectChoice(each, label) for each, label in OUTCOMES.items()],
    )
    quarters = ReadAs("Hours of help", [optional()], read=read_total, write=hours_in_words)
    value = MoneyField("What was the help worth?", [optional()])
    note_to_business = TextAreaField("A word to the business", [TOO_LONG])

    def came(self) -> Came:
        """What came of it, as the verbs take it."""
        return Came(
            Outcome(self.outcome.data), self.note_to_business.data or "", self.quarters.data, self.value.data
        )


class HelpedForm(Form):
    """Whether a business was helped."""

    helped = RadioField("Did it help?", [InputRequired("Choose yes or no")], choices=YES_NO)
    helped_note = TextAreaField("Would you like to add something?", [TOO_LONG])

    def told(self) -> Help:
        """What the business says, as the verbs take it."""
        return Help(self.helped.data == "yes", self.helped_note.data or "")
