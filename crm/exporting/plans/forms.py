"""The forms of the calendar and of export plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Person
from crm.exporting.plans.models import ExportBarrier, ExportCountry, ExportTask, Market, MarketEdition
from crm.exporting.plans.queries import MarketsWanted, PlansWanted
from crm.exporting.plans.rules.countries import abroad, countries, is_sanctioned
from crm.exporting.plans.rules.labels import (
    BARRIERS,
    COUNTRY_STATUSES,
    LONGEST_WORDS,
    MONTHS,
    ROUTES,
    SURENESS,
    months_in_words,
)
from crm.exporting.plans.rules.sound import Fault, fault_in_barrier, fault_in_dates, fault_in_first_sale
from crm.exporting.plans.service.markets import EditionDetails, MarketDetails
from crm.exporting.plans.service.planning import BarrierDetails, CountryDetails, TaskDetails
from crm.exporting.plans.workflow import BarrierKind, Route, Sureness
from crm.kernel.clock import today
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS
from crm.web.fields import DayField, Line, MoneyField, SeenVersion, optional
from crm.web.forms import Form

MARKET_PREFIX, PAST_PREFIX = "market:", "went:"
TOO_LONG = Length(max=LONGEST_WORDS, message=f"This must be {LONGEST_WORDS:,} characters or fewer")
SHORT = Length(max=500, message="This must be 500 characters or fewer")


def _choices(words: Mapping[str, str], first: str = "") -> list[SelectChoice]:
    begin = [SelectChoice("", first)] if first else []
    return begin + [SelectChoice(value, label) for value, label in words.items()]


def _say(form: Form, fault: Fault | None) -> bool:
    """Say a fault at its field, unless that says one already. Whether there is none."""
    if fault and not form[fault[0]].errors:
        form[fault[0]].errors = [fault[1]]
    return fault is None


class MarketFilters(Form):
    """Which markets to show."""

    q = Line("Name, place or type", [optional()], longest=100)
    sector = SelectField("Sub-sector", choices=_choices(DCMS_GROUPS, "All"))
    month = SelectField(
        "Usual month", choices=_choices({str(number): name for number, name in enumerate(MONTHS, 1)}, "All")
    )
    country = SelectField("Country", choices=_choices(countries(), "All"))

    def wanted(self) -> MarketsWanted:
        """What is asked for. `as_offered` has refused what no filter offers: a list that is opened says nothing in red."""
        given = {name: self[name].data or "" for name in self._fields}
        return MarketsWanted(given["q"], given["sector"], given["country"], given["month"])


class PlanFilters(Form):
    """Which countries of export plans to show."""

    country = SelectField("Country", choices=_choices(abroad(), "All"))
    route = SelectField("Route", choices=_choices(ROUTES, "All"))
    status = SelectField("State", choices=_choices(COUNTRY_STATUSES, "All"))

    def wanted(self) -> PlansWanted:
        """What is asked for. `as_offered` has refused what no filter offers: a list that is opened says nothing in red."""
        return PlansWanted(**{name: self[name].data or "" for name in self._fields})


class MarketForm(Form):
    """What a market is, where and usually when."""

    version = SeenVersion()
    name = Line("Name", [InputRequired("Enter the name of the market")])
    kind = Line("Type", [InputRequired("Enter the type, like content market")], longest=100)
    place = Line("Town or city", [InputRequired("Enter the town or city, or that it varies")])
    country = SelectField("Country", choices=_choices(countries(), "Varies"))
    months = SelectMultipleField(
        "Usual month",
        choices=[SelectChoice(str(number), name) for number, name in enumerate(MONTHS, 1)],
    )
    sectors = SelectMultipleField(
        "Who is it for?",
        [InputRequired("Choose at least one sub-sector")],
        choices=_choices(DCMS_GROUPS),
    )
    cost = Line("What it costs", [optional()], longest=300)
    sureness = RadioField(
        "How sure is this?", [InputRequired("Choose how sure this is")], choices=_choices(SURENESS)
    )
    source = Line("Where did you find this?", [InputRequired("Enter where you found this")], longest=300)
    note = TextAreaField("Note", [optional(), TOO_LONG])
    ended = BooleanField("It is no longer held")
    is_another = BooleanField("It is not the one in the calendar with nearly the same name")

    def details(self) -> MarketDetails:
        """As the verbs take it."""
        return MarketDetails(
            name=self.name.data,
            kind=self.kind.data,
            place=self.place.data,
            country=self.country.data or None,
            months=tuple(self.months.data or ()),
            sectors=tuple(self.sectors.data or ()),
            sureness=Sureness(self.sureness.data),
            source=self.source.data,
            cost=self.cost.data or "",
            note=self.note.data or "",
            ended=bool(self.ended.data),
        )


def market_values(found: Market) -> dict[str, Any]:
    """What the form shows of a market."""
    names = ("version", "name", "kind", "place", "cost", "sureness", "source", "note", "ended")
    lists = {"months": list(found.months), "sectors": list(found.sectors)}
    return {name: getattr(found, name) for name in names} | lists | {"country": found.country or ""}


class EditionForm(Form):
    """One edition of a market, with its dates where they are known."""

    version = SeenVersion()
    title = Line("Edition", [InputRequired("Enter the year, like 2027")], longest=60)
    starts_on = DayField("First day", [optional()])
    ends_on = DayField("Last day", [optional()])
    took_place = BooleanField("It took place on these days, although they are over")
    place = Line("Where, if not in the usual place", [optional()])
    sureness = RadioField(
        "How sure are the dates?",
        [InputRequired("Choose how sure the dates are")],
        choices=_choices(SURENESS),
    )
    source = Line("Where did you find this?", [InputRequired("Enter where you found this")], longest=300)

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong with the dates is said with whatever else is wrong."""
        is_sound = super().validate(extra_validators)
        fault = fault_in_dates(self.starts_on.data, self.ends_on.data)
        return _say(self, fault) and is_sound

    def shown(self) -> dict[str, Any]:
        """Which version was shown, and whether it was ticked that it took place on days that are over."""
        return {"version": self.version.data, "took_place": bool(self.took_place.data)}

    def details(self) -> EditionDetails:
        """As the verbs take it."""
        return EditionDetails(
            title=self.title.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            sureness=Sureness(self.sureness.data),
            source=self.source.data,
            place=self.place.data or "",
        )


def edition_values(found: MarketEdition) -> dict[str, Any]:
    """What the form shows of an edition."""
    names = ("version", "title", "starts_on", "ends_on", "place", "sureness", "source")
    return {name: getattr(found, name) for name in names}


class CancelForm(Form):
    """Why an edition was cancelled."""

    reason = TextAreaField(
        "Why was it cancelled?", [InputRequired("Say why it was cancelled, or where you read it"), SHORT]
    )


class RestoreForm(Form):
    """That a cancelled edition takes place after all, once more asked."""


class VisitForm(Form):
    """To which edition a business goes by itself, or went."""

    edition = SelectField("Which market or festival?", [InputRequired("Choose the market or festival")])
    note = Line("What for?", [optional()], longest=500)

    def offer(
        self, editions: Iterable[MarketEdition], markets: Iterable[Market], past: Iterable[MarketEdition]
    ) -> VisitForm:
        """Offer these editions, the next one of these markets, whose dates are not known yet, and those of the past year."""
        undated = {
            f"{MARKET_PREFIX}{each.id}": f"{each.name}, usually {months_in_words(each.months)}"
            for each in markets
        }
        self.edition.choices = {
            "": _choices({}, "Choose"),
            "Planned": _choices({str(each.id): each.name for each in editions}),
            "Dates not known yet": _choices(undated),
            "Over: the business went": _choices(
                {f"{PAST_PREFIX}{each.id}": f"{each.name}, {each.ends_on:%B %Y}" for each in past}
            ),
        }
        return self


class CountryForm(Form):
    """How a business means to sell in a country."""

    may_repeat = True  # a country that is in the plan already is refused by its name
    version = SeenVersion()
    country = SelectField(
        "Country", [InputRequired("Choose the country")], choices=_choices(abroad(), "Choose")
    )
    route = RadioField(
        "How will you sell there?",
        [InputRequired("Choose how you will sell there")],
        choices=_choices(ROUTES),
    )
    aim = TextAreaField("What do you want to achieve?", [optional(), TOO_LONG])
    value = MoneyField("Sales you expect in the first year", [optional()])
    win_on = DayField("When do you expect the first sale?", [optional()])

    def offer(self, visited: Sequence[str]) -> CountryForm:
        """Offer first the countries where the business goes to a market and that its plan does not have."""
        there = {code: name for code, name in abroad().items() if code in visited}
        if there:
            rest = {code: name for code, name in abroad().items() if code not in there}
            groups = {"": _choices({}, "Choose"), "Where you go to a market": _choices(there)}
            self.country.choices = groups | {"All other countries": _choices(rest)}
        return self

    def details(self) -> CountryDetails:
        """As the verbs take it."""
        return CountryDetails(
            country=self.country.data,
            route=Route(self.route.data),
            aim=self.aim.data or "",
            value=self.value.data,
            win_on=self.win_on.data,
        )


class WinForm(Form):
    """That a business sells in a country now, since when, and what has to be sure first where UK trade sanctions apply."""

    won_on = DayField("When was the first sale?", [InputRequired("Enter the day of the first sale")])
    allowed = BooleanField("UK trade sanctions allow these sales: the business has taken advice on it")

    def asking(self, country: str) -> WinForm:
        """Ask about sanctions only where there are any."""
        if not is_sanctioned(country):
            del self["allowed"]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong with the day is said with whatever else is wrong."""
        is_sound = super().validate(extra_validators)
        return _say(self, fault_in_first_sale(self.won_on.data, on=today())) and is_sound

    @property
    def is_allowed(self) -> bool:
        """Whether it was said that sanctions allow the sales."""
        return "allowed" in self and bool(self.allowed.data)


def country_values(found: ExportCountry) -> dict[str, Any]:
    """What the form shows of a country of a plan."""
    names = ("version", "country", "route", "aim", "value", "win_on")
    return {name: getattr(found, name) for name in names}


class TaskForm(Form):
    """What is to be done, by whom and by when."""

    version = SeenVersion()
    title = Line("What is to be done?", [InputRequired("Say what is to be done")])
    owner = SelectField("Who does it?", [InputRequired("Choose who does it")])
    due_on = DayField("By when?", [InputRequired("Enter the day by which it is done")])

    def offer(self, people: Iterable[Person], staff: Mapping[str, str]) -> TaskForm:
        """Offer these people at the business and these of our staff, by id and name."""
        named = {f"person:{each.id}": each.name for each in people}
        named |= {f"account:{each}": f"{name} (adviser)" for each, name in staff.items()}
        self.owner.choices = _choices(named, "Choose")
        return self

    def details(self) -> TaskDetails:
        """As the verbs take it."""
        kind, _, owner_id = self.owner.data.partition(":")
        return TaskDetails(self.title.data, self.due_on.data, **{f"{kind}_id": UUID(owner_id)})


def task_values(found: ExportTask) -> dict[str, Any]:
    """What the form shows of a task."""
    owner = f"person:{found.person_id}" if found.person_id else f"account:{found.account_id}"
    return {"version": found.version, "title": found.title, "due_on": found.due_on, "owner": owner}


class BarrierForm(Form):
    """What stood in the way, and whether it was removed."""

    version = SeenVersion()
    kind = RadioField(
        "What stands in the way?",
        [InputRequired("Choose what stands in the way")],
        choices=_choices(BARRIERS),
    )
    words = StringField("Say more", [optional(), SHORT])
    met_on = DayField("When did you meet it?", [InputRequired("Enter when you met it")])
    removed_on = DayField("When was it removed?", [optional()])
    how = StringField("How was it removed?", [optional(), SHORT])

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong with the days and the words is said with whatever else is wrong."""
        is_sound = super().validate(extra_validators)
        if self.met_on.data is None:
            return is_sound
        days = {"met_on": self.met_on.data, "removed_on": self.removed_on.data, "on": today()}
        fault = fault_in_barrier(self.kind.data or "", self.words.data or "", how=self.how.data or "", **days)
        return _say(self, fault) and is_sound

    def details(self) -> BarrierDetails:
        """As the verbs take it."""
        return BarrierDetails(
            kind=BarrierKind(self.kind.data),
            met_on=self.met_on.data,
            words=self.words.data or "",
            removed_on=self.removed_on.data,
            how=self.how.data or "",
        )


def barrier_values(found: ExportBarrier) -> dict[str, Any]:
    """What the form shows of a barrier."""
    return {
        name: getattr(found, name) for name in ("version", "kind", "words", "met_on", "removed_on", "how")
    }
