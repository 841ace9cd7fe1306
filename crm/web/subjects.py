"""What an error is about: read on its own, in the list at the head of a page, each names its field."""

from __future__ import annotations

import re
from typing import Any

from crm.kernel.folding import plain_words

JOINING = "a an and as at by for from if in of on or that the there this to until was what when where which will with"
ASKING = "are be can did do does has have how is it its our their they we you your"
SMALL = frozenset(f"{JOINING} {ASKING}".split())
"""Words that tell no field from another."""
VAGUE = re.compile(r"(This|It|They|The answer|The amount|Answer this|Enter a time)\b")
"""How an error begins that leaves its subject to the box at which it stands."""
STEM = 4
"""How many first letters tell a word: "employees" and "employed" are one."""


def summed_up(error: str, *, field: Any, form: Any) -> str:
    """An error as the list at the head of the page says it: after the label of its field where nothing else says which."""
    if str(error).startswith(field.label.text) or not _is_one_of_several(form):
        return str(error)
    said = [str(each.errors[0]) for each in form if each.errors]
    is_told = said.count(str(error)) == 1 and _names(str(error), field)
    return str(error) if is_told else after_label(field.label.text, str(error))


def _names(error: str, field: Any) -> bool:
    """Whether an error says what it is about: it begins with that, or has a word of its label in it."""
    return not VAGUE.match(error) or bool(_stems(error) & _stems(field.label.text))


def _stems(text: str) -> set[str]:
    return {each[:STEM] for each in plain_words(text) if each not in SMALL}


def _is_one_of_several(form: Any) -> bool:
    """Whether a form has more than one field to fill in; the page of a single question says itself what it is about."""
    shown = [each for each in form if getattr(each.widget, "input_type", "") != "hidden"]
    return len(shown) > 1


def after_label(label: str, error: str) -> str:
    """What is said of a field, after its label: a question ends by itself."""
    return f"{label} {error}" if label.endswith("?") else f"{label}: {error}"
