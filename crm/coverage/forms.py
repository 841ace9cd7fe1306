"""The forms of coverage."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.coverage.rules.bands import BANDS, USUAL, Band
from crm.directory.rules.labels import NEEDS
from crm.web.forms import Form


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
