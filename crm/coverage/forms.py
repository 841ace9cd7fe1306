"""The forms of coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.coverage.queries.parts import outcodes
from crm.coverage.queries.shut_outs import ShutOutsWanted
from crm.coverage.rules.bands import BANDS, USUAL, Band
from crm.coverage.rules.imagining import Imagined
from crm.coverage.rules.wanted import WANTED
from crm.coverage.rules.weighing import PublishedCount, read_counts
from crm.coverage.service.weighing import FiguresDetails
from crm.directory.rules.labels import NEEDS
from crm.documents.forms import UploadField
from crm.evidence.rules import OCCASIONS, SHUT_OUT_RULES
from crm.kernel.clock import today
from crm.kernel.eligibility import Terms
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.places.queries import authorities
from crm.web.fields import DayField, Line, MoneyField, WholeNumberField, optional
from crm.web.filters import sentence
from crm.web.forms import Form


def _any(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", "Any"), *(SelectChoice(key, sentence(said)) for key, said in words.items())]


class MapFilters(Form):
    """What the map shows: one need or all of them, and a size of business."""

    need = SelectField(
        "Need",
        choices=[
            SelectChoice("", "All needs"),
            *(SelectChoice(name, words) for name, words in NEEDS.items()),
        ],
        validate_choice=False,
    )
    band = SelectField(
        "Size of business",
        choices=[SelectChoice(band.value, words) for band, words in BANDS.items()],
        default=USUAL.value,
        validate_choice=False,
    )

    @property
    def chosen_need(self) -> str:
        """The need, or "" for all."""
        return self.need.data or ""

    @property
    def chosen_band(self) -> Band:
        """The size, or the usual one."""
        return Band(self.band.data or USUAL)


class ImagineForm(Form):
    """A service that does not exist, and the size of business that the map is drawn for. It is sent as an address."""

    need = SelectField(
        "What it would help with",
        [InputRequired("Choose what it would help with")],
        choices=[
            SelectChoice("", "Choose a need"),
            *(SelectChoice(name, words) for name, words in NEEDS.items()),
        ],
    )
    places = SelectMultipleField("Only in these council areas")
    most_people = WholeNumberField("Most people in the business", [optional()], least=1, most=10_000_000)
    least_people = WholeNumberField("Fewest people in the business", [optional()], least=1, most=10_000_000)
    most_turnover = MoneyField("Highest turnover", [optional()])
    band = SelectField(
        "Draw the map for a business of",
        choices=[SelectChoice(band.value, words) for band, words in BANDS.items()],
        default=USUAL.value,
    )

    def offer(self) -> Self:
        """Offer the council areas of the region."""
        self.places.choices = [SelectChoice(each.name, each.name) for each in authorities()]
        return self

    def validate_least_people(self, field: WholeNumberField) -> None:
        """The fewest are not more than the most."""
        most = self.most_people.data
        if field.data and most and field.data > most:
            raise BadInput(f"Fewest people must be {most} or fewer, the most people")

    @property
    def chosen_band(self) -> Band:
        """The size, or the usual one."""
        return Band(self.band.data or USUAL)

    def imagined(self) -> Imagined:
        """The service, once the form was validated. Without a council area it is for the whole region."""
        terms = Terms(
            lad_names=tuple(self.places.data or ()),
            min_employees=self.least_people.data,
            max_employees=self.most_people.data,
            max_turnover=self.most_turnover.data,
        )
        return Imagined(self.need.data or "", terms)


class ShutOutFilters(Form):
    """Which shut-outs a list shows."""

    rule = SelectField("Rule", choices=_any(SHUT_OUT_RULES), validate_choice=False)
    threshold = SelectField("Turnover threshold", validate_choice=False)
    need = SelectField("Wanted", choices=_any(WANTED), validate_choice=False)
    occasion = SelectField("When", choices=_any(OCCASIONS), validate_choice=False)

    def offer(self, thresholds: Iterable[Money]) -> Self:
        """Offer these thresholds."""
        rows = [SelectChoice(str(each.pence), str(each)) for each in thresholds]
        self.threshold.choices = [SelectChoice("", "Any"), *rows]
        return self

    def wanted(self) -> ShutOutsWanted:
        """As the list takes them."""
        return ShutOutsWanted(**{name: field.data or "" for name, field in self._fields.items()})


EARLIEST_FIGURES = date(2000, 1, 1)


class FiguresForm(Form):
    """A published count of creative businesses by district, who says so, and of which day it is."""

    source = Line(
        "Who published the figures, and where?",
        [InputRequired("Enter who published the figures")],
        longest=500,
    )
    as_of = DayField(
        "Which day are they of?",
        [InputRequired("Enter the day that the figures are of")],
        least=EARLIEST_FIGURES,
        most=today,
    )
    file = UploadField("Choose the file")
    counted: PublishedCount

    def validate_file(self, field: Any) -> None:
        """One has to be chosen, and every line of it read."""
        if field.data is None:
            raise BadInput("Choose a file")
        self.counted = read_counts(field.data.data, outcodes())

    def details(self) -> FiguresDetails:
        """The figures as the verb takes them."""
        return FiguresDetails(self.source.data, self.as_of.data, self.counted.businesses)
