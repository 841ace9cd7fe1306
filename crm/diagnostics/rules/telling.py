"""What a change to a draft of a readiness question set did, as the audit log keeps it: each value in words, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crm.diagnostics.rules.differing import SCORING, said_weighing
from crm.diagnostics.rules.readiness import BOTH, EVERY
from crm.kernel.eligibility import DCMS_GROUPS

Content = Mapping[str, Any]
Row = Mapping[str, Any]
Told = dict[str, tuple[str, str]]
Say = Callable[[Any, Content], str]
OF_WHOM = {
    BOTH: "every business",
    "goods": "only those who sell goods",
    "services": "only those who sell services, rights or digital work",
}
NOT_SCORED, NONE = "not scored", "none"


def told_of(before: Content, after: Content) -> Told:
    """What differs between two contents of a draft, each by a name that a reader knows, in words."""
    return {
        name: pair
        for name, pair in (
            *_of_kind("Part", "areas", "name", PARTS, before, after),
            *_of_kind("Question", "questions", "text", QUESTIONS, before, after),
            *_of_order(before, after),
            *_of_kind("Result", "bands", "name", RESULTS, before, after),
            *_of_rules(before, after),
            ("Introduction", (before["intro"], after["intro"])),
            *((words, _weighed(name, before, after)) for name, words in SCORING.items()),
        )
        if pair[0] != pair[1]
    }


def _of_kind(
    kind: str, where: str, called: str, fields: Mapping[str, tuple[str, Say]], before: Content, after: Content
) -> Iterator[tuple[str, tuple[str, str]]]:
    """The rows of one kind that were added, removed, or changed in a field."""
    old, new = ({each["id"]: each for each in content[where]} for content in (before, after))
    yield from (
        (f"{kind} removed, “{row[called]}”", (row[called], "")) for key, row in old.items() if key not in new
    )
    for key, row in new.items():
        name = f"{kind} “{old.get(key, row)[called]}”"
        if key not in old:
            yield f"{kind} added", ("", row[called])
        for field, (words, say) in fields.items():
            was = say(old[key].get(field), before) if key in old else ""
            yield f"{name}, {words}", (was, say(row.get(field), after))
        yield from _of_answers(name, old.get(key, {}), row)


def _of_answers(name: str, before: Row, after: Row) -> Iterator[tuple[str, tuple[str, str]]]:
    """The answers of a question that were added, removed, worded or scored otherwise, each with its score."""
    old, new = ({each["value"]: _answer(each) for each in row.get("options", ())} for row in (before, after))
    for place, value in enumerate(dict.fromkeys([*old, *new]), start=1):
        yield f"{name}, answer {place}", (old.get(value, ""), new.get(value, ""))


def _answer(option: Row) -> str:
    return f"{option['label']} ({NOT_SCORED if option['score'] is None else option['score']})"


def _of_order(before: Content, after: Content) -> Iterator[tuple[str, tuple[str, str]]]:
    """Where questions that were there before and after stand, where that changed."""
    rows = [[each["id"] for each in content["questions"]] for content in (before, after)]
    kept = set(rows[0]) & set(rows[1])
    old, new = ([key for key in keys if key in kept] for keys in rows)
    texts = {each["id"]: each["text"] for each in after["questions"]}
    moved = [key for key in new if old.index(key) != new.index(key)]
    if moved:
        first = texts[new[min(new.index(key) for key in moved)]]
        yield "Order of the questions", ("", f"changed from “{first}” on")


def _weighed(name: str, before: Content, after: Content) -> tuple[str, str]:
    return said_weighing(name, before["scoring"][name]), said_weighing(name, after["scoring"][name])


def _of_rules(before: Content, after: Content) -> Iterator[tuple[str, tuple[str, str]]]:
    """The rules as sentences, by their place."""
    old, new = ([_rule(each, content) for each in content["gates"]] for content in (before, after))
    for place in range(max(len(old), len(new))):
        yield f"Rule {place + 1}", (_at(old, place), _at(new, place))


def _at(rows: Sequence[str], place: int) -> str:
    return rows[place] if place < len(rows) else ""


def _rule(gate: Row, content: Content) -> str:
    """A rule in words: what the business is told, how low which answers are, and what follows."""
    asked = {each["id"]: each for each in content["questions"]}
    names = "; ".join(f"“{asked[key]['text']}”" for key in gate["questions"])
    caps = [each["name"] for each in content["bands"] if each["id"] == gate.get("cap")]
    told = [
        gate["words"],
        f"Where an answer scores below {gate['below']}: {names}.",
        *(f"Not above {name}." for name in caps),
        *(["Only for a bid for screen funding."] if gate.get("only") else []),
        *(["The support waits."] if gate.get("holds_offer") else []),
        *(f"Waits: {asked[key]['next_action']}" for key in gate.get("holds", ()) if key in asked),
    ]
    return " ".join(told)


def _text(value: Any, _content: Content) -> str:
    return "" if value is None else str(value)


def _yes(value: Any, _content: Content) -> str:
    return "yes" if value else "no"


def _part(value: Any, content: Content) -> str:
    return next((each["name"] for each in content["areas"] if each["id"] == value), "")


def _sectors(value: Any, _content: Content) -> str:
    found = [DCMS_GROUPS[each] for each in value or () if each != EVERY]
    return ", ".join(sorted(found)) or NONE


def _providers(value: Any, content: Content) -> str:
    known = content["providers"]
    return ", ".join(known[each]["name"] if each in known else each for each in value or ()) or NONE


def _asked_of(value: Any, _content: Content) -> str:
    return OF_WHOM.get(value or BOTH, "")


PARTS: dict[str, tuple[str, Say]] = {"name": ("name", _text), "weight": ("weight", _text)}
RESULTS: dict[str, tuple[str, Say]] = {
    "name": ("name", _text),
    "min": ("begins at", _text),
    "meaning": ("meaning", _text),
    "offer": ("support", _text),
}
QUESTIONS: dict[str, tuple[str, Say]] = {
    "text": ("words", _text),
    "help": ("help", _text),
    "area": ("part", _part),
    "weight": ("weight", _text),
    "critical": ("must be answered", _yes),
    "sectors_most": ("counts more in", _sectors),
    "screen_priority": ("counts more for screen funding", _yes),
    "applies_to": ("asked of", _asked_of),
    "next_action": ("what to do", _text),
    "typical_providers": ("who can help", _providers),
}
"""The fields of each kind of row with their names, and how a value is said."""
