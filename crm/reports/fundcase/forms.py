"""What the address of the fund case asks for: which asks, and the rules of the imagined fund."""

from __future__ import annotations

from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.kernel.days import PARTS
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.reports.fundcase.rules.labels import INSTRUMENTS, MEDIA
from crm.reports.fundcase.rules.simulating import DEFAULT, LARGEST_FUND, SMALLEST_FUND, Fund
from crm.reports.fundcase.rules.sought import Scope
from crm.web.fields import DayField, MoneyField, WholeNumberField, optional
from crm.web.forms import Form

FILLED_IN = {
    "medium": "",
    "size": "5,000,000",
    "smallest": "10,000",
    "largest": "500,000",
    "match": str(DEFAULT.match),
    "loan_back": str(DEFAULT.loan_back),
    "equity_back": str(DEFAULT.equity_back),
    "months": str(DEFAULT.months),
}
"""The rules to begin with, as they are typed."""


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(key, said) for key, said in words.items()]


def _required(what: str) -> InputRequired:
    return InputRequired(f"Enter {what}")


DAYS = [f"{name}-{part}" for name in ("first", "last") for part in PARTS]
IN_ADDRESSES = frozenset([*FILLED_IN, *DAYS, "media", "instruments", "chosen"])
"""Everything that an address can say of a case; "chosen" says that what is not ticked is not wanted. Names from outside are never taken as arguments."""


def sent_in(args: MultiDict[str, str]) -> dict[str, Any]:
    """What an address says of the case, for the addresses of its parts."""
    return {name: values for name, values in args.lists() if name in IN_ADDRESSES}


class CaseForm(Form):
    """The period, the kind of work and the rules of the fund. An address without a rule has the one to begin with."""

    first = DayField("Asked for from", [optional()])
    last = DayField("Asked for until", [optional()])
    medium = SelectField("Kind of work", choices=[SelectChoice("", "All kinds"), *_choices(MEDIA)])
    size = MoneyField("Size of the fund", [_required("the size of the fund")])
    smallest = MoneyField("Smallest ticket", [_required("the smallest ticket")])
    largest = MoneyField("Largest ticket", [_required("the largest ticket")])
    match = WholeNumberField(
        "Share that others bring", [_required("the share that others bring, or 0")], most=90, unit="%"
    )
    media = SelectMultipleField("Work the fund is for", choices=_choices(MEDIA))
    instruments = SelectMultipleField("Finance the fund gives", choices=_choices(INSTRUMENTS))
    loan_back = WholeNumberField(
        "Share of loans that comes back",
        [_required("the share of loans that comes back, or 0")],
        most=200,
        unit="%",
    )
    equity_back = WholeNumberField(
        "Share of equity that comes back",
        [_required("the share of equity that comes back, or 0")],
        most=1000,
        unit="%",
    )
    months = WholeNumberField(
        "Months until it comes back", [_required("the months until it comes back")], least=1, most=240
    )

    @classmethod
    def of_address(cls, args: MultiDict[str, str]) -> Self:
        """What an address asks for. Rules that it does not name are those to begin with."""
        told = MultiDict({name: value for name, value in FILLED_IN.items() if name not in args})
        if "chosen" not in args:
            told.setlist("media", list(args.getlist("media") or DEFAULT.media))
            told.setlist("instruments", list(args.getlist("instruments") or DEFAULT.instruments))
        for name, values in args.lists():
            if name not in told:
                told.setlist(name, values)
        return cls(told)

    def validate_last(self, field: DayField) -> None:
        """A period does not end before it begins."""
        if self.first.data and field.data and field.data < self.first.data:
            raise BadInput("The last day must be the first day or later")

    def validate_size(self, field: MoneyField) -> None:
        """The plan asks for a fund of £1m to £20m."""
        if isinstance(field.data, Money) and not SMALLEST_FUND <= field.data <= LARGEST_FUND:
            raise BadInput("The size of the fund must be between £1 million and £20 million")

    def validate_largest(self, field: MoneyField) -> None:
        """The largest ticket is not smaller than the smallest."""
        least = self.smallest.data
        if isinstance(field.data, Money) and isinstance(least, Money) and field.data < least:
            raise BadInput(f"The largest ticket must be {least} or more, the smallest ticket")

    def validate_media(self, field: SelectMultipleField) -> None:
        """A fund is for some kind of work."""
        if not field.data:
            raise BadInput("Choose at least one kind of work that the fund is for")

    def validate_instruments(self, field: SelectMultipleField) -> None:
        """A fund gives some kind of finance."""
        if not field.data:
            raise BadInput("Choose at least one kind of finance that the fund gives")

    def scope(self) -> Scope:
        """Which asks the case is about, once the form was validated."""
        return Scope(self.first.data, self.last.data, self.medium.data or "")

    def fund(self) -> Fund:
        """The rules of the fund, once the form was validated."""
        return Fund(
            size=self.size.data,
            smallest=self.smallest.data,
            largest=self.largest.data,
            match=self.match.data,
            instruments=tuple(self.instruments.data or ()),
            media=tuple(self.media.data or ()),
            loan_back=self.loan_back.data,
            equity_back=self.equity_back.data,
            months=self.months.data,
        )
