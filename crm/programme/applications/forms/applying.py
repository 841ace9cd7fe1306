"""The form of one section, made of its questions; and those of submitting, withdrawing and deciding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Business, YearlyFigures
from crm.kernel.clock import moment_on, read_time, write_time
from crm.kernel.eligibility import LEGAL_FORMS
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.programme.applications.rules.answering import total_of_costs
from crm.programme.rounds.forms.composing import TOO_LONG, ReasonForm
from crm.programme.rounds.models import RoundQuestion
from crm.programme.rounds.rules.asking import FITS
from crm.web.fields import (
    LONGEST_TEXT,
    DayField,
    Line,
    MoneyField,
    ReadAs,
    SeenVersion,
    WholeNumberField,
    optional,
)
from crm.web.filters import sentence
from crm.web.forms import Form
from crm.web.seen import SeenForm

LONGEST_ESSAY = 2 * LONGEST_TEXT
MOST_COSTS, SPARE_ROWS = 30, 3
LARGEST_NUMBER = 1_000_000_000


class CostsField(Field):
    """A table of costs: rows of ``name-0-item`` and ``name-0-sum``. ``rows`` is what was typed; empty rows are left out."""

    data: Any

    def __init__(self, label: str = "", validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.rows: list[tuple[str, str]] = []

    def process(
        self,
        formdata: Any,
        data: Any = None,
        extra_filters: Any = None,  # noqa: ARG002 as WTForms calls it
    ) -> None:
        """Take the rows as one value: pairs of words and pence."""
        self.process_errors, self.data, self.object_data, self.raw_data = [], data or [], data or [], []
        self.rows = [(item, str(Money(pence)).removeprefix("£")) for item, pence in self.data]
        if formdata is None or f"{self.name}-0-item" not in formdata:
            return
        self.rows = [
            typed
            for at in range(MOST_COSTS)
            if (typed := self._typed(formdata, at)) is not None and any(typed)
        ]
        self.raw_data = [part for row in self.rows for part in row]
        try:
            self.data = [self._read(at, *row) for at, row in enumerate(self.rows, 1)]
        except ValueError as fault:
            self.data = None
            self.process_errors.append(str(fault))

    def _typed(self, formdata: Any, at: int) -> tuple[str, str] | None:
        parts = [formdata.get(f"{self.name}-{at}-{part}") for part in ("item", "sum")]
        return None if None in parts else (str(parts[0]).strip(), str(parts[1]).strip())

    def _read(self, at: int, item: str, typed: str) -> list[Any]:
        if not item or len(item) > 200:
            raise BadInput(f"Row {at}: enter what it is for, in 200 characters or fewer")
        if not typed:
            raise BadInput(f"Row {at}: enter the sum")
        try:
            return [item, Money.parse(typed).pence]
        except BadInput as fault:
            raise BadInput(f"Row {at}: {fault}") from fault

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The rows and a few empty ones."""
        return (self.rows + [("", "")] * SPARE_ROWS)[:MOST_COSTS]

    @property
    def together(self) -> str:
        """What the rows come to; nothing where one cannot be read."""
        return str(total_of_costs(self.data)) if self.data else ""


def _field_of(question: RoundQuestion) -> Any:
    """The field that takes the answer to a question. Nothing has to be filled in before a section is finished."""
    label, kind = question.label, str(question.kind)
    longest = Length(max=LONGEST_ESSAY, message=f"This must be {LONGEST_ESSAY:,} characters or fewer")
    ways: dict[str, Any] = {
        "text": lambda: Line(label, [optional()], longest=500),
        "long_text": lambda: TextAreaField(label, [optional(), longest]),
        "money": lambda: MoneyField(label, [optional()]),
        "number": lambda: WholeNumberField(label, [optional()], most=LARGEST_NUMBER, says="The answer"),
        "date": lambda: DayField(label, [optional()]),
        "choice": lambda: RadioField(label, [optional()], choices=_same(question.choices)),
        "yes_no": lambda: RadioField(
            label, [optional()], choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
        ),
        "costs": lambda: CostsField(label),
    }
    return ways[kind]()


def _same(words: Iterable[str]) -> list[SelectChoice]:
    return [SelectChoice(each, each) for each in words]


class SectionForm(Form):
    """The answers to the questions of a section. `section_form` adds a field for each that is no file."""

    version = SeenVersion()
    questions: tuple[RoundQuestion, ...] = ()
    compares = True

    def field_of(self, question: RoundQuestion) -> Any:
        """The field of a question."""
        return self[name_of(question)]

    def answers(self) -> dict[str, Any]:
        """What is answered, as it is kept; what is left empty is left out."""
        found = {str(each.id): kept(self.field_of(each).data) for each in self.questions}
        return {name: value for name, value in found.items() if value not in (None, "", [])}


def name_of(question: RoundQuestion) -> str:
    """What the field of a question is called."""
    return f"q-{question.id}"


def kept(value: Any) -> Any:
    """A value as answers keep it."""
    if isinstance(value, Money):
        return value.pence
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return "\n".join(value.replace("\r\n", "\n").split("\r")).strip()
    return value


def typed_of(question: RoundQuestion, answer: Any) -> Any:
    """An answer that is kept, as the field shows it."""
    if answer is None:
        return None
    kind = str(question.kind)
    if kind == "money":
        return Money(answer)
    return date.fromisoformat(answer) if kind == "date" else answer


def section_form(questions: Iterable[RoundQuestion], *, with_reply: bool = False) -> type[SectionForm]:
    """A form that asks these questions; with a reply in words, where they are asked about again."""
    asked = tuple(each for each in questions if str(each.kind) != "file")
    fields: dict[str, Any] = {name_of(each): _field_of(each) for each in asked}
    if with_reply:
        fields["reply"] = TextAreaField("Your reply", [optional(), TOO_LONG])
    told = {"questions": asked, "compares": not with_reply}
    return type("ThisSectionForm", (SectionForm,), fields | told)


def values_of(questions: Iterable[RoundQuestion], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of answers that are kept."""
    return {name_of(each): typed_of(each, answers.get(str(each.id))) for each in questions}


def told_by(business: Business, figures: list[YearlyFigures]) -> dict[str, Any]:
    """What a business told already, by the name under which a question asks for it, as answers keep it."""
    latest = figures[0] if figures else None
    since = business.trading_since
    told = {
        "name": business.name,
        "company_number": business.company_number,
        "legal_form": sentence(LEGAL_FORMS[business.legal_form]) if business.legal_form else None,
        "description": business.description,
        "website": business.website,
        "trading_postcode": business.trading_postcode,
        "trading_since": since.isoformat() if since else None,
        "turnover": latest.turnover.pence if latest and latest.turnover is not None else None,
        "employees": latest.employees if latest else None,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def prefilled(questions: Iterable[RoundQuestion], told: Mapping[str, Any]) -> dict[str, Any]:
    """Answers, by question, made of what the business told, where the kind of the question fits."""
    return {
        str(each.id): told[each.known_as]
        for each in questions
        if each.known_as in told and str(each.kind) in FITS.get(each.known_as, FITS[""])
    }


class SubmitForm(Form):
    """The declaration. Its version is the seal of the answers that were read."""

    version = SeenVersion()
    declared_by = Line("Type your full name to sign", [InputRequired("Type your full name to sign")])
    is_declared = BooleanField(
        "I agree to this declaration", [InputRequired("Tick the box to agree to the declaration")]
    )


class WithdrawForm(SeenForm):
    """Why an application is withdrawn, if they will say."""

    reason = TextAreaField("Why are you withdrawing it?", [TOO_LONG])


class ExtendForm(ReasonForm):
    """Until when, and why."""

    shown_first = ("day", "hour")
    day = DayField("New deadline", [InputRequired("Enter the day of the new deadline")])
    hour = ReadAs(
        "New deadline, at",
        [InputRequired("Enter the time of the new deadline")],
        read=read_time,
        write=write_time,
    )

    def validate_hour(self, field: Any) -> None:
        """London's clocks have to show that time on that day."""
        if self.day.data and field.data:
            moment_on(self.day.data, field.data)

    def until(self) -> datetime:
        """The moment."""
        return moment_on(self.day.data, self.hour.data)
