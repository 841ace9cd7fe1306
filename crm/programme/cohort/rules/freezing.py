"""A question and its answer, and a ranking, as they are kept for good: exact fractions as text, sums in whole pence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from crm.funding.subsidy.rules import Room
from crm.kernel.money import Money
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.explaining import Cost
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.proposing import Proposal, Question
from crm.programme.cohort.rules.sharing import Sharing

Frozen = Mapping[str, Any]


def frozen_question(question: Question) -> dict[str, Any]:
    """What was asked, as it is kept."""
    options = [
        {**asdict(each), "total": str(each.total), "shares": [str(share) for share in each.shares]}
        for each in question.options
    ]
    return {"seed": question.seed, "options": options, "limits": [asdict(each) for each in question.limits]}


def question_of(kept: Frozen, *, seconds: float) -> Question:
    """What was asked, as it is solved."""
    return Question(
        tuple(map(_option, kept["options"])), tuple(map(_limit, kept["limits"])), kept["seed"], seconds
    )


def weighed_of(kept: Frozen) -> Question:
    """What was asked as far as it can go out of date: without what only decides between equal totals, which is long to read."""
    options = (_option({**each, "shares": ()}) for each in kept["options"])
    return Question(tuple(options), tuple(map(_limit, kept["limits"])), kept["seed"], 0)


def _option(kept: Frozen) -> Option:
    facts = {name: tuple(values) for name, values in kept["facts"].items()}
    shares = tuple(Fraction(each) for each in kept["shares"])
    return Option(**{**kept, "total": Fraction(kept["total"]), "shares": shares, "facts": facts})


def _limit(kept: Frozen) -> Limit:
    return Limit(**{**kept, "kind": LimitKind(kept["kind"]), "values": tuple(kept["values"])})


def frozen_answer(found: Proposal) -> dict[str, Any]:
    """What came of it, as it is kept."""
    costs = [{**asdict(each), "gain": _said(each.gain)} for each in found.costs]
    exact = {"total": str(found.total), "gap": str(found.gap), "ours": _said(found.ours)}
    return {**asdict(found), **exact, "costs": costs}


def _said(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _number(kept: str | None) -> Fraction | None:
    return None if kept is None else Fraction(kept)


def answer_of(kept: Frozen) -> Proposal:
    """What came of a question, as it is shown."""
    lot = kept["by_lot"]
    return Proposal(
        **{
            **kept,
            "chosen": tuple(kept["chosen"]),
            "total": Fraction(kept["total"]),
            "gap": Fraction(kept["gap"]),
            "ours": _number(kept.get("ours")),
            "by_lot": (tuple(lot[0]), tuple(lot[1])) if lot else None,
            "costs": tuple(map(_cost, kept["costs"])),
            "reasons": {code: tuple(limits) for code, limits in kept["reasons"].items()},
            "conflicts": tuple(tuple(each) for each in kept["conflicts"]),
        }
    )


def _cost(kept: Frozen) -> Cost:
    gain = _number(kept["gain"])
    ways = {name: tuple(kept[name]) for name in ("comes_in", "goes_out")}
    return Cost(**{**kept, "gain": gain, **ways})


def frozen_ranking(rows: Iterable[Candidate]) -> list[dict[str, Any]]:
    """A ranked list as it is kept, without names: those go when a business is erased."""
    return [_frozen(each) for each in rows]


def _frozen(one: Candidate) -> dict[str, Any]:
    by_criterion = {name: None if each is None else str(each) for name, each in one.by_criterion.items()}
    return {
        "id": str(one.id),
        "business_id": str(one.business_id),
        "reference": one.reference,
        "rank": one.rank,
        "percent": None if one.percent is None else str(one.percent),
        "asked_for": None if one.asked_for is None else one.asked_for.pence,
        "asked_capital": None if one.asked_capital is None else one.asked_capital.pence,
        "total": one.total,
        "fails": list(one.fails),
        "is_tied": one.is_tied,
        "groups": {str(each): list(values) for each, values in one.groups.items()},
        "by_criterion": by_criterion,
    }


def ranking_of(kept: Iterable[Frozen], names: Mapping[str, str]) -> list[Candidate]:
    """A ranked list that was kept, with the names of today by reference."""
    return [_thawed(each, names.get(each["reference"], each["reference"])) for each in kept]


def _thawed(kept: Frozen, name: str) -> Candidate:
    scores = {
        each: None if value is None else Fraction(value) for each, value in kept["by_criterion"].items()
    }
    capital = kept.get("asked_capital")
    return Candidate(
        asked_capital=None if capital is None else Money(capital),
        id=UUID(kept["id"]),
        business_id=UUID(kept["business_id"]),
        reference=kept["reference"],
        name=name,
        rank=kept["rank"],
        percent=None if kept["percent"] is None else Fraction(kept["percent"]),
        asked_for=None if kept["asked_for"] is None else Money(kept["asked_for"]),
        total=kept["total"],
        fails=tuple(kept["fails"]),
        is_tied=kept["is_tied"],
        groups={Dimension(each): tuple(values) for each, values in kept["groups"].items()},
        by_criterion=scores,
    )


def frozen_limits(found: Iterable[Sharing]) -> list[dict[str, Any]]:
    """What the applicants of each enterprise could be given when a cohort was confirmed, as it is kept: by ids, without names."""
    return [
        {
            "applications": [str(one.id) for one in each.members],
            "enterprise": sorted(str(one) for one in each.known.members),
            "chosen": each.chosen.pence,
            "limit": each.known.limit.pence,
            "counted": each.known.counted.pence,
            "decided": each.known.decided.pence,
            "planned": each.known.planned.pence,
            "until": each.known.until.isoformat() if each.known.until else None,
        }
        for each in found
    ]


def limits_of(kept: Iterable[Frozen], rows: Iterable[Candidate]) -> list[Sharing]:
    """The same as it is shown, with the applications of the ranked list that was kept with it."""
    known = {str(each.id): each for each in rows}
    return [_limits(each, known) for each in kept]


def _limits(kept: Frozen, known: Mapping[str, Candidate]) -> Sharing:
    members = tuple(known[each] for each in kept["applications"] if each in known)
    until = date.fromisoformat(kept["until"]) if kept.get("until") else None
    enterprise, planned = frozenset(map(UUID, kept["enterprise"])), Money(kept.get("planned", 0))
    limit, counted, decided = (Money(kept[each]) for each in ("limit", "counted", "decided"))
    return Sharing(members, Money(kept["chosen"]), Room(enterprise, limit, counted, decided, planned, until))
