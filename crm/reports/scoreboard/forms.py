"""The period and the filters of the scoreboard, as the address carries them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.places.queries import authorities
from crm.reports.scoreboard.rules.periods import FREE, Period, free
from crm.reports.scoreboard.rules.showing import AREAS, NONE, NOT_RECORDED, SECTORS, SIZES, Wanted
from crm.web.fields import DayField
from crm.web.filtering import NoSuchFilter
from crm.web.forms import Form


def _choices(words: Mapping[str, str], everything: str, *, missing: str = "") -> list[SelectChoice]:
    found = [SelectChoice("", everything), *(SelectChoice(key, said) for key, said in words.items())]
    return [*found, SelectChoice(NONE, NOT_RECORDED[missing])] if missing else found


class ScoreboardForm(Form):
    """Which numbers: of which days, and of which businesses."""

    period = SelectField("Period", validate_choice=False)
    first = DayField("First day", most=today)
    last = DayField("Last day", most=today)
    hub = SelectField("Hub", validate_choice=False)
    area = SelectField("Area", choices=_choices(AREAS, "All areas"), validate_choice=False)
    authority = SelectField("Local authority", validate_choice=False)
    sector = SelectField(
        "Sub-sector", choices=_choices(SECTORS, "All sub-sectors", missing="sector"), validate_choice=False
    )
    size = SelectField("Size", choices=_choices(SIZES, "All sizes", missing="size"), validate_choice=False)

    def offer(
        self,
        periods: Iterable[Period],
        hubs: Mapping[str, str],
        *,
        has_own_dates: bool = True,
        is_recorded: Callable[[str], bool],
    ) -> ScoreboardForm:
        """Offer these periods and hubs, and dates of one's own to those who may choose them.

        A number is divided by every authority that a business is in, so one outside the region is offered where it is asked for and
        ``is_recorded`` of a business.
        """
        names = {each.name for each in authorities()}
        asked = self.authority.data
        if asked and asked != NONE and asked not in names and is_recorded(asked):
            names.add(asked)
        own = [SelectChoice(FREE, "Dates of your own")] if has_own_dates else []
        self.period.choices = [*(SelectChoice(each.key, each.words) for each in periods), *own]
        self.hub.choices = _choices(hubs, "All hubs", missing="hub")
        self.authority.choices = _choices(
            {each: each for each in sorted(names)}, "All local authorities", missing="authority"
        )
        return self

    def chosen_period(self, periods: Iterable[Period]) -> Period | None:
        """The period that is asked for, the first without any; None where its own dates cannot be taken."""
        known = {each.key: each for each in periods}
        if self.period.data != FREE:
            return known[self.period.data] if self.period.data in known else next(iter(known.values()))
        return self._own_dates()

    def _own_dates(self) -> Period | None:
        for field in (self.first, self.last):
            field.errors = list(field.process_errors) or (
                [] if field.data else [f"Enter the {field.label.text.lower()}"]
            )
        if self.first.errors or self.last.errors:
            return None
        try:
            return free(self.first.data, self.last.data)
        except Invalid as why:
            self.last.errors = [str(why)]
            return None

    def wanted(self) -> Wanted:
        """What the numbers are narrowed to. A hub that is none is refused."""
        hub = self.hub.data or ""
        try:
            hub = str(UUID(hub)) if hub not in ("", NONE) else hub
        except ValueError:
            raise NoSuchFilter from None
        given = (self.area.data, self.authority.data, self.sector.data, self.size.data)
        return Wanted(hub, *(each or "" for each in given))
