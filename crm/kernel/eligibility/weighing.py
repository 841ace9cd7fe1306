"""The verdict on a business for one set of terms, and the single facts that would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from crm.kernel.companies import IMPLIED_FORMS
from crm.kernel.eligibility.readings import (
    FACTS_OF_RULE,
    MEASURES,
    Measure,
    Number,
    legal_form_holds,
    place_tests,
    possible_forms,
    readings,
)
from crm.kernel.eligibility.terms import Facts, Outcome, Place, Reading, Terms, Verdict
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES, forms_that_meet, one_of
from crm.kernel.money import MOST_PENCE, Money

FACTS = (
    "postcode",
    "company_number",
    "legal_form",
    "dcms_groups",
    "turnover_gbp",
    "employees",
    "trading_months",
    "stage",
    "export_share",
)
"""The facts that rules look at, in the order in which they are named."""

_WEIGHT = {Outcome.MET: 0, Outcome.UNKNOWN: 1, Outcome.NOT_MET: 2}
_VERDICT = (Verdict.ELIGIBLE, Verdict.UNKNOWN, Verdict.INELIGIBLE)
_MET_OR_NOT = frozenset({0, 2})
_MEASURE_OF = {measure.fact: measure for measure in MEASURES}


@dataclass(frozen=True, eq=False)
class Atlas:
    """Every place that a postcode can turn out to mean: the world in which a change of place is weighed."""

    places: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict, each rule's reading, the facts that would change it, and what would help, in words."""

    verdict: Verdict
    readings: tuple[Reading, ...]
    would_change: tuple[str, ...]
    openings: tuple[str, ...]


def weigh(terms: Terms, facts: Facts, *, atlas: Atlas | None = None) -> Finding:
    """Weigh a business against terms: any rule not met, ineligible; else any unknown, unknown; else eligible.

    ``would_change`` names every fact which, changed alone to some other known value, would alter the verdict.
    With an atlas only places that exist are tried; without one, a place is taken to be able to hold or to fail.
    """
    read = readings(terms, facts)
    weights = {reading.rule: _WEIGHT[reading.outcome] for reading in read}
    verdict = max(weights.values(), default=0)
    changing = tuple(
        fact for fact in FACTS if _would_change(fact, weights, terms=terms, facts=facts, atlas=atlas)
    )
    openings = _openings(verdict, read, terms=terms, facts=facts, changing=changing)
    return Finding(_VERDICT[verdict], read, changing, openings)


def rules_out(terms: Terms, facts: Facts) -> bool:
    """Whether any rule is not met. What is not known rules nothing out."""
    return any(each.outcome is Outcome.NOT_MET for each in readings(terms, facts))


def _would_change(
    fact: str, weights: dict[str, int], *, terms: Terms, facts: Facts, atlas: Atlas | None
) -> bool:
    """Whether another value of this one fact, all else standing, gives another verdict."""
    own = [weight for rule, weight in weights.items() if fact in FACTS_OF_RULE[rule]]
    if not own:
        return False
    others = max((weight for rule, weight in weights.items() if fact not in FACTS_OF_RULE[rule]), default=0)
    verdict = max(others, *own)
    return any(max(others, weight) != verdict for weight in _reach(fact, terms, facts=facts, atlas=atlas))


def _reach(fact: str, terms: Terms, *, facts: Facts, atlas: Atlas | None) -> frozenset[int]:
    """The worst outcomes of a fact's rules that its known values can bring about."""
    if fact == "postcode":
        if atlas is None:
            return _MET_OR_NOT
        return _place_reach(
            atlas,
            leps=terms.leps,
            lad_names=terms.lad_names,
            outcodes=terms.outcodes,
            wmca_only=terms.wmca_only,
        )
    if fact in _MEASURE_OF:
        return _number_reach(_MEASURE_OF[fact], terms)
    if fact == "legal_form":
        return _word_reach(forms_that_meet(terms.legal_forms), LEGAL_FORMS)
    if fact == "company_number":
        forms = IMPLIED_FORMS if facts.legal_form is None else (possible_forms(facts),)
        return frozenset(_weight(legal_form_holds(terms, possible)) for possible in forms)
    if fact == "stage":
        return _word_reach(terms.stages, STAGES)
    return _word_reach(terms.dcms_groups, DCMS_GROUPS)


def _number_reach(measure: Measure, terms: Terms) -> frozenset[int]:
    least, most = measure.limits(terms)
    ceiling = Money(MOST_PENCE) if measure.fact == "turnover_gbp" else measure.ceiling
    low = _further(least, measure.floor, chosen=max)
    high = _further(most, ceiling, chosen=min)
    reach = set()
    if low is None or high is None or not low > high:  # type: ignore[operator]
        reach.add(0)
    if low != measure.floor or high != ceiling:
        reach.add(2)
    return frozenset(reach)


def _further(limit: Number | None, bound: Number | None, *, chosen: Callable[..., Number]) -> Number | None:
    if limit is None or bound is None:
        return bound if limit is None else limit
    return chosen(limit, bound)


def _word_reach(met_by: Iterable[str], vocabulary: Iterable[str]) -> frozenset[int]:
    wanted = frozenset(met_by)
    return frozenset(0 if word in wanted else 2 for word in (*vocabulary, *wanted))


@lru_cache(maxsize=512)
def _place_reach(
    atlas: Atlas,
    *,
    leps: tuple[str, ...],
    lad_names: tuple[str, ...],
    outcodes: tuple[str, ...],
    wmca_only: bool,
) -> frozenset[int]:
    terms = Terms(leps=leps, lad_names=lad_names, outcodes=outcodes, wmca_only=wmca_only)
    known = {place.outcode for places in atlas.places for place in places}
    elsewhere = tuple((Place(outcode),) for outcode in outcodes if outcode not in known)
    outcomes = place_tests(terms)
    reach: set[int] = set()
    for places in (*elsewhere, *atlas.places):
        reach.add(max(_weight(holds) for holds in outcomes(places)))
        if len(reach) == 3:
            break
    return frozenset(reach)


def _weight(holds: bool | None) -> int:
    return 1 if holds is None else (0 if holds else 2)


def _openings(
    verdict: int, read: tuple[Reading, ...], *, terms: Terms, facts: Facts, changing: tuple[str, ...]
) -> tuple[str, ...]:
    """What would help, in words: what to be otherwise where ineligible, what to tell us where unknown."""
    if verdict == 2:
        wishes = (_wish(fact, terms) for fact in changing)
        return tuple(wish for wish in wishes if wish)
    untold = {FACTS_OF_RULE[reading.rule][0] for reading in read if reading.outcome is Outcome.UNKNOWN}
    return tuple(_question(fact, facts) for fact in FACTS if fact in untold)


def _wish(fact: str, terms: Terms) -> str:
    """The condition under which this fact would no longer rule the business out; "" where another says it."""
    if fact == "postcode":
        return f"if you were based in {_where(terms)}"
    if fact == "legal_form":
        return f"if your legal form were {one_of(LEGAL_FORMS.get(form, form) for form in terms.legal_forms)}"
    if fact == "stage":
        return f"if your stage were {one_of(STAGES.get(stage, stage) for stage in terms.stages)}"
    if fact == "dcms_groups":
        return f"if your sector were {one_of(DCMS_GROUPS.get(group, group) for group in terms.dcms_groups)}"
    if fact == "company_number":
        return ""
    measure = _MEASURE_OF[fact]
    is_or_are = "if the number of your" if fact == "employees" else "if your"
    return f"{is_or_are} {measure.subject} were {_span(measure, terms)}"


def _span(measure: Measure, terms: Terms) -> str:
    least, most = measure.limits(terms)
    if least is not None and most is not None:
        return f"between {measure.say(least)} and {measure.say(most)}"
    if least is not None:
        return f"{measure.say(least)} or more"
    return "" if most is None else f"{measure.say(most)} or {measure.fewer}"


def _where(terms: Terms) -> str:
    """The area asked for, by its narrowest rule."""
    if terms.outcodes:
        return one_of(terms.outcodes)
    if terms.lad_names:
        return one_of(terms.lad_names)
    if terms.wmca_only:
        return "one of the seven metropolitan districts of the combined authority"
    return one_of(LEPS.get(lep, lep) for lep in terms.leps)


_QUESTIONS = {
    "legal_form": "tell us your legal form, or your company number",
    "dcms_groups": "tell us your creative sector",
    "turnover_gbp": "tell us your turnover",
    "employees": "tell us how many people work for you",
    "trading_months": "tell us how long you have been trading",
    "stage": "tell us what stage your business is at",
    "export_share": "tell us how much of your sales is exported",
}


def _question(fact: str, facts: Facts) -> str:
    if fact != "postcode":
        return _QUESTIONS[fact]
    if facts.places is None:
        return "tell us the postcode that you trade from"
    return "tell us which council area you are in: your postcode may lie in more than one"
