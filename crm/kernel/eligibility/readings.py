"""Each rule read against the facts: met, not met or unknown, with what is needed and what is so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from crm.kernel.eligibility.terms import Facts, Outcome, Place, Reading, Terms
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES, forms_that_meet, one_of
from crm.kernel.money import Money

Number = Money | int | Decimal


def say_money(amount: Number) -> str:
    return amount.short() if isinstance(amount, Money) else str(amount)


def say_count(count: Number) -> str:
    return f"{count:,}" if isinstance(count, int) else str(count)


def say_months(months: Number) -> str:
    return f"{months} month" if months == 1 else f"{months} months"


def say_percent(share: Number) -> str:
    """In tenths, and never rounded up to a limit that it does not reach."""
    if not isinstance(share, Decimal):
        return f"{share}%"
    return f"{share.quantize(Decimal('0.1'), rounding=ROUND_DOWN).normalize():f}%"


@dataclass(frozen=True, slots=True)
class Measure:
    """A fact that is a number, its two limits, and how it is said."""

    fact: str
    attribute: str
    least: str
    most: str | None
    rules: tuple[str, str]
    subject: str
    fewer: str
    say: Callable[[Number], str]
    floor: Number
    ceiling: Number | None = None

    def limits(self, terms: Terms) -> tuple[Number | None, Number | None]:
        return getattr(terms, self.least), getattr(terms, self.most) if self.most else None


MEASURES = (
    Measure(
        "turnover_gbp", "turnover", "min_turnover", "max_turnover",
        ("min_turnover_gbp", "max_turnover_gbp"), "turnover", "less", say_money, Money(0),
    ),
    Measure(
        "employees", "employees", "min_employees", "max_employees",
        ("min_employees", "max_employees"), "employees", "fewer", say_count, 0,
    ),
    Measure(
        "trading_months", "trading_months", "min_trading_months", "max_trading_months",
        ("min_trading_months", "max_trading_months"), "time trading", "less", say_months, 0,
    ),
    Measure(
        "export_share", "export_share_pct", "min_export_share_pct", None,
        ("min_export_share_pct", ""), "share of sales exported", "less", say_percent, Decimal(0), Decimal(100),
    ),
)  # fmt: skip

FACTS_OF_RULE = {
    **{rule: (measure.fact,) for measure in MEASURES for rule in measure.rules if rule},
    "legal_forms": ("legal_form", "company_number"),
    "stages": ("stage",),
    "dcms_groups": ("dcms_groups",),
    "leps": ("postcode",),
    "lad_names": ("postcode",),
    "outcodes": ("postcode",),
    "wmca_only": ("postcode",),
}
"""Which facts of the business each rule looks at."""
SUBJECT_OF_RULE = {
    **{rule: measure.subject for measure in MEASURES for rule in measure.rules if rule},
    "legal_forms": "legal form",
    "stages": "stage",
    "dcms_groups": "sector",
    **dict.fromkeys(("leps", "lad_names", "outcodes", "wmca_only"), "place"),
}
"""What each rule is about, as it is said before what the business has."""


def readings(terms: Terms, facts: Facts) -> tuple[Reading, ...]:
    """One reading for every rule that the terms hold, in a fixed order."""
    return (*_of_numbers(terms, facts), *_of_words(terms, facts), *place_readings(terms, facts))


def _of_numbers(terms: Terms, facts: Facts) -> Iterable[Reading]:
    for measure in MEASURES:
        least, most = measure.limits(terms)
        if least is None and most is None:
            continue
        value: Number | None = getattr(facts, measure.attribute)
        actual = None if value is None else measure.say(value)
        for rule, limit, is_most in ((measure.rules[0], least, False), (measure.rules[1], most, True)):
            if limit is not None:
                needed = f"{measure.say(limit)} or {measure.fewer if is_most else 'more'}"
                holds = None if value is None else _holds(value, limit, is_most=is_most)
                yield _reading(rule, holds, needed=needed, actual=actual, subject=measure.subject)


def _holds(value: Number, limit: Number, *, is_most: bool) -> bool:
    """Whether a value keeps within a limit of its own kind; exactly at the limit it does."""
    kept: bool = value <= limit if is_most else value >= limit  # type: ignore[operator]
    return kept


def _of_words(terms: Terms, facts: Facts) -> Iterable[Reading]:
    if terms.legal_forms:
        yield _legal_form(terms, facts)
    if terms.stages:
        needed = one_of(STAGES.get(stage, stage) for stage in terms.stages)
        actual = None if facts.stage is None else STAGES.get(facts.stage, facts.stage)
        holds = None if facts.stage is None else facts.stage in terms.stages
        yield _reading("stages", holds, needed=needed, actual=actual, subject="stage")
    if terms.dcms_groups:
        groups = facts.dcms_groups
        needed = one_of(DCMS_GROUPS.get(group, group) for group in terms.dcms_groups)
        actual = None if groups is None else one_of(
            sorted(DCMS_GROUPS.get(group, group) for group in groups), joined_by="and"
        )  # fmt: skip
        holds = None if groups is None else not groups.isdisjoint(terms.dcms_groups)
        yield _reading("dcms_groups", holds, needed=needed, actual=actual, subject="sector")


def _legal_form(terms: Terms, facts: Facts) -> Reading:
    needed = one_of(LEGAL_FORMS.get(form, form) for form in terms.legal_forms)
    number = facts.company_number
    actual = None
    if facts.legal_form is not None:
        actual = LEGAL_FORMS.get(facts.legal_form, facts.legal_form)
    elif number is not None and (implied := number.implied_forms) is not None:
        form = LEGAL_FORMS[next(iter(implied))] if len(implied) == 1 else "registered company"
        actual = f"{form}, by its number {number}"
    holds = legal_form_holds(terms, possible_forms(facts))
    return _reading("legal_forms", holds, needed=needed, actual=actual, subject="legal form")


def possible_forms(facts: Facts) -> frozenset[str] | None:
    """The legal form as told, else the forms that the company number allows, else None."""
    if facts.legal_form is not None:
        return frozenset({facts.legal_form})
    return None if facts.company_number is None else facts.company_number.implied_forms


def legal_form_holds(terms: Terms, possible: frozenset[str] | None) -> bool | None:
    """Whether every legal form it may have meets the rule, or none does; None where that cannot be told."""
    if possible is None:
        return None
    meeting = forms_that_meet(terms.legal_forms)
    if "charity" in terms.legal_forms and len(possible) > 1 and possible.isdisjoint(meeting):
        return None  # A registered company may be a charity too: its number does not tell.
    return _all_or_none(form in meeting for form in possible)


def place_readings(terms: Terms, facts: Facts) -> Iterable[Reading]:
    """The readings of the four rules about the place: each must hold, whichever place it turns out to be."""
    for rule, needed, is_inside in _place_rules(terms):
        if facts.places is None:
            yield _reading(rule, None, needed=needed, actual=None, subject="place", note=facts.place_note)
        else:
            holds = _all_or_none(is_inside(place) for place in facts.places)
            yield _place_reading(rule, holds, needed=needed, places=facts.places)


def _place_rules(terms: Terms) -> Iterable[tuple[str, str, Callable[[Place], bool]]]:
    if terms.leps:
        area = one_of(LEPS.get(lep, lep) for lep in terms.leps)
        yield "leps", area, lambda place: not place.leps.isdisjoint(terms.leps)
    if terms.lad_names:
        yield "lad_names", one_of(terms.lad_names), lambda place: place.authority in terms.lad_names
    if terms.outcodes:
        yield "outcodes", one_of(terms.outcodes), lambda place: place.outcode in terms.outcodes
    if terms.wmca_only:
        needed = "one of the seven metropolitan districts of the combined authority"
        yield "wmca_only", needed, lambda place: place.is_wmca


def place_tests(terms: Terms) -> Callable[[tuple[Place, ...]], Iterable[bool | None]]:
    """What tells, for a place of so many possibilities, whether each rule about the place holds: without words."""
    tests = [is_inside for _rule, _needed, is_inside in _place_rules(terms)]
    return lambda places: (_all_or_none(is_inside(place) for place in places) for is_inside in tests)


def _place_reading(rule: str, holds: bool | None, *, needed: str, places: tuple[Place, ...]) -> Reading:
    if rule == "outcodes":
        names = dict.fromkeys(place.outcode for place in places)
    elif rule == "leps":
        names = dict.fromkeys(_with_its_lep(place) for place in places)
    else:
        names = dict.fromkeys(place.name for place in places)
    actual = one_of(names)
    cannot_tell = " (cannot tell which)" if holds is None else ""
    return Reading(rule, _outcome(holds), needed, actual, f"based in {actual}{cannot_tell}, needs {needed}")


def _with_its_lep(place: Place) -> str:
    areas = " and ".join(LEPS.get(lep, lep) for lep in sorted(place.leps))
    return f"{place.name} ({areas})" if areas else place.name


def _reading(
    rule: str, holds: bool | None, *, needed: str, actual: str | None, subject: str, note: str = ""
) -> Reading:
    said = f"{subject} {actual or 'not known'}" + (f" ({note})" if note else "")
    return Reading(rule, _outcome(holds), needed, actual, f"{said}, needs {needed}")


def _outcome(holds: bool | None) -> Outcome:
    if holds is None:
        return Outcome.UNKNOWN
    return Outcome.MET if holds else Outcome.NOT_MET


def _all_or_none(answers: Iterable[bool]) -> bool | None:
    """True if all say yes, False if none does, None where they differ."""
    said = set(answers)
    return None if len(said) > 1 else said.pop()
