"""One form for each question of the support finder. An empty answer is "not sure" only where that was pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.directory.rules.labels import TRIAGE_AREAS
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.places.queries import require_a_place
from crm.signposting.rules.finding import MOST_MONTHS, MOST_PEOPLE, Answers, in_pounds, question
from crm.web.fields import MoneyField, PostcodeField, WholeNumberField
from crm.web.filters import sentence
from crm.web.forms import Form


def _title(name: str) -> str:
    known = question(name)
    return known.title if known else name


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


FOUNDERS_FORMS = {
    form: LEGAL_FORMS[form]
    for form in (
        "sole_trader",
        "freelancer",
        "company",
        "partnership",
        "llp",
        "cic",
        "charity",
        "society",
        "other",
    )
}
"""The legal forms that a founder would know their own business by. Rules may name others."""


class PercentField(WholeNumberField):
    """A whole percentage; the sign may be typed or not."""

    def read(self, text: str) -> int:
        """The number before the sign."""
        return super().read(text.removesuffix("%").rstrip())


class PostcodeForm(Form):
    """Where the business trades."""

    postcode = PostcodeField(_title("postcode"), [InputRequired("Enter a postcode, like B1 1AA")])

    def validate_postcode(self, field: Any) -> None:
        """One that says where the business works."""
        require_a_place(str(field.data))

    def value(self) -> str:
        """The answer as the address carries it."""
        return str(self.postcode.data)


class GroupsForm(Form):
    """Which of the creative industries."""

    groups = SelectMultipleField(
        _title("groups"),
        [InputRequired("Choose at least one kind of work, or say that you are not sure")],
        choices=_choices(DCMS_GROUPS),
    )

    def value(self) -> tuple[str, ...]:
        """The answer as the address carries it."""
        return tuple(self.groups.data or ())


class FormForm(Form):
    """The legal form."""

    form = RadioField(
        _title("form"),
        [InputRequired("Choose how your business is set up, or say that you are not sure")],
        choices=_choices(FOUNDERS_FORMS),
    )

    def value(self) -> str:
        """The answer as the address carries it."""
        return str(self.form.data)


class PeopleForm(Form):
    """How many work in the business."""

    people = WholeNumberField(
        _title("people"),
        [InputRequired("Enter how many people work in the business, like 4")],
        most=MOST_PEOPLE,
        says="The number of people",
    )

    def value(self) -> str:
        """The answer as the address carries it."""
        return str(self.people.data)


class TurnoverForm(Form):
    """Turnover in pounds."""

    turnover = MoneyField(
        _title("turnover"), [InputRequired("Enter your turnover in pounds, like 85,000 or £1.2m")]
    )

    def value(self) -> str:
        """The answer as the address carries it."""
        return in_pounds(self.turnover.data)


class MonthsForm(Form):
    """How long the business has traded, in years and months. Either box is enough, and 14 months are taken too."""

    years = WholeNumberField("Years", [], most=MOST_MONTHS // 12, says="The number of years")
    months = WholeNumberField("Months", [], most=MOST_MONTHS, says="The number of months")

    def validate_years(self, field: Any) -> None:
        """One of the two is needed: what is left empty is not taken for nought."""
        typed = [each for box in (field, self.months) for each in box.raw_data or () if each.strip()]
        if not typed:
            raise BadInput("Enter how long you have been trading. Put 0 if you have not started")
        if int(self.value()) > MOST_MONTHS:
            raise BadInput(f"Enter {MOST_MONTHS // 12:,} years at most")

    def value(self) -> str:
        """The answer as the address carries it."""
        return str((self.years.data or 0) * 12 + (self.months.data or 0))


class NeedsForm(Form):
    """Which areas of help."""

    needs = SelectMultipleField(
        _title("needs"),
        [InputRequired("Choose at least one kind of help, or say that you are not sure")],
        choices=_choices(TRIAGE_AREAS),
    )

    def value(self) -> tuple[str, ...]:
        """The answer as the address carries it."""
        return tuple(self.needs.data or ())


class StageForm(Form):
    """The stage of the business."""

    stage = RadioField(
        _title("stage"),
        [InputRequired("Choose the stage nearest to yours, or say that you are not sure")],
        choices=_choices(STAGES),
    )

    def value(self) -> str:
        """The answer as the address carries it."""
        return str(self.stage.data)


class ExportsForm(Form):
    """The share of sales abroad."""

    exports = PercentField(
        _title("exports"),
        [InputRequired("Enter a percentage, like 20. Put 0 if you sell nothing abroad")],
        most=100,
        says="The percentage",
    )

    def value(self) -> str:
        """The answer as the address carries it."""
        return str(self.exports.data)


FORMS: dict[str, type[Any]] = {
    "postcode": PostcodeForm,
    "groups": GroupsForm,
    "form": FormForm,
    "people": PeopleForm,
    "turnover": TurnoverForm,
    "months": MonthsForm,
    "needs": NeedsForm,
    "stage": StageForm,
    "exports": ExportsForm,
}


def told(answers: Answers, name: str) -> dict[str, Any]:
    """What the form of a question shows of an answer given before."""
    value = getattr(answers, name)
    if not value:
        return {}
    if name == "months":
        return {"years": int(value) // 12, "months": int(value) % 12}
    if name == "turnover":
        return {name: str(Money.parse(value)).removeprefix("£")}
    return {name: list(value) if isinstance(value, tuple) else value}
