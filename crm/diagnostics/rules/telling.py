"""What differs between two contents of a question set, each value in words: for the audit log, and before one is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crm.diagnostics.rules.readiness import BOTH, EVERY, Circumstances, exact
from crm.diagnostics.rules.weighing import SCORING, plain, said_weighing
from crm.kernel.eligibility import DCMS_GROUPS

Content = Mapping[str, Any]
Row = Mapping[str, Any]
Told = dict[str, tuple[str, str]]
Say = Callable[[Any, Content], str]
Fields = Mapping[str, tuple[str, Say]]
OF_WHOM = {
    BOTH: "every business",
    "goods": "only those who sell goods",
    "services": "only those who sell services, rights or digital work",
}
NOT_SCORED, NONE, NO = "not scored", "none", "no"
USUAL = ("", NONE, NO, OF_WHOM[BOTH])
"""What need not be said of a row that is new."""


class Differs(NamedTuple):
    """One thing that differs: under which ``head`` it is read, by which ``name`` it is logged, and both values in words.

    ``field`` is what of a row differs; empty where the head says it all.
    """

    head: str
    name: str
    field: str
    was: str
    now: str

    @property
    def line(self) -> str:
        """What is read under the head."""
        was, now = (f"“{each}”" if self.field in QUOTED and each else each for each in (self.was, self.now))
        if not was or not now:
            return f"{self.field}: {now}" if now else f"{self.field} removed: {was}"
        return f"{self.field}: {was} becomes {now}"


def told_of(before: Content, after: Content) -> Told:
    """What differs between two contents of a draft, each by a name that a reader knows, in words."""
    return {each.name: (each.was, each.now) for each in differences(before, after)}


def changes_between(before: Content, after: Content) -> list[tuple[str, list[str]]]:
    """The same to be read before it is published: what was added, removed or changed, and under it each value that differs."""
    found: dict[str, list[str]] = {}
    for each in differences(before, after):
        lines = found.setdefault(each.head, [])
        lines += [each.line] if each.field else []
    return list(found.items())


def differences(before: Content, after: Content) -> Iterator[Differs]:
    """Everything that differs: parts, questions and their answers, results, rules, providers, the introduction and the weights."""
    both = (before, after)
    yield from _of_kind("Part", "name", PARTS, [each["areas"] for each in both], both)
    yield from _of_order("parts", "areas", "name", before, after)
    yield from _of_kind("Question", "text", QUESTIONS, [each["questions"] for each in both], both)
    yield from _of_order("questions", "questions", "text", before, after)
    yield from _of_kind("Result", "name", RESULTS, [each["bands"] for each in both], both)
    yield from _of_kind("Rule", "words", RULES, _paired(before["gates"], after["gates"]), both)
    providers = [[{"id": key, **row} for key, row in each["providers"].items()] for each in both]
    yield from _of_kind("Kind of provider", "name", PROVIDERS, providers, both)
    if before["intro"] != after["intro"]:
        yield _of_set("Introduction", *(f"“{each['intro']}”" for each in both))
    for name, words in (*SCORING.items(), ("", "Asked at the start")):
        was, now = (said_weighing(name, each["scoring"][name]) if name else _asks(each) for each in both)
        if was != now:
            yield _of_set(words, was, now)


def _of_set(name: str, was: str, now: str) -> Differs:
    """What differs of the whole set."""
    return Differs(f"{name}: {f'{was} becomes ' if was else ''}{now}", name, "", was, now)


def _asks(content: Content) -> str:
    known = Circumstances().in_words()
    return ", ".join(known[each][0] for each in content["asks"] if each in known) or NONE


def _of_kind(
    kind: str, called: str, fields: Fields, rows: Sequence[Sequence[Row]], both: Sequence[Content]
) -> Iterator[Differs]:
    """The rows of one kind that were added, removed, or changed in a field."""
    old, new = ({each["id"]: each for each in own} for own in rows)
    for key, row in old.items():
        if key not in new:
            name = f"“{row[called]}”"
            yield Differs(f"{kind} removed: {name}", f"{kind} removed, {name}", "", row[called], "")
    for key, row in new.items():
        name = f"“{row[called]}”"
        if key not in old:
            yield Differs(f"{kind} added: {name}", f"{kind} added, {name}", "", "", row[called])
        head = f"{kind} {'changed' if key in old else 'added'}: {name}"
        known = f"{kind} “{old.get(key, row)[called]}”"
        for words, was, now in _of_row(old.get(key), row, fields=fields, both=both):
            if key in old or (words != fields[called][0] and now not in USUAL):
                yield Differs(head, f"{known}, {words}", words, was, now)


def _of_row(
    old: Row | None, new: Row, *, fields: Fields, both: Sequence[Content]
) -> Iterator[tuple[str, str, str]]:
    """The fields of a row that differ, each with both values in words. One that only names what changed elsewhere is the same."""
    for field, (words, say) in fields.items():
        was = "" if old is None else say(old.get(field), both[0])
        now = say(new.get(field), both[1])
        if was != now and (old is None or old.get(field) != new.get(field)):
            yield words, was, now
    yield from _of_answers(old or {}, new)


def _of_answers(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    """The answers of a question that were added, removed, worded or scored otherwise, each with its score; and their order."""
    old, new = ({each["value"]: _answer(each) for each in row.get("options", ())} for row in (before, after))
    for place, value in enumerate(dict.fromkeys([*old, *new]), start=1):
        if old.get(value) != new.get(value):
            yield f"answer {place}", old.get(value, ""), new.get(value, "")
    if [each for each in old if each in new] != [each for each in new if each in old]:
        was, now = ("; ".join(each.values()) for each in (old, new))
        yield "order of the answers", was, now


def _answer(option: Row) -> str:
    score = NOT_SCORED if option["score"] is None else f"score {option['score']}"
    return f"“{option['label']}”, {score}"


def _of_order(what: str, where: str, called: str, before: Content, after: Content) -> Iterator[Differs]:
    """Where rows that were there before and after stand, where that changed."""
    rows = [[each["id"] for each in content[where]] for content in (before, after)]
    kept = set(rows[0]) & set(rows[1])
    old, new = ([key for key in keys if key in kept] for keys in rows)
    names = {each["id"]: each[called] for each in after[where]}
    moved = [key for key in new if old.index(key) != new.index(key)]
    if moved:
        first = names[new[min(new.index(key) for key in moved)]]
        yield _of_set(f"Order of the {what}", "", f"changed from “{first}” on")


def _paired(before: Sequence[Row], after: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rules before and after with an id each: those that tell the same are one, and the others by their order."""
    said = [[each["words"] for each in rows] for rows in (before, after)]
    both = [words for words in said[0] if words in said[1]]

    def numbered(rows: Sequence[Row]) -> list[Row]:
        others = iter(range(len(rows)))
        return [{**row, "id": row["words"] if row["words"] in both else next(others)} for row in rows]

    return numbered(before), numbered(after)


def _text(value: Any, _content: Content) -> str:
    return "" if value is None else str(value)


def _number(value: Any, _content: Content) -> str:
    return "" if value is None else plain(exact(value))


def _questions(value: Any, content: Content) -> str:
    asked = {each["id"]: each["text"] for each in content["questions"]}
    return "; ".join(f"“{asked.get(each, each)}”" for each in value or ()) or NONE


def _result(value: Any, content: Content) -> str:
    return next((f"“{each['name']}”" for each in content["bands"] if each["id"] == value), NONE)


def _keys(value: Any, _content: Content) -> str:
    return ", ".join(each.replace("_", " ") for each in value or ()) or NONE


def _yes(value: Any, _content: Content) -> str:
    return "yes" if value else NO


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


PARTS: dict[str, tuple[str, Say]] = {"name": ("name", _text), "weight": ("weight", _number)}
RESULTS: dict[str, tuple[str, Say]] = {
    "name": ("name", _text),
    "min": ("begins at", _number),
    "meaning": ("meaning", _text),
    "offer": ("support", _text),
}
QUESTIONS: dict[str, tuple[str, Say]] = {
    "text": ("words", _text),
    "help": ("help", _text),
    "area": ("part", _part),
    "weight": ("weight", _number),
    "critical": ("must be answered", _yes),
    "sectors_most": ("counts more in", _sectors),
    "screen_priority": ("counts more for screen funding", _yes),
    "applies_to": ("asked of", _asked_of),
    "next_action": ("what to do", _text),
    "typical_providers": ("who can help", _providers),
}
RULES: dict[str, tuple[str, Say]] = {
    "words": ("what the business is told", _text),
    "below": ("where an answer scores below", _number),
    "questions": ("to", _questions),
    "cap": ("not above", _result),
    "only": ("only for a bid for screen funding", _yes),
    "holds_offer": ("the support waits", _yes),
    "holds": ("what to do waits for", _questions),
}
PROVIDERS: dict[str, tuple[str, Say]] = {"name": ("name", _text), "services": ("services", _keys)}
"""The fields of each kind of row with their names, and how a value is said."""
QUOTED = frozenset(
    words
    for fields in (PARTS, RESULTS, QUESTIONS, RULES, PROVIDERS)
    for words, say in fields.values()
    if say is _text
)
"""The fields whose values are words to be quoted."""
