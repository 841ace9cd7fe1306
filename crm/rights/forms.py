"""The forms of the register: an entry, a part of a work, a licence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from crm.documents.forms import UploadForm
from crm.kernel.clock import today
from crm.rights.models import Right, RightLicence, RightPart
from crm.rights.queries import Search
from crm.rights.rules.labels import KINDS, MAKERS, SECRET, STATUSES, WAYS, Days
from crm.rights.rules.registering import DAYS, KINDS_ON_REGISTER, Difference, read_number
from crm.rights.rules.shares import in_lines, read_shares
from crm.rights.service import keeping, licensing
from crm.rights.service.keeping import RightDetails
from crm.rights.service.licensing import LicenceDetails
from crm.rights.service.titling import SIGNED, PartDetails
from crm.rights.workflow import LicenceWay, MakerKind, RightKind, RightStatus
from crm.web.fields import DayField, Line, MoneyField, ReadAs, SeenVersion, optional
from crm.web.forms import Form

TODOS = {"": "All rights", "renew": "Renewal due soon or missed", "gaps": "Something is missing"}


class RightForm(Form):
    """What is owned, by whom, where it holds, and by when it must be renewed."""

    version = SeenVersion()
    kind = RadioField(
        "Type of right",
        [InputRequired("Choose the type of right")],
        choices=[SelectChoice(value, label) for value, label in KINDS.items()],
    )
    title = Line("Title or name of the work, mark, design or invention", [InputRequired("Enter a title")])
    owner = Line("Who owns it now?", [optional()])
    shares = ReadAs("Shares, if several own it", [optional()], read=read_shares, write=in_lines)
    territory = Line("Where does it apply?", [InputRequired("Enter where it applies, like United Kingdom")])
    status = RadioField(
        "Is it registered?",
        [InputRequired("Choose whether it is registered")],
        choices=[SelectChoice(value, label) for value, label in STATUSES.items()],
    )
    number = Line("Registration or application number", [optional()], longest=60)
    classes = Line("Classes", [optional()])
    filed_on = DayField("Day it was filed", [optional()])
    registered_on = DayField("Day it was registered", [optional()])
    renews_on = DayField("Day it must be renewed by", [optional()])
    yearly_cost = MoneyField("What it costs a year", [optional()])
    protects = Line("Note on the income it protects", [optional()], longest=300)

    def checked(self) -> RightForm:
        """With the rules of the verb asked at once, so that everything wrong is said together."""
        return (
            self.also(
                lambda: keeping.require_owner(self.owner.data, self.shares.data or ()), "owner", "shares"
            )
            .also(self._require_registrable, "kind", "status")
            .also(lambda: keeping.require_classes(self.kind.data, self.classes.data), "kind")
            .also(self._require_days, *DAYS)
        )

    def _require_registrable(self) -> None:
        told = {"number": self.number.data, "territory": self.territory.data or ""}
        keeping.require_registrable(self.kind.data, self.status.data, **told)

    def _require_days(self) -> None:
        keeping.require_days(Days(*(self[each].data for each in DAYS)), status=self.status.data or "")

    def details(self) -> RightDetails:
        """As the verb takes it."""
        return RightDetails(
            kind=RightKind(self.kind.data),
            title=self.title.data,
            owner=self.owner.data or "",
            territory=self.territory.data,
            status=RightStatus(self.status.data),
            number=self.number.data or "",
            shares=self.shares.data or (),
            classes=self.classes.data or "",
            filed_on=self.filed_on.data,
            registered_on=self.registered_on.data,
            renews_on=self.renews_on.data,
            yearly_cost=self.yearly_cost.data,
            protects=self.protects.data or "",
        )


PLAIN = ("kind", "title", "territory", "status", "number", "classes", "filed_on", "registered_on")
FURTHER = ("renews_on", "yearly_cost", "protects", "version")


def values_of(found: Right) -> dict[str, Any]:
    """What the form shows of an entry."""
    shown = {name: getattr(found, name) for name in (*PLAIN, *FURTHER)}
    return shown | {"owner": "" if found.shares else found.owner, "shares": found.shares or None}


class LookUpForm(Form):
    """A number to look up on the register of the Intellectual Property Office. Asked again, the register is asked again."""

    may_repeat = True
    kind = RadioField(
        "Type of right",
        [InputRequired("Choose the type of right")],
        choices=[SelectChoice(value, label) for value, label in KINDS_ON_REGISTER.items()],
    )
    number = Line("Registration or application number", [InputRequired("Enter the number")], longest=60)

    def validate_number(self, field: Line) -> None:
        """A number as the register writes it."""
        if self.kind.data in KINDS_ON_REGISTER:
            field.data = read_number(self.kind.data, field.data or "")


class TakeOverForm(Form):
    """What is taken over from the register: nothing, unless it is chosen."""

    version = SeenVersion()
    chosen = SelectMultipleField("Change the entry to what the register says", choices=[])

    def offer(self, found: Iterable[Difference]) -> TakeOverForm:
        """Offer each difference, with what both say."""
        self.chosen.choices = [SelectChoice(each.field, each.label) for each in found]
        return self


class PartForm(Form):
    """Who made a part of a work."""

    title = Line("Part of the work", [InputRequired("Enter the part, like Episode 3")], longest=120)
    craft = Line("What did they do?", [InputRequired("Enter what they did, like composer")], longest=60)
    maker = Line("Who made it?", [InputRequired("Enter who made it")], longest=120)
    maker_kind = RadioField(
        "How did they work for the business?",
        [InputRequired("Choose how they worked for the business")],
        choices=[SelectChoice(value, label) for value, label in MAKERS.items()],
    )

    def details(self) -> PartDetails:
        """As the verb takes it."""
        kind = MakerKind(self.maker_kind.data)
        return PartDetails(self.title.data, self.craft.data, self.maker.data, kind)


class CorrectPartForm(PartForm):
    """What is corrected of a part; where a paper is attached, whether it is signed by whoever is named now."""

    version = SeenVersion()
    is_signed = BooleanField("I have checked that the person named here signed the attached paper")

    def about(self, found: RightPart) -> CorrectPartForm:
        """Ask about the paper only where there is one."""
        if found.assigned_at is None:
            del self.is_signed
        return self

    @property
    def has_checked(self) -> bool:
        """Whether the paper was looked at again."""
        return "is_signed" in self and bool(self.is_signed.data)


def part_values(found: RightPart) -> dict[str, Any]:
    """What the form shows of a part."""
    names = ("version", "title", "craft", "maker", "maker_kind")
    return {name: getattr(found, name) for name in names}


def _said(part: RightPart) -> str:
    """A part of a work in a list: which, and what its maker did and was."""
    return f"{part.title}, {part.craft} ({MAKERS[part.maker_kind].lower()})"


class AssignmentForm(UploadForm):
    """A signed assignment, looked at by whoever attaches it, and the other parts by the same person that it covers."""

    takes = SIGNED
    signed_on = DayField("When was it signed?", [optional()], most=today)
    is_signed = BooleanField("", [InputRequired("Check that the paper is signed, and tick the box")])
    also = SelectMultipleField(
        "Does it cover other parts by the same person?", choices=[], validate_choice=False
    )
    signed: Mapping[str, str] = {}

    def offer(self, parts: Iterable[RightPart], *, signed: Iterable[RightPart], maker: str) -> AssignmentForm:
        """Offer the other parts that the same person made and that have no assignment; ``signed`` are those that have one."""
        self.is_signed.label.text = f"I have checked that {maker} has signed it"
        self.signed = {str(each.id): each.title for each in signed}
        self.also.choices = [SelectChoice(str(each.id), _said(each)) for each in parts]
        return self

    def validate_also(self, field: SelectMultipleField) -> None:
        """Refuse a part that got its paper, or was removed, after the page was opened."""
        offered = {str(value) for value, *_ in field.iter_choices()}
        gone = [each for each in field.data or () if each not in offered]
        titles = [self.signed[each] for each in gone if each in self.signed]
        if titles:
            verb = "already has its" if len(titles) == 1 else "already have their"
            raise ValidationError(f"{' and '.join(titles)} {verb} signed assignment")
        if gone:
            raise ValidationError("One of these parts was removed. Choose again from those on the page")

    @property
    def chosen(self) -> set[UUID]:
        """The other parts that were ticked."""
        return {UUID(each) for each in self.also.data or ()}


class LicenceForm(Form):
    """Who may use a right. One that is corrected carries the version that was shown."""

    version = SeenVersion()
    way = RadioField(
        "Which way does the licence go?",
        [InputRequired("Choose which way the licence goes")],
        choices=[SelectChoice(value, label) for value, label in WAYS.items()],
    )
    income = MoneyField("What the other business pays a year", [optional()])
    paid = MoneyField("What the business pays a year", [optional()])
    party = Line("Name of the other business or person", [InputRequired("Enter a name")])
    territory = Line("Where does it apply?", [InputRequired("Enter where it applies, like Worldwide")])
    is_exclusive = RadioField(
        "Is it exclusive?",
        [InputRequired("Choose whether it is exclusive")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    starts_on = DayField("Day it starts", [InputRequired("Enter the day it starts")])
    ends_on = DayField("Day it ends", [optional()])

    def checked(self) -> LicenceForm:
        """With the rule of the verb asked at once, so that everything wrong is said together."""
        days = ("starts_on", "ends_on")
        return self.also(lambda: licensing.require_days(self.starts_on.data, self.ends_on.data), *days)

    def validate_income(self, field: MoneyField) -> None:
        """A sum under the other way of the licence is not dropped without a word."""
        _require_way(self, LicenceWay.OUT, field)

    def validate_paid(self, field: MoneyField) -> None:
        """The same for what the business pays."""
        _require_way(self, LicenceWay.IN, field)

    def details(self) -> LicenceDetails:
        """As the verb takes it."""
        return LicenceDetails(
            way=LicenceWay(self.way.data),
            party=self.party.data,
            territory=self.territory.data,
            is_exclusive=self.is_exclusive.data == "yes",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            income=self.income.data if self.way.data == LicenceWay.OUT else self.paid.data,
        )


def licence_values(found: RightLicence) -> dict[str, Any]:
    """What the form shows of a licence."""
    names = ("version", "way", "party", "territory", "starts_on", "ends_on")
    shown = {name: getattr(found, name) for name in names}
    paid = "income" if found.way is LicenceWay.OUT else "paid"
    return shown | {"is_exclusive": "yes" if found.is_exclusive else "no", paid: found.income}


def _require_way(form: LicenceForm, way: LicenceWay, field: MoneyField) -> None:
    if field.data is not None and form.way.data in WAYS and form.way.data != way:
        raise ValidationError(f"This is for a “{WAYS[way]}”. Clear it, or choose that way above")


class RightsFilter(Form):
    """What the list of rights is narrowed by."""

    q = Line("Title, number or business", [optional()])
    kind = SelectField(
        "Type of right",
        choices=[
            SelectChoice("", "Any"),
            *(SelectChoice(each, label) for each, label in KINDS.items() if each != SECRET),
        ],
    )
    todo = SelectField("Show", choices=[SelectChoice(each, label) for each, label in TODOS.items()])

    def search(self) -> Search:
        """As the query takes it; what cannot be chosen narrows nothing."""
        kind = RightKind(self.kind.data) if self.kind.data in KINDS else None
        return Search(
            text=self.q.data or "", kind=kind, todo=self.todo.data if self.todo.data in TODOS else ""
        )
