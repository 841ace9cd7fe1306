"""A proposed cohort is the best there is, says what each limit costs, and does not depend on who asked first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.gateways.solver import Answer, Highs, Problem, Row, Unsolvable
from crm.programme.cohort.rules.freezing import answer_of, frozen_answer
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.optimum import proved_by, rechecked
from crm.programme.cohort.rules.proposing import Proposal, Question, propose
from crm.programme.cohort.rules.showing import proof_in_words
from tests.programme.cohort.exhaustive import Exhaustive, keeps, order, possible, score

AREAS = ("Birmingham", "Coventry", "Dudley")
K = LimitKind
POUND = 100

facts = st.fixed_dictionaries({}, optional={"area": st.lists(st.sampled_from(AREAS), max_size=2).map(tuple)})
coarse = st.integers(0, 4).map(lambda number: Fraction(number * 10))
fine = st.fractions(0, 100, max_denominator=90)


def options(most: int = 7) -> st.SearchStrategy[tuple[Option, ...]]:
    """Some with totals that often tie, some with any; asks to the penny."""
    asks = st.one_of(st.sampled_from([10_000 * POUND, 20_000 * POUND]), st.integers(1, 30_000 * POUND))
    totals = st.one_of(coarse, coarse, fine)
    one = st.tuples(totals, asks, facts, st.sampled_from(["one", "two", "three"]), st.integers(0, 3))
    return st.lists(one, max_size=most).map(
        lambda rows: tuple(
            Option(
                f"S-{at}",
                total,
                asked,
                (total * share / 4, total * (4 - share) / 4),
                {"capital": asked // 2},
                known,
                group,
            )
            for at, (total, asked, known, group, share) in enumerate(rows)
        )
    )


money = st.integers(0, 90_000 * POUND)
counted = {
    "fact": st.just("area"),
    "values": st.sampled_from([("Birmingham",), ("Coventry", "Dudley")]),
    "is_other": st.booleans(),
}
limits = st.lists(
    st.one_of(
        st.builds(Limit, st.just(K.MONEY), st.just("money"), money, st.sampled_from(["", "capital"])),
        st.builds(
            Limit,
            st.sampled_from([K.SHARE_AT_LEAST, K.SHARE_AT_MOST, K.AWARDS_AT_LEAST]),
            st.just("share"),
            st.integers(0, 10_000),
            **counted,
        ),
        st.builds(
            Limit,
            st.sampled_from([K.NUMBER_AT_LEAST, K.NUMBER_AT_MOST]),
            st.just("number"),
            st.integers(0, 3),
            **counted,
        ),
        st.builds(
            Limit,
            st.just(K.HEADROOM),
            st.just("headroom"),
            headroom=st.dictionaries(st.sampled_from(["one", "two"]), money),
        ),
        st.builds(
            Limit, st.sampled_from([K.IN, K.OUT]), st.just("named"), code=st.sampled_from(["S-0", "S-1"])
        ),
    ),
    max_size=4,
).map(tuple)
questions = st.builds(Question, options(), limits, st.just("round"))


@settings(max_examples=80, deadline=None)
@given(questions)
def test_a_proposal_is_what_trying_every_cohort_finds(question: Question) -> None:
    every = possible(question.options, question.limits)
    found = propose(question, solver=Highs())

    assert found.is_possible is bool(every)
    if every:
        best = max(every, key=lambda cohort: order(cohort, question.seed))
        assert set(found.chosen) == {each.code for each in best}
        assert (found.total, found.asked) == (score(best), sum(each.asked for each in best))
        assert (found.is_proved, found.is_settled) == (True, True)


@settings(max_examples=40, deadline=None)
@given(questions, st.randoms(use_true_random=False))
def test_neither_the_order_of_submitting_nor_who_asked_first_decides(
    question: Question, chance: object
) -> None:
    shuffled = list(question.options)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert propose(replace(question, options=tuple(shuffled)), solver=Exhaustive()) == propose(
        question, solver=Exhaustive()
    )


@settings(max_examples=40, deadline=None)
@given(questions)
def test_each_limit_says_what_it_costs_and_who_would_come_in_without_it(question: Question) -> None:
    found = propose(question, solver=Highs())

    for cost in found.costs:
        without = possible(question.options, question.limits, without={cost.limit})
        assert cost.gain == max(map(score, without)) - found.total
        instead = {*found.chosen} - {*cost.goes_out} | {*cost.comes_in}
        cohort = next(each for each in without if {one.code for one in each} == instead)
        changes = [
            len({one.code for one in each} ^ {*found.chosen})
            for each in without
            if score(each) == score(cohort)
        ]
        assert score(cohort) == found.total + cost.gain
        assert len(cost.goes_out) + len(cost.comes_in) == min(changes)


@settings(max_examples=40, deadline=None)
@given(questions)
def test_whoever_is_left_out_is_told_which_limit_would_break(question: Question) -> None:
    found = propose(question, solver=Exhaustive())
    by_code = {each.code: each for each in question.options}
    chosen = [by_code[code] for code in found.chosen]

    for code, broken in found.reasons.items():
        added = [*chosen, by_code[code]]
        assert set(broken) == {at for at, limit in enumerate(question.limits) if not keeps(limit, added)}
        assert broken or not by_code[code].total


@settings(max_examples=40, deadline=None)
@given(questions)
def test_where_no_cohort_keeps_every_limit_the_ways_out_are_named(question: Question) -> None:
    found = propose(question, solver=Exhaustive())
    if found.is_possible:
        return
    alone = [
        (at,)
        for at in range(len(question.limits))
        if possible(question.options, question.limits, without={at})
    ]

    if alone:
        assert list(found.conflicts) == alone
    for ways in found.conflicts:
        assert possible(question.options, question.limits, without=ways)


# ---------------------------------------------------------------- said in one case each


def made(code: str, total: int, pounds: int, **more: object) -> Option:
    return Option(code, Fraction(total), pounds * POUND, **more)  # type: ignore[arg-type]


def envelope(pounds: int) -> Limit:
    return Limit(K.MONEY, "Envelope", pounds * POUND)


def asked(*options: Option, limits: tuple[Limit, ...]) -> Proposal:
    return propose(Question(options, limits, "round"), solver=Highs())


def test_p27_the_envelope_is_kept_to_the_penny() -> None:
    awards = [made(f"S-{at}", 60 + at, 50_000) for at in range(26)]
    odd = replace(awards[25], asked=awards[25].asked + 1)

    exact = asked(*awards, limits=(envelope(1_300_000),))
    over = asked(*awards[:25], odd, limits=(envelope(1_300_000),))

    assert (len(exact.chosen), exact.asked) == (26, 1_300_000 * POUND)
    assert len(over.chosen) == 25
    assert over.asked <= 1_300_000 * POUND


def test_p31_a_target_of_balance_is_kept_and_its_cost_said() -> None:
    found = asked(
        made("S-1", 90, 50_000, facts={"area": ("Birmingham",)}),
        made("S-2", 80, 50_000, facts={"area": ("Birmingham",)}),
        made("S-3", 60, 50_000, facts={"area": ("Dudley",)}),
        made("S-4", 75, 50_000),
        limits=(
            envelope(100_000),
            Limit(K.SHARE_AT_LEAST, "Outside", 3_000, fact="area", values=("Birmingham",), is_other=True),
        ),
    )

    assert found.chosen == ("S-1", "S-3")
    assert (found.costs[1].gain, found.costs[1].comes_in, found.costs[1].goes_out) == (20, ("S-2",), ("S-3",))
    assert found.reasons["S-4"] == (0,)


def test_p32_equal_totals_go_by_the_weightiest_criterion_and_then_by_lot_not_by_name() -> None:
    one, other = made("S-1", 70, 50_000), made("S-2", 70, 50_000)
    weightier = replace(other, shares=(Fraction(50), Fraction(20)))

    settled = asked(replace(one, shares=(Fraction(40), Fraction(30))), weightier, limits=(envelope(50_000),))
    by_lot = {
        propose(Question((one, other), (envelope(50_000),), f"round {seed}"), solver=Highs()).chosen
        for seed in range(20)
    }

    assert (settled.chosen, settled.by_lot) == (("S-2",), None)
    assert by_lot == {("S-1",), ("S-2",)}
    drawn = asked(one, other, limits=(envelope(50_000),))
    assert drawn.by_lot is not None
    assert {*drawn.by_lot[0], *drawn.by_lot[1]} == {"S-1", "S-2"}


def test_without_a_limit_as_few_as_can_be_change_places() -> None:
    """Any two of eight equal applications are best without the limit: one of them is in already, and stays."""
    for at in range(8):
        equal = [
            made(f"S-{each}", 50, 50_000, shares=(Fraction(50 - 40 * (each != at)),)) for each in range(8)
        ]
        must = made("S-9", 10, 50_000, shares=(Fraction(1),))
        found = asked(*equal, must, limits=(envelope(100_000), Limit(K.IN, "In", code="S-9")))

        assert found.chosen == (f"S-{at}", "S-9")
        assert (found.costs[1].gain, found.costs[1].goes_out) == (40, ("S-9",))
        assert len(found.costs[1].comes_in) == 1


def test_p41_linked_applicants_share_one_headroom() -> None:
    found = asked(
        made("S-1", 90, 40_000, group="parent"),
        made("S-2", 80, 40_000, group="parent"),
        made("S-3", 60, 40_000, group="other"),
        limits=(envelope(120_000), Limit(K.HEADROOM, "Headroom", headroom={"parent": 79_999 * POUND})),
    )

    assert found.chosen == ("S-1", "S-3")
    assert found.reasons == {"S-2": (1,)}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(frozenset({0, 1}), 130.0), "did not keep"),
        (Answer(frozenset({1}), 60.4), "lower than the answer it found"),
        (Answer(None, 100.0), "not time enough"),
    ],
)
def test_an_answer_that_does_not_stand_up_to_the_recheck_is_never_shown(answer: Answer, words: str) -> None:
    problem = Problem((60, 70), (Row(((0, 5), (1, 5)), 9),))

    with pytest.raises(Unsolvable, match=words):
        rechecked(problem, answer)


def test_what_is_not_proved_has_a_gap_and_claims_nothing() -> None:
    class Hasty:
        """Finds the empty cohort and knows that there may be a better one."""

        def best(
            self,
            problem: Problem,
            *,
            seconds: float,
            start: Collection[int] | None = None,
            weighed: bool = False,
        ) -> Answer:
            return Answer(frozenset(), 500.0)

    found = propose(
        Question((made("S-1", 60, 1), made("S-2", 70, 1)), (envelope(1),), "round"), solver=Hasty()
    )

    assert (found.is_proved, found.gap, found.is_settled) == (False, 130, False)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=2))
def test_any_prices_prove_a_bound_that_no_choice_exceeds(worths: list[float]) -> None:
    problem = Problem((60, 70, 35), (Row(((0, 5), (1, 6), (2, 3)), 9), Row(((0, -1), (1, 1)), 0)))
    best = Exhaustive().best(problem, seconds=1).bound

    assert proved_by(problem, worths) >= best


def test_no_options_make_an_empty_cohort() -> None:
    assert asked(limits=(envelope(1),)).chosen == ()
    assert not asked(limits=(Limit(K.IN, "In", code="S-9"),)).is_possible


def test_the_solver_is_believed_for_a_bound_that_our_own_arithmetic_does_not_reach_and_the_page_says_so() -> (
    None
):
    """Two that do not fit together: parts of both would fill the money, so no prices prove that one alone is best."""
    problem = Problem((60, 70), (Row(((0, 5), (1, 5)), 9),))
    found = rechecked(problem, Answer(frozenset({1}), 70.4, worths=(14.0,)))

    assert found is not None
    assert (found.gain, found.bound, found.is_proved) == (70, 70, True)
    assert found.ours == proved_by(problem, (14.0,)) > found.bound
    told_of = asked(made("S-1", 60, 5), made("S-2", 70, 5), limits=(envelope(9),))
    assert told_of.is_proved
    assert "is the proof of the solver, HiGHS" in proof_in_words(told_of)
    assert "rules out cohorts with more than" in proof_in_words(told_of)
    assert answer_of(frozen_answer(told_of)) == told_of


def test_where_our_own_arithmetic_proves_the_best_it_says_so() -> None:
    found = asked(made("S-1", 60, 5), made("S-2", 70, 5), limits=(envelope(10),))
    assert found.ours == 0
    assert "proved again in exact arithmetic, independently of the solver" in proof_in_words(found)
    assert answer_of({**frozen_answer(found), "ours": None}).ours is None
    assert "is the proof of the solver" in proof_in_words(replace(found, ours=None))
