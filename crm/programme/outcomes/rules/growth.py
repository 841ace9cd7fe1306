"""Whether a business grew: the OECD's test of high growth, and the programme's own flag for micro businesses.

Everything is reckoned in whole numbers and fractions: a growth of exactly 20% a year is not more than 20%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from crm.kernel.calendar import add_months, day_in_words, months_between
from crm.kernel.money import Money
from crm.kernel.text import series

NEAR_DAYS = 31
"""How far from three years apart, in days, two figures may be."""
MOST_TENTHS = 1_000_000


class Verdict(StrEnum):
    """What a test of growth says."""

    YES = "yes"
    NO = "no"
    CANNOT = "cannot"


class Measure(StrEnum):
    """What growth is measured in."""

    TURNOVER = "turnover"
    EMPLOYEES = "employees"


MEASURED = {Measure.TURNOVER: "turnover", Measure.EMPLOYEES: "employees"}


@dataclass(frozen=True)
class Reading:
    """What a measure was on a day, or for the year that ended on it, and how that is known. Turnover is in pence a year."""

    on: date
    value: Fraction
    source: str


@dataclass(frozen=True)
class Limits:
    """The dated figures of the tests: per cent a year, years, the least employees at the start; and for micro businesses."""

    percent: int = 20
    years: int = 3
    least: int = 10
    micro_percent: int = 20
    micro_jobs: int = 2
    micro_months: int = 12


@dataclass(frozen=True)
class Step:
    """A measure at the start and the end of a period of whole months."""

    start: Reading
    end: Reading

    @property
    def months(self) -> int:
        """How long it is, to the nearest month."""
        whole = months_between(self.start.on, self.end.on)
        nearest = add_months(self.start.on, whole)
        return whole + ((self.end.on - nearest).days > NEAR_DAYS // 2)

    def is_above(self, percent: int) -> bool:
        """Whether it grew by more than so many per cent a year on average, compounded: exact."""
        return self._compared(percent * 10) > 0

    def is_at_least(self, percent: int) -> bool:
        """Whether it grew by so many per cent a year or more on average, compounded: exact."""
        return self._compared(percent * 10) >= 0

    def _compared(self, tenths: int) -> int:
        """Above nought where it grew by more than so many tenths of a per cent a year, nought where by exactly so many."""
        grown: Fraction = self.end.value**12 * 1_000**self.months
        wanted: Fraction = self.start.value**12 * (1_000 + tenths) ** self.months
        return int(grown > wanted) - int(grown < wanted)

    @property
    def tenths(self) -> int | None:
        """The average growth a year in tenths of a per cent, rounded down; None where it began with nothing."""
        if not self.start.value or not self.months:
            return None
        low, high = -1_000, MOST_TENTHS
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._compared(middle) >= 0 else (low, middle - 1)
        return low


def rate_in_words(step: Step) -> str:
    """The average growth as it is said: "23.4% a year"."""
    tenths = step.tenths
    if tenths is None:
        return "from nothing"
    sign, size = ("-" if tenths < 0 else ""), abs(tenths)
    return f"{sign}{size // 10}.{size % 10}% a year"


@dataclass(frozen=True)
class Tested:
    """What a test says, why in sentences, and the figures that it rests on by measure.

    ``people`` is how many worked there at the start of each step, where the test begins with so many.
    """

    verdict: Verdict
    said: tuple[str, ...]
    steps: tuple[tuple[Measure, Step], ...] = ()
    people: tuple[Reading, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every figure that it rests on: its value, its day and where it comes from; and the rate that follows."""
        rates = (_step_in_words(measure, step) for measure, step in self.steps)
        return (*rates, *(f"At the start: {_input(Measure.EMPLOYEES, each)}." for each in self.people))


def _step_in_words(measure: Measure, step: Step) -> str:
    ends = " to ".join(_input(measure, each) for each in (step.start, step.end))
    return f"{MEASURED[measure].capitalize()}: from {ends}. That is {rate_in_words(step)}."


def _input(measure: Measure, found: Reading) -> str:
    """A figure with its source: "£100,000.00 (accounts to 31 March 2023)"."""
    if measure is Measure.TURNOVER:
        return f"{Money(int(found.value)).in_full()} ({found.source})"
    return f"{_number(found.value)} {'person' if found.value == 1 else 'people'} ({found.source})"


def near(readings: Sequence[Reading], day: date) -> Reading | None:
    """The reading closest to a day, of those within a month of it."""
    found = [each for each in readings if abs((each.on - day).days) <= NEAR_DAYS]
    return min(found, key=lambda each: (abs((each.on - day).days), each.on), default=None)


def three_years(readings: Sequence[Reading], *, years: int) -> Step | None:
    """The latest two readings that lie so many years apart, within a month."""
    for end in sorted(readings, key=lambda each: each.on, reverse=True):
        start = near(readings, add_months(end.on, -12 * years))
        if start is not None:
            return Step(start, end)
    return None


def high_growth(
    turnover: Sequence[Reading], employees: Sequence[Reading], *, limits: Limits = Limits()
) -> Tested:
    """The OECD's test: more than 20% a year on average over three years, in employees or turnover, from 10 employees on.

    Eurostat and OECD, Manual on Business Demography Statistics (2007), chapter 8.
    """
    said: list[str] = []
    steps: list[tuple[Measure, Step]] = []
    people: dict[Reading, None] = {}
    verdicts: list[Verdict] = []
    for measure, readings in ((Measure.TURNOVER, turnover), (Measure.EMPLOYEES, employees)):
        step = three_years(readings, years=limits.years)
        if step is None:
            verdicts.append(Verdict.CANNOT)
            said.append(_no_step(measure, readings, limits))
            continue
        steps.append((measure, step))
        at_start = near(employees, step.start.on)
        people |= {at_start: None} if at_start else {}
        verdict, words = _judged(measure, step, at_start, limits)
        verdicts.append(verdict)
        said.append(words)
    order = (Verdict.YES, Verdict.CANNOT, Verdict.NO)
    return Tested(next(each for each in order if each in verdicts), tuple(said), tuple(steps), tuple(people))


def _no_step(measure: Measure, readings: Sequence[Reading], limits: Limits) -> str:
    name = MEASURED[measure]
    if not readings:
        return f"No figure for {name} is known."
    days = sorted({each.on for each in readings})
    if len(days) == 1:
        return f"One figure for {name} is known, for {day_in_words(days[0])}. It takes two that are {limits.years} years apart."
    have = day_in_words(days[0]) + f" to {day_in_words(days[-1])}"
    return f"No two figures for {name} are {limits.years} years apart: they are for {have}."


def _judged(measure: Measure, step: Step, people: Reading | None, limits: Limits) -> tuple[Verdict, str]:
    day = day_in_words(step.start.on)
    if people is None:
        return Verdict.CANNOT, f"How many people worked there on {day} is not known."
    if people.value < limits.least:
        few = f"{_number(people.value)} people worked there on {day}"
        return Verdict.NO, f"{few}: the test begins with {limits.least}."
    if not step.start.value:
        return (
            Verdict.CANNOT,
            f"{MEASURED[measure].capitalize()} began with nothing on {day}, so no rate can be said.",
        )
    is_high = step.is_above(limits.percent)
    than = "more than" if is_high else "not more than"
    words = f"{MEASURED[measure].capitalize()} grew by {rate_in_words(step)} on average, {than} {limits.percent}%."
    return (Verdict.YES if is_high else Verdict.NO), words


def _number(value: Fraction) -> str:
    return (
        str(value.numerator)
        if value.denominator == 1
        else f"{value.numerator * 100 // value.denominator / 100:g}"
    )


@dataclass(frozen=True)
class Figures:
    """What the flag for micro businesses needs of one report, and whether a second person confirmed it. None is not known."""

    on: date
    turnover: Fraction | None
    employees: int | None
    jobs_hundredths: int | None
    is_confirmed: bool = True


def growing(reports: Sequence[Figures], limits: Limits = Limits()) -> Tested:
    """The programme's own flag for a business with fewer than 10 people at its baseline, a year later or more.

    It grows if turnover rose by 20% a year or more on average, or it has two more full-time equivalents.
    """
    first = reports[0] if reports else None
    if first is None or first.employees is None:
        return Tested(Verdict.CANNOT, ("How many people worked there at the baseline is not known.",))
    if first.employees >= limits.least:
        words = f"{first.employees} people worked there at the baseline: the flag is for fewer than {limits.least}."
        return Tested(Verdict.NO, (words,))
    since = add_months(first.on, limits.micro_months)
    later = [each for each in reports[1:] if each.on >= since]
    if not later:
        words = f"No figures are known for {limits.micro_months} months after the baseline or later."
        return Tested(Verdict.CANNOT, (words,))
    return _grown(first, later[-1], limits)


def _grown(first: Figures, last: Figures, limits: Limits) -> Tested:
    said, verdicts, steps = [_wanted(limits)], [], []
    if first.turnover and last.turnover is not None:
        start, end = (
            f"{words} at {day_in_words(each.on)}" for words, each in (("baseline", first), ("figures", last))
        )
        step = Step(Reading(first.on, first.turnover, start), Reading(last.on, last.turnover, end))
        steps.append((Measure.TURNOVER, step))
        verdicts.append(Verdict.YES if step.is_at_least(limits.micro_percent) else Verdict.NO)
        said.append(f"Turnover grew by {rate_in_words(step)} since the baseline.")
    else:
        verdicts.append(Verdict.CANNOT)
        said.append("Turnover is not known both at the baseline and now.")
    if first.jobs_hundredths is None or last.jobs_hundredths is None:
        verdicts.append(Verdict.CANNOT)
        said.append("Full-time equivalents are not known both at the baseline and now.")
    else:
        more = last.jobs_hundredths - first.jobs_hundredths
        verdicts.append(Verdict.YES if more >= 100 * limits.micro_jobs else Verdict.NO)
        said.append(f"{_more(more)} since the baseline.")
    said += _unconfirmed(first, last)
    order = (Verdict.YES, Verdict.CANNOT, Verdict.NO)
    return Tested(next(each for each in order if each in verdicts), tuple(said), tuple(steps))


def _wanted(limits: Limits) -> str:
    jobs = f"{limits.micro_jobs} more full-time equivalents"
    return f"It takes one of two: turnover that grew by {limits.micro_percent}% a year or more, or {jobs}."


def _unconfirmed(*rests_on: Figures) -> list[str]:
    """That figures which it rests on can still be corrected, if any can."""
    days = series([day_in_words(each.on) for each in rests_on if not each.is_confirmed])
    return [f"The figures for {days} are still to be confirmed, so this can still change."] if days else []


def _more(hundredths: int) -> str:
    size = abs(hundredths)
    said = f"{size // 100}.{size % 100:02d}".rstrip("0").rstrip(".")
    return f"{said} {'fewer' if hundredths < 0 else 'more'} full-time equivalents"
