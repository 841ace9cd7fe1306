"""The questions of the support finder, the answers as an address can carry them, and how results are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from crm.directory.rules.facts import whereabouts
from crm.directory.rules.labels import NEEDS_OF_AREA, TRIAGE_AREAS
from crm.directory.rules.matching import Match
from crm.kernel.eligibility import DCMS_GROUPS, FACTS_OF_RULE, LEGAL_FORMS, STAGES, Facts, Outcome, Verdict
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.postcodes import Postcode
from crm.places.rules import Location

MOST_PEOPLE = 100_000
MOST_MONTHS = 6_000
SHOWN_FIRST = 8


class Given(Protocol):
    """The arguments of an address: several values may stand under one name."""

    def getlist(self, key: str) -> list[str]:
        """Every value under a name."""


@dataclass(frozen=True)
class Question:
    """One question of the finder: its short name in the address, what is asked, and why we ask."""

    name: str
    title: str
    short: str
    is_extra: bool = False


QUESTIONS = (
    Question("postcode", "What is your business’s postcode?", "Postcode"),
    Question("groups", "What do you do?", "What you do"),
    Question("form", "How is your business set up?", "Set up as"),
    Question("people", "How many people work in the business?", "People"),
    Question("turnover", "What was your turnover last year?", "Turnover"),
    Question("months", "How long have you been trading?", "Trading for"),
    Question("needs", "What do you need help with?", "Help with"),
    Question("stage", "What stage is the business at?", "Stage", is_extra=True),
    Question("exports", "How much of your sales is abroad?", "Sales abroad", is_extra=True),
)
ASKED = tuple(each for each in QUESTIONS if not each.is_extra)
FACT_OF_QUESTION = {
    "postcode": "postcode",
    "groups": "dcms_groups",
    "form": "legal_form",
    "people": "employees",
    "turnover": "turnover_gbp",
    "months": "trading_months",
    "stage": "stage",
    "exports": "export_share",
}
QUESTION_OF_FACT = {fact: name for name, fact in FACT_OF_QUESTION.items()}


def question(name: str) -> Question | None:
    """The question of this name."""
    return next((each for each in QUESTIONS if each.name == name), None)


def question_after(name: str) -> Question | None:
    """The question that follows; None after the last, and after the extra ones."""
    names = [each.name for each in ASKED]
    at = names.index(name) + 1 if name in names else len(names)
    return ASKED[at] if at < len(ASKED) else None


@dataclass(frozen=True)
class Answers:
    """What a visitor told, as text that an address can carry. Empty is unknown, never "no" and never nought."""

    postcode: str = ""
    groups: tuple[str, ...] = ()
    form: str = ""
    people: str = ""
    turnover: str = ""
    months: str = ""
    needs: tuple[str, ...] = ()
    stage: str = ""
    exports: str = ""

    @classmethod
    def of(cls, given: Given) -> Answers:
        """The answers in an address. What cannot be read was not written by us, and is left out."""
        read = {each.name: _read(each.name, given.getlist(each.name)) for each in fields(cls)}
        return cls(**read)

    def having(self, name: str, value: Any) -> Answers:
        """These answers with one of them changed."""
        return replace(self, **{name: value})

    def as_query(self) -> list[tuple[str, str]]:
        """The answers as an address carries them; what is unknown is left out."""
        pairs: list[tuple[str, str]] = []
        for each in fields(self):
            value = getattr(self, each.name)
            pairs += [(each.name, word) for word in ((value,) if isinstance(value, str) else value) if word]
        return pairs


_WORDS: Mapping[str, Mapping[str, str]] = {
    "groups": DCMS_GROUPS,
    "needs": TRIAGE_AREAS,
    "form": LEGAL_FORMS,
    "stage": STAGES,
}
_MOST = {"people": MOST_PEOPLE, "months": MOST_MONTHS, "exports": 100}


def _read(name: str, values: Sequence[str]) -> Any:
    if name in ("groups", "needs"):
        return tuple(word for word in dict.fromkeys(values) if word in _WORDS[name])
    text = values[0].strip() if values else ""
    try:
        return _normalised(name, text) if text else ""
    except BadInput:
        return ""


def _normalised(name: str, text: str) -> str:
    """One answer in the form that an address carries; raises `BadInput`."""
    if name == "postcode":
        return str(Postcode.parse(text))
    if name == "turnover":
        return in_pounds(Money.parse(text))
    if name in _MOST:
        is_number = text.isascii() and text.isdigit() and len(text) <= 6
        return text if is_number and int(text) <= _MOST[name] else ""
    return text if text in _WORDS[name] else ""


def in_pounds(money: Money) -> str:
    """Money as an address carries it: pounds, and pence where there are any."""
    pounds, pence = divmod(money.pence, 100)
    return f"{pounds}.{pence:02}" if pence else str(pounds)


def months_in_words(months: int) -> str:
    """A time of trading as it is said: "2 years and 3 months"."""
    years, rest = divmod(months, 12)
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((years, "year"), (rest, "month"))
        if count
    ]
    return " and ".join(parts) or "Not trading yet"


def in_words(answers: Answers, name: str) -> str:
    """One answer as it is shown; "Not sure" where it is unknown."""
    value = getattr(answers, name)
    if not value:
        return "Not sure"
    if name in _WORDS:
        words = [_WORDS[name][word] for word in ((value,) if isinstance(value, str) else value)]
        return "; ".join(word[:1].upper() + word[1:] for word in words)
    shown = {"turnover": lambda: str(Money.parse(value)), "months": lambda: months_in_words(int(value))}
    return shown[name]() if name in shown else f"{value}%" if name == "exports" else str(value)


def answered(answers: Answers) -> list[tuple[Question, str]]:
    """Each question with its answer in words: those that everybody is asked, and the extra ones that were answered."""
    return [
        (each, in_words(answers, each.name))
        for each in QUESTIONS
        if not each.is_extra or getattr(answers, each.name)
    ]


def facts_of(answers: Answers, location: Location | None) -> Facts:
    """The answers as facts to weigh. Each area of help raises its needs; a need raised twice weighs more."""
    places, note = whereabouts(location, typed=answers.postcode) if location else (None, "")
    severity: dict[str, int] = {}
    for area in answers.needs:
        for need in NEEDS_OF_AREA[area]:
            severity[need] = min(3, severity.get(need, 0) + 1)
    return Facts(
        places=places,
        place_note=note,
        legal_form=answers.form or None,
        dcms_groups=frozenset(answers.groups) or None,
        turnover=Money.parse(answers.turnover) if answers.turnover else None,
        employees=int(answers.people) if answers.people else None,
        trading_months=int(answers.months) if answers.months else None,
        stage=answers.stage or None,
        needs=severity or None,
        export_share_pct=Decimal(answers.exports) if answers.exports else None,
    )


@dataclass(frozen=True)
class Layout:
    """The matches as the results page shows them. Every match stands in just one of the groups."""

    IN_FULL: ClassVar = ("fitting", "possible", "nearly")

    fitting: tuple[Match[Any], ...]
    possible: tuple[Match[Any], ...]
    nearly: tuple[Match[Any], ...]
    not_running: tuple[Match[Any], ...]
    others: tuple[Match[Any], ...]

    @property
    def in_all(self) -> int:
        """How many services were weighed."""
        return sum(len(getattr(self, each.name)) for each in fields(self))


def lay_out(matches: Iterable[Match[Any]], *, needs_told: bool = True) -> Layout:
    """Sort ranked matches into what fits, what may, what one change would open, and what is not on offer."""
    groups: dict[str, list[Match[Any]]] = {each.name: [] for each in fields(Layout)}
    for match in matches:
        groups[_group_of(match, needs_told=needs_told)].append(match)
    return Layout(**{name: tuple(found) for name, found in groups.items()})


def _group_of(match: Match[Any], *, needs_told: bool) -> str:
    if match.verdict is Verdict.INELIGIBLE:
        is_wanted = match.needs_met or not needs_told
        return "nearly" if match.available and match.finding.openings and is_wanted else "others"
    if not match.available:
        return "not_running"
    return "fitting" if match.verdict is Verdict.ELIGIBLE else "possible"


@dataclass(frozen=True)
class Cut:
    """One group as a page has room for it: the first in full, more of them by name, and what nobody asked for."""

    full: tuple[Match[Any], ...]
    more: tuple[Match[Any], ...]
    besides: tuple[Match[Any], ...]

    def __len__(self) -> int:
        return len(self.full) + len(self.more) + len(self.besides)


def cut(group: Sequence[Match[Any]], *, needs_told: bool) -> Cut:
    """What meets a need comes in full, eight at most; where no need was told, everything counts as asked for."""
    wanted = tuple(match for match in group if match.needs_met or not needs_told)
    besides = tuple(match for match in group if needs_told and not match.needs_met)
    return Cut(wanted[:SHOWN_FIRST], wanted[SHOWN_FIRST:], besides)


@dataclass(frozen=True)
class Settles:
    """A question not answered yet: how many services its answer settles, and of how many more it is a part."""

    question: Question
    alone: int
    partly: int


def settling(possible: Iterable[Match[Any]], answers: Answers) -> list[Settles]:
    """Which questions not answered yet would settle most of the services that may be open to a business.

    A service is settled by one answer where nothing else about it is unknown.
    """
    alone: dict[str, int] = {}
    partly: dict[str, int] = {}
    for match in possible:
        readings = (each for each in match.finding.readings if each.outcome is Outcome.UNKNOWN)
        untold = {QUESTION_OF_FACT[FACTS_OF_RULE[each.rule][0]] for each in readings}
        counts = alone if len(untold) == 1 else partly
        for name in untold:
            counts[name] = counts.get(name, 0) + 1
    found = [
        Settles(each, alone.get(each.name, 0), partly.get(each.name, 0))
        for each in QUESTIONS
        if not getattr(answers, each.name) and (each.name in alone or each.name in partly)
    ]
    return sorted(found, key=lambda settles: (-settles.alone, -settles.partly))
