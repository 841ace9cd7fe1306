"""The forms of coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.coverage.queries.shut_outs import ShutOutsWanted
from crm.coverage.rules.bands import BANDS, USUAL, Band
from crm.coverage.rules.wanted import WANTED
from crm.directory.rules.labels import NEEDS
from crm.evidence.rules import OCCASIONS, SHUT_OUT_RULES
from crm.kernel.money import Money
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
