"""The forms by which a business, its people, its years and its consents are kept, and businesses are searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Business, Person
from crm.businesses.rules.labels import AMBITIONS, CONNECTIONS, MEASURES
from crm.businesses.rules.naming import website_domain
from crm.businesses.rules.reading import EARLIEST_TRADING
from crm.businesses.rules.sectors import read_codes
from crm.businesses.service.claiming import Claimant
from crm.businesses.service.inviting import ColleagueWanted
from crm.businesses.service.keeping import BusinessDetails
from crm.businesses.service.people import ConnectionDetails, PersonDetails, YearDetails
from crm.businesses.workflow import Ambition, ConnectionKind, HeadcountMeasure, NameKind
from crm.kernel.clock import today
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.errors import BadInput
from crm.kernel.postcodes import Postcode, parse_outcode
from crm.kernel.roles import Standing
from crm.places.queries import authorities
from crm.web.fields import (
    LONGEST_TEXT,
    DayField,
    EmailLine,
    Line,
    MoneyField,
    SeenVersion,
    TelephoneLine,
    WholeNumberField,
    Why,
    optional,
)
from crm.web.filters import sentence
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
REASON_TOO_LONG = Length(max=500, message="This must be 500 characters or fewer")
NOT_KNOWN = SelectChoice("", "Not known")
MOST_NAMES = 10


def choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    """Words of a list as the choices of a field."""
    return [SelectChoice(str(value), sentence(label)) for value, label in words.items()]


class _ReadLine(Line):
    """A line that is read as something and kept as text; what cannot be read stays as it was typed."""

    def read(self, text: str) -> str:
        """The text as it is kept; raises `BadInput`."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; nothing typed is empty."""
        self.data = (valuelist[0] if valuelist else "").strip()
        if self.data:
            self.data = self.read(self.data)


class CompanyNumberLine(_ReadLine):
    """A company number, normalised."""

    def read(self, text: str) -> str:
        """Eight figures, or letters and figures."""
        return str(CompanyNumber.parse(text))


class PostcodeLine(_ReadLine):
    """A full postcode, normalised."""

    def read(self, text: str) -> str:
        """With its one space."""
        return str(Postcode.parse(text))


class WhereaboutsLine(_ReadLine):
    """A postcode, or a district alone where no more is known."""

    def read(self, text: str) -> str:
        """A district if it is one, else a postcode."""
        try:
            return parse_outcode(text)
        except BadInput:
            return str(Postcode.parse(text))

    @property
    def postcode(self) -> str | None:
        """The whole postcode, where one was given."""
        return self.data if self.data and " " in self.data else None

    @property
    def outcode(self) -> str | None:
        """The district."""
        return self.data.split(" ")[0] if self.data else None


class BusinessForm(Form):
    """What is known of a business."""

    name = Line("Name of the business", [InputRequired("Enter the name of the business")])
    not_a_duplicate = Why("Why it is none of those", [], longest=500)
    trading_names = TextAreaField("Names it trades under", [TOO_LONG])
    company_number = CompanyNumberLine("Company number", [])
    legal_form = SelectField("Set up as", choices=[NOT_KNOWN, *choices(LEGAL_FORMS)])
    description = TextAreaField("What it does", [TOO_LONG])
    website = Line("Website", [], longest=300)
    trading_place = WhereaboutsLine("Postcode it trades from", [])
    trading_address = TextAreaField("Address it trades from", [REASON_TOO_LONG])
    hides_address = BooleanField("This is a home address: show it to the hubs only")
    registered_postcode = PostcodeLine("Registered postcode", [])
    registered_address = TextAreaField("Registered address", [REASON_TOO_LONG])
    dcms_groups = SelectMultipleField("Creative sectors", choices=choices(DCMS_GROUPS))
    sic_codes = Line("SIC codes", [], longest=200)
    stage = SelectField("Stage", choices=[NOT_KNOWN, *choices(STAGES)])
    ambition = SelectField("Ambition for the next three years", choices=[NOT_KNOWN, *choices(AMBITIONS)])
    trading_since = DayField("Trading since", [optional()], least=EARLIEST_TRADING, most=today, is_rough=True)
    version = SeenVersion()

    def validate_website(self, field: Any) -> None:
        """Only web addresses, which a page can link to."""
        if not field.data:
            return
        if "//" not in field.data:
            field.data = f"https://{field.data}"
        if website_domain(field.data) is None or not field.data.startswith(("http://", "https://")):
            raise BadInput("Enter a web address, like https://example.com")

    def validate_sic_codes(self, field: Any) -> None:
        """Up to four codes that can be read."""
        read_codes(field.data or "")

    def validate_trading_names(self, field: Any) -> None:
        """A few names, each as long as a name may be."""
        names = names_in(field.data)
        if len(names) > MOST_NAMES or any(len(name) > 200 for name in names):
            raise BadInput(f"Give {MOST_NAMES} names at most, one on each line, of 200 characters at most")

    def details(self) -> BusinessDetails:
        """The business as the verbs take it."""
        return BusinessDetails(
            name=self.name.data or "",
            company_number=self.company_number.data or None,
            legal_form=self.legal_form.data or None,
            trading_names=names_in(self.trading_names.data),
            description=self.description.data or "",
            website=self.website.data or None,
            stage=self.stage.data or None,
            ambition=Ambition(self.ambition.data) if self.ambition.data else None,
            trading_since=self.trading_since.data,
            dcms_groups=tuple(self.dcms_groups.data or ()),
            sic_codes=read_codes(self.sic_codes.data or ""),
            registered_address=self.registered_address.data or "",
            registered_postcode=self.registered_postcode.data or None,
            trading_address=self.trading_address.data or "",
            trading_postcode=self.trading_place.postcode,
            trading_outcode=self.trading_place.outcode,
            hides_address=bool(self.hides_address.data),
            version=self.version.data,
            not_a_duplicate=self.not_a_duplicate.data or "",
        )


def names_in(text: str | None) -> tuple[str, ...]:
    """The names in a text, one on each line, each once."""
    return tuple(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


SHOWN_AS_THEY_ARE = (
    *("name", "company_number", "legal_form", "description", "website", "stage", "ambition"),
    *("trading_address", "hides_address", "registered_postcode", "registered_address", "version"),
)


def values_of(business: Business) -> dict[str, Any]:
    """What the form shows of a business that is there already."""
    values = {name: getattr(business, name) or "" for name in SHOWN_AS_THEY_ARE}
    trading = [each.name for each in business.names if each.kind is NameKind.TRADING]
    return values | {
        "trading_names": "\n".join(trading),
        "trading_since": business.trading_since,
        "dcms_groups": list(business.dcms_groups),
        "sic_codes": ", ".join(business.sic_codes),
        "trading_place": business.trading_postcode or business.trading_outcode or "",
    }


class PlaceForm(Form):
    """Where a business trades, whatever its postcode may mean."""

    authority = SelectField(
        "Council area",
        [InputRequired("Choose a council area")],
        choices=[SelectChoice("", "Choose"), *(SelectChoice(each.name, each.name) for each in authorities())],
    )
    reason = Why("How do you know?", [InputRequired("Say how you know")], longest=500)


class ShareForm(Form):
    """A further hub, and why it may see the business."""

    hub_id = SelectField("Hub", [InputRequired("Choose a hub")])
    reason = Why("Why should they see it?", [InputRequired("Say why")], longest=500)

    def offer(self, hubs: Iterable[tuple[str, str]]) -> ShareForm:
        """Offer these hubs, by id and name."""
        self.hub_id.choices = [
            SelectChoice("", "Choose a hub"),
            *(SelectChoice(each, name) for each, name in hubs),
        ]
        return self

    def leave_out(self, hub_ids: Collection[str]) -> None:
        """Show no hub that can see the business already."""
        self.hub_id.choices = [each for each in self.hub_id.choices if each.value not in hub_ids]

    @property
    def offers(self) -> bool:
        """Whether any hub is left to share with."""
        return any(each.value for each in self.hub_id.choices)


class PersonForm(Form):
    """A person at a business."""

    name = Line("Full name", [InputRequired("Enter their full name")])
    role = Line("What they do there", [], longest=100)
    email = EmailLine("Email address", [optional()])
    phone = TelephoneLine("Telephone", [])
    left_on = DayField("Left on", [optional()], most=today)

    def details(self) -> PersonDetails:
        """The person as the verbs take them."""
        return PersonDetails(
            name=self.name.data or "",
            role=self.role.data or "",
            email=self.email.data or None,
            phone=self.phone.data or None,
            left_on=self.left_on.data,
        )


def values_of_person(person: Person) -> dict[str, Any]:
    """What the form shows of a person who is there already."""
    told = {name: getattr(person, name) or "" for name in ("name", "role", "email", "phone")}
    return told | {"left_on": person.left_on}


class YearForm(Form):
    """What is known of one accounting period."""

    year_end = DayField(
        "Last day of the year", [InputRequired("Enter the last day of the accounting year")], most=today
    )
    months = WholeNumberField(
        "Length of the year", [optional()], least=1, most=24, says="The length of the year in months"
    )
    turnover = MoneyField("Turnover", [])
    employees = WholeNumberField("People", [optional()], most=100_000, says="The number of people")
    measure = RadioField("Counted as", choices=choices(MEASURES))
    export_turnover = MoneyField("Of the turnover, sold abroad", [optional()], says="Turnover sold abroad")
    research_spend = MoneyField(
        "Spent on research and development", [optional()], says="Research and development spend"
    )
    source = Why("Where the figures come from", [InputRequired("Say where the figures come from")])

    def validate_turnover(self, _field: Any) -> None:
        """Something must be known."""
        known = (self.turnover, self.employees, self.export_turnover, self.research_spend)
        if not any(each.data is not None or each.process_errors for each in known):
            raise BadInput("Enter at least one of the figures. Leave what is not known empty")

    def details(self) -> YearDetails:
        """The year as the verbs take it."""
        return YearDetails(
            year_end=self.year_end.data,
            months=self.months.data or 12,
            turnover=self.turnover.data,
            employees=self.employees.data,
            measure=HeadcountMeasure(self.measure.data),
            export_turnover=self.export_turnover.data,
            research_spend=self.research_spend.data,
            source=self.source.data or "",
        )


class ConnectionForm(Form):
    """How a person is connected to a business."""

    kind = SelectField(
        "How they stand to it",
        [InputRequired("Choose how they stand to it")],
        choices=[SelectChoice("", "Choose"), *choices(CONNECTIONS)],
    )
    who = Line("Who", [InputRequired("Enter who it is")])
    note = Line("Note", [], longest=500)
    valid_from = DayField("Since", [optional()])

    def details(self) -> ConnectionDetails:
        """The connection as the verbs take it."""
        return ConnectionDetails(
            kind=ConnectionKind(self.kind.data),
            who=self.who.data or "",
            note=self.note.data or "",
            valid_from=self.valid_from.data,
        )


class ClaimForm(Form):
    """A request for access to a business."""

    name = Line("Full name", [InputRequired("Enter their full name")])
    email = EmailLine("Email address", [InputRequired("Enter their email address")])
    role = Line("What they do there", [], longest=100)
    evidence = TextAreaField("How do you know that they speak for the business?", [REASON_TOO_LONG])

    def claimant(self) -> Claimant:
        """The claimant as the verbs take them."""
        return Claimant(
            self.name.data or "", self.email.data or "", self.role.data or "", self.evidence.data or ""
        )


class ColleagueForm(Form):
    """A colleague to invite."""

    email = EmailLine("Email address", [InputRequired("Enter their email address")])
    standing = RadioField(
        "What may they do?",
        [InputRequired("Choose what they may do")],
        choices=[
            SelectChoice(Standing.CONTRIBUTOR.value, "See everything, change facts and figures"),
            SelectChoice(Standing.OWNER.value, "Own it: also invite others and give consents"),
        ],
    )

    def colleague(self) -> ColleagueWanted:
        """The colleague as the verbs take them."""
        return ColleagueWanted(self.email.data or "", Standing(self.standing.data))


class JoinForm(Form):
    """Accepting an invitation; the name is asked of those alone who have no account yet."""

    name = Line("Your full name", [])


class SearchForm(Form):
    """The filters of the list, as the address carries them."""

    q = Line("Name or number", [], longest=100)
    place = Line("Postcode, district or area", [], longest=10)
    group = SelectMultipleField("Creative sectors", choices=choices(DCMS_GROUPS), validate_choice=False)
    stage = SelectField("Stage", choices=[SelectChoice("", "Any"), *choices(STAGES)], validate_choice=False)
    hub = SelectField("Hub", validate_choice=False)
    mine = BooleanField("Only those I lead or work with")
    archived = BooleanField("Show archived ones too")
    sort = SelectField(
        "Sorted by",
        choices=[SelectChoice("name", "Name"), SelectChoice("newest", "Newest first")],
        validate_choice=False,
    )

    def offer(self, hubs: Iterable[tuple[str, str]]) -> SearchForm:
        """Offer these hubs, by id and name."""
        self.hub.choices = [SelectChoice("", "Any hub"), *(SelectChoice(each, name) for each, name in hubs)]
        return self

    def is_set(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.q.data) or self.is_filtered()

    def is_filtered(self) -> bool:
        """Whether anything is asked for besides words."""
        return any(field.data for field in self if field.name not in ("q", "sort"))
