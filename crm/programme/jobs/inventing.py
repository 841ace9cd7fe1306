"""An invented round for the demonstration: its questions, checks and criteria, and answers to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.service import checking, composing
from crm.programme.rounds.service.checking import CheckDetails
from crm.programme.rounds.service.composing import (
    CriterionDetails,
    QuestionDetails,
    SectionDetails,
)
from crm.programme.rounds.workflow import Comparison
from crm.programme.rounds.workflow import QuestionKind as K

SECTIONS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "Your business",
        "Most of this you have told us before.",
        (
            {"label": "Name of the business", "kind": K.TEXT, "known_as": "name"},
            {"label": "Company number", "kind": K.TEXT, "is_needed": False, "known_as": "company_number"},
            {"label": "Turnover of your latest year", "kind": K.MONEY, "known_as": "turnover"},
            {"label": "People working in the business", "kind": K.NUMBER, "known_as": "employees"},
            {
                "label": "What does the business do?",
                "kind": K.LONG_TEXT,
                "most_words": 150,
                "known_as": "description",
            },
        ),
    ),
    (
        "What you want to do",
        "Write for a reader who does not know your trade.",
        (
            {
                "label": "Which strand is it mainly about?",
                "kind": K.CHOICE,
                "choices": ("Intellectual property", "Sales", "New markets"),
            },
            {"label": "What will you do, and by when?", "kind": K.LONG_TEXT, "most_words": 400},
            {"label": "What will be different afterwards?", "kind": K.LONG_TEXT, "most_words": 300},
            {"label": "When do you want to begin?", "kind": K.DATE, "is_ahead": True},
            {"label": "Do you own the rights in what you will use?", "kind": K.YES_NO},
            {
                "label": "Who owns them, and what have you agreed?",
                "kind": K.LONG_TEXT,
                "most_words": 150,
                "asked_if": "no",
            },
        ),
    ),
    (
        "Money",
        "Sums without VAT if you can reclaim it.",
        (
            {"label": "What it costs in all", "kind": K.COSTS, "hint": "One row for each thing you pay for"},
            {"label": "How much do you ask for?", "kind": K.MONEY, "is_sum_asked": True},
            {"label": "A budget or quote, if you have one", "kind": K.FILE, "is_needed": False},
        ),
    ),
)
CRITERIA = (
    (
        "Growth",
        4_000,
        ("Size of the step", "Whether it is likely"),
        200,
        "5: a step change with evidence. 0: none.",
    ),
    ("Idea and rights", 2_500, ("Strength of the idea", "Clarity of rights"), None, ""),
    ("People", 2_000, ("Ability to do it",), None, ""),
    ("Value for money", 1_500, ("Costs are sensible",), None, ""),
)
RIGHTS, COSTS, SUM, CAPITAL = (
    "Do you own the rights in what you will use?",
    "What it costs in all",
    "How much do you ask for?",
    "How much of it is for capital?",
)
CAPITAL_HINT = "Equipment and other things that last. Enter 0 if all of it is for running costs"
EXPLAINED = (
    "Show orders or letters of buyers: the panel could not see who will pay.",
    "Say which figures come from your accounts, and what changes if sales start later.",
    "Name the people who will do the work, and how much of their time it takes.",
)


def furnish(found: Round, *, most: int = 50_000, asks_capital: bool = False, by: Actor) -> Round:
    """Give a round its sections, questions, checks and criteria, and return it as it is now. ``most`` is in pounds.

    Each verb reads the round again when it has changed it, so that nothing is read here between two of them.
    """
    queries.read_again(found)
    for place, (title, hint, questions) in enumerate(SECTIONS, 1):
        section = composing.add_section(found, SectionDetails(place, title, hint), by=by)
        for position, fields in enumerate(questions, 1):
            _add_question(section.id, position, fields, by=by)
    if asks_capital:
        money = found.sections[-1]
        fields = {"label": CAPITAL, "kind": K.MONEY, "hint": CAPITAL_HINT, "is_capital_asked": True}
        _add_question(money.id, len(money.questions) + 1, fields, by=by)
    _add_checks(found, most, by=by)
    for place, (title, weight, parts, least, anchors) in enumerate(CRITERIA, 1):
        details = CriterionDetails(place, title, weight, parts, 5, least, anchors)
        composing.add_criterion(found, details, by=by)
    return found


def _add_question(section_id: Any, position: int, fields: dict[str, Any], *, by: Actor) -> None:
    section = queries.section(section_id)
    assert section is not None
    if fields.get("asked_if"):
        other = next(each for each in section.questions if each.label == RIGHTS)
        fields = fields | {"asked_if_id": other.id}
    composing.add_question(section, QuestionDetails(position=position, **fields), by=by)


def _add_checks(found: Round, pounds: int, *, by: Actor) -> None:
    ids = {each.label: each.id for each in found.questions}
    half = CheckDetails(
        ids[SUM], Comparison.AT_MOST, 5_000, ids[COSTS], None, "Apply for no more than half of the total cost"
    )
    most = CheckDetails(
        ids[SUM],
        Comparison.AT_MOST,
        10_000,
        None,
        Money.pounds(pounds),
        f"Apply for {Money.pounds(pounds)} or less",
    )
    checking.add_check(found, half, by=by)
    checking.add_check(found, most, by=by)


def invented_answers(
    found: Round, name: str, *, pounds: int, capital: int | None = None
) -> dict[str, dict[str, Any]]:
    """Answers to every section, by its title, asking for a sum and, where the round asks, for so much of it as capital."""
    words: dict[str, Any] = {
        "Name of the business": name,
        "Turnover of your latest year": 24_000_000,
        "People working in the business": 6,
        "What does the business do?": "Invented: it makes films, games and pictures for people of every age.",
        "Which strand is it mainly about?": "Sales",
        "What will you do, and by when?": "Invented: finish a first series and show it to buyers by the summer.",
        "What will be different afterwards?": "Invented: two more people at work, and sales in two more countries.",
        "When do you want to begin?": (today() + timedelta(days=95)).isoformat(),
        RIGHTS: "yes",
        COSTS: [["Two people for half a year", pounds * 150], ["Showing it to buyers", pounds * 60]],
        SUM: pounds * 100,
        CAPITAL: (capital or 0) * 100,
    }
    return {
        section.title: {str(each.id): words[each.label] for each in section.questions if each.label in words}
        for section in found.sections
    }
