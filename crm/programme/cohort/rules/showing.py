"""A proposal as it is read: who is in and out and why, what each limit costs, and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from crm.kernel.measures import in_percent
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.rules.labels import nearest_hundredth
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.money import in_full
from crm.programme.cohort.rules.proposing import Proposal, Question
from crm.programme.rounds.rules.weights import shown

MOST_OUT, MOST_NAMED = 50, 5


@dataclass(frozen=True)
class Line:
    """One application of a proposal: for one that is out, the limits that would break if it were added."""

    code: str
    name: str
    total: str
    asked: Money
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    """What one limit costs: ``points`` of total score in words, and who would come in and go out without it."""

    words: str
    reached: str
    points: str
    comes_in: str
    goes_out: str


@dataclass(frozen=True)
class Told:
    """A proposal in words. ``sure`` says whether it is proved best, and ``proof`` by whom; ``ties`` what decided between equal cohorts."""

    chosen: tuple[Line, ...]
    out: tuple[Line, ...]
    more_out: int
    total: str
    asked: Money
    left: Money
    sure: str
    proof: str
    ties: str
    limits: tuple[Price, ...]


def told(question: Question, found: Proposal, *, names: Mapping[str, str], then: str = "") -> Told:
    """A proposal in words: those in by total; those out that have a total as high as the lowest that is in.

    ``then`` is when it was asked for, in words, where its cohort was confirmed since.
    """
    options = {each.code: each for each in question.options}
    lines = {code: _line(each, found, question.limits, names) for code, each in options.items()}
    lowest = min((options[code].total for code in found.chosen), default=Fraction())
    over = sorted(
        (each for each in options.values() if each.code not in found.chosen and each.total >= lowest),
        key=lambda each: (-each.total, names.get(each.code, each.code)),
    )
    return Told(
        chosen=tuple(lines[code] for code in found.chosen),
        out=tuple(lines[each.code] for each in over[:MOST_OUT]),
        more_out=max(0, len(over) - MOST_OUT),
        total=points(found.total),
        asked=Money(found.asked),
        left=max(NO_MONEY, _money(question.limits) - Money(found.asked)),
        sure=sure_then(found, then) if then else sure_in_words(found),
        proof=proof_in_words(found),
        ties=ties_in_words(found, names),
        limits=prices(question, found, names=names),
    )


def said(limit: Limit, names: Mapping[str, str]) -> str:
    """A limit as people read it: with the name of the business where it is about one."""
    return limit.words.replace(limit.code, names.get(limit.code, limit.code)) if limit.code else limit.words


def _money(limits: Sequence[Limit]) -> Money:
    """What there was to award, of every line together."""
    return Money(sum(each.amount for each in limits if each.kind is LimitKind.MONEY))


def _line(one: Option, found: Proposal, limits: Sequence[Limit], names: Mapping[str, str]) -> Line:
    reasons = tuple(said(limits[at], names) for at in found.reasons.get(one.code, ()))
    return Line(one.code, names.get(one.code, one.code), f"{shown(one.total)}%", Money(one.asked), reasons)


def points(total: Fraction) -> str:
    """A sum of totals as it is read, each per cent of a score being a point: "3,180.83 points"."""
    return f"{shown(total):,} points"


def apart_in_words(one: tuple[str, Fraction], other: tuple[str, Fraction]) -> str:
    """How far two drafts are apart in total score, each with its name."""
    apart = one[1] - other[1]
    if not apart:
        return f"Both have the same total score: {points(one[1])}."
    more, less = (one, other) if apart > 0 else (other, one)
    return f"The total score of “{more[0]}” is {points(abs(apart))} higher than that of “{less[0]}”."


def sure_in_words(found: Proposal) -> str:
    """Whether it is proved that no cohort has more, or how much more there might be."""
    if found.is_proved:
        return "Proved best: no cohort that keeps every limit and pays each the whole sum asked for has a higher total score."
    return f"Not proved best: a cohort with up to {points(found.gap)} more might be possible."


def sure_then(found: Proposal, at: str = "") -> str:
    """The same of a cohort that was confirmed since: it is true of what was known when it was asked for, whatever changed."""
    when = f"When it was asked for{f', on {at}' if at else ''},"
    if found.is_proved:
        return f"{when} no cohort that kept every limit and paid each the whole sum asked for had a higher total score."
    return f"{when} a cohort with up to {points(found.gap)} more might have been possible."


def proof_in_words(found: Proposal) -> str:
    """On whose word it rests that no cohort has more: our own arithmetic, or the solver's (decision 0044)."""
    if not found.is_proved:
        return ""
    if found.ours == 0:
        return "That no cohort has more was proved again in exact arithmetic, independently of the solver."
    word = "That no cohort has more is the proof of the solver, HiGHS."
    if found.ours is None:
        return word
    return f"{word} Our own exact arithmetic rules out cohorts with more than {points(found.ours)} above this one."


def ties_in_words(found: Proposal, names: Mapping[str, str]) -> str:
    """What decided between cohorts with the same total, where that is worth saying."""
    if found.by_lot:
        others, instead = (_names(each, names) for each in found.by_lot)
        return (
            "Other cohorts are equal by the published tie rule and ask for as much, so a lot decided. "
            f"One of them has {others} instead of {instead}. The panel can choose it instead."
        )
    if found.is_proved and not found.is_settled:
        return "There was not enough time to apply the tie rule, so another cohort with the same total may come before this one."
    return ""


def _names(codes: Collection[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(each, each) for each in codes) or "no other"


def prices(question: Question, found: Proposal, *, names: Mapping[str, str]) -> tuple[Price, ...]:
    """Each limit with what it reaches and what it costs."""
    chosen = [each for each in question.options if each.code in found.chosen]
    return tuple(
        Price(
            said(question.limits[cost.limit], names),
            reached_in_words(question.limits[cost.limit], chosen),
            _points_lost(cost.gain, is_proved=cost.is_proved and found.is_proved),
            _some(cost.comes_in, names),
            _some(cost.goes_out, names),
        )
        for cost in found.costs
    )


def _some(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """The first of them by name, and how many more there are."""
    named = ", ".join(names.get(each, each) for each in codes[:MOST_NAMED])
    more = len(codes) - MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _points_lost(gain: Fraction | None, *, is_proved: bool) -> str:
    if gain is None:
        return "Not known: there was not enough time"
    if not gain:
        return "Nothing" if is_proved else "Nothing found"
    return points(gain) if is_proved else f"At least {points(gain)}"


def reached_in_words(limit: Limit, chosen: Sequence[Option]) -> str:
    """How a cohort stands to a limit: the share or number that it reaches."""
    theirs = [each for each in chosen if limit.counts(each)]
    if limit.kind in (LimitKind.SHARE_AT_LEAST, LimitKind.SHARE_AT_MOST):
        return _share(limit, sum(each.asked for each in theirs), sum(each.asked for each in chosen))
    if limit.kind is LimitKind.AWARDS_AT_LEAST:
        return _share(limit, len(theirs), len(chosen))
    if limit.kind is LimitKind.MONEY:
        return in_full(
            Money(sum(each.lines.get(limit.line, 0) if limit.line else each.asked for each in chosen))
        )
    if limit.kind in (LimitKind.NUMBER_AT_LEAST, LimitKind.NUMBER_AT_MOST):
        return str(len(theirs))
    return ""


def _share(limit: Limit, part: int, of: int) -> str:
    """A share in per cent; one that just misses its limit never reads as if it were kept."""
    side = "most" if limit.kind is LimitKind.SHARE_AT_MOST else "least"
    return in_percent(nearest_hundredth(Fraction(part, of), **{side: limit.amount}) if of else 0)


@dataclass(frozen=True)
class Best:
    """A proposal beside a draft: the words of its link, and how its total score stands to the draft's and how sure it is."""

    id: UUID
    link: str
    words: str


NONE_POSSIBLE = "No cohort meets all targets"


def came_in_words(found: Proposal) -> str:
    """What came of a proposal in a line, which tells it from others."""
    if not found.is_possible:
        return NONE_POSSIBLE
    many = len(found.chosen)
    return f"{many} application{'' if many == 1 else 's'}, for {in_full(Money(found.asked))}, total score {points(found.total)}"


@dataclass(frozen=True)
class Before:
    """A proposal that was worked out: when it was asked for, what came of it, and whether what it rests on has changed since.

    Of a cohort that was confirmed, whether it had changed by then.
    """

    id: UUID
    at: str
    came: Proposal
    is_stale: bool = False


OUT_OF_DATE = (
    "It is out of date: what it rests on has changed since. Open it to see what, then ask for a new one."
)


WAS_OUT_OF_DATE = "It was out of date when the cohort was confirmed. Open it to see what had changed."


def best_of(
    proposals: Sequence[Before], *, codes: Collection[str], score: Fraction, is_decided: bool = False
) -> Best | None:
    """Of the proposals, the latest first, the one with just these applications, else the latest: one that is out of date only where
    there is no other. Once a cohort ``is_decided``, each is told as what it was.
    """
    found = [each for each in proposals if each.came.is_possible]
    same = [each for each in found if set(each.came.chosen) == set(codes)]
    fresh = [each for each in (*same, *found) if not each.is_stale]
    for each in (*fresh, *same, *found)[:1]:
        has = (
            f"has these applications, with a total score of {points(each.came.total)}"
            if each in same
            else _apart(each.came, score)
        )
        sure = OUT_OF_DATE if each.is_stale else sure_in_words(each.came)
        if is_decided:
            sure = f"{sure_then(each.came)} {WAS_OUT_OF_DATE if each.is_stale else ''}".strip()
        return Best(each.id, f"The system’s proposal of {each.at}", f"{has}. {sure}")
    return None


def _apart(found: Proposal, score: Fraction) -> str:
    """The total score of a proposal, and how far it is from a draft's."""
    has, apart = f"has a total score of {points(found.total)}", found.total - score
    if not apart:
        return f"{has}, as much as this draft"
    return f"{has}, {points(abs(apart))} {'more' if apart > 0 else 'less'} than this draft"


GONE = "an application that is no longer ranked"


@dataclass(frozen=True)
class Beside:
    """A draft, as a proposal is compared with it: its name, its money, and the references of its applications."""

    name: str
    money: Money
    codes: frozenset[str]


def beside(
    found: Proposal, drafts: Sequence[Beside], *, names: Mapping[str, str]
) -> list[tuple[str, str, int, str, str]]:
    """Each draft with its money, how many are in both, who is only in it, and who only in the proposal."""
    rows = []
    for each in drafts:
        own = [code for code in sorted(each.codes) if code not in found.chosen]
        other = [code for code in found.chosen if code not in each.codes]
        in_both = len(found.chosen) - len(other)
        rows.append((each.name, in_full(each.money), in_both, _some(own, names), _some(other, names)))
    return rows


def ways_out(question: Question, found: Proposal, *, names: Mapping[str, str]) -> list[str]:
    """Where no cohort keeps every limit: without which it is possible."""
    ways = [[said(question.limits[at], names) for at in each] for each in found.conflicts]
    return [f"Without {' and '.join(f'“{each}”' for each in words)} it is possible." for words in ways]
