"""Answers of a readiness assessment as an address carries them, for those who answer without an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm.diagnostics.rules.readiness import BOTH, SELLS, UNSURE, Asked, Circumstances, Question
from crm.kernel.eligibility import DCMS_GROUPS

LEFT_OUT, NOT_SURE = "0", "u"
PLACES = "123456789"
LONGEST = 400
"""More than any code of ours: one sign for each question, and a few words."""


@dataclass(frozen=True)
class Sheet:
    """Answers to one version, by its ``number``, of one question set, with the circumstances of the business."""

    name: str
    number: int
    of: Circumstances
    answers: Mapping[str, str]

    def with_answers(self, given: Mapping[str, str | None]) -> Sheet:
        """These answers with some of them changed."""
        told = {**self.answers, **given}
        return replace(self, answers={key: value for key, value in told.items() if value})

    def code(self, asked: Asked) -> str:
        """As an address carries it: version, a sign for each question, screen funding, what is sold, sectors."""
        signs = "".join(_sign(each, self.answers.get(each.key)) for each in asked.questions)
        parts = (str(self.number), signs.rstrip(LEFT_OUT), "y" if self.of.is_screen else "n", self.of.sells)
        return ".".join((*parts, "~".join(sorted(self.of.groups))))

    def token(self, asked: Asked) -> str:
        """The same with the name of the set, for an enquiry to carry."""
        return f"{self.name}.{self.code(asked)}"


def _sign(question: Question, value: str | None) -> str:
    if value == UNSURE:
        return NOT_SURE
    values = [each.value for each in question.options]
    return PLACES[values.index(value)] if value in values[: len(PLACES)] else LEFT_OUT


def number_in(code: str) -> int | None:
    """The version that a code is for; None where that cannot be read."""
    number = code[:LONGEST].partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None


def sheet_of(code: str, asked: Asked, *, name: str, number: int) -> Sheet:
    """The answers in a code. What cannot be read was not written by us, and is left out."""
    _, signs, screen, sells, groups = (*code[:LONGEST].split("."), "", "", "", "", "")[:5]
    known = frozenset(groups.split("~")) & DCMS_GROUPS.keys()
    of = Circumstances(known, screen == "y", sells if sells in SELLS else BOTH)
    there = {each.key for each in asked.for_circumstances(of)}
    pairs = zip(asked.questions, signs, strict=False)
    read = {each.key: value for each, sign in pairs if each.key in there and (value := _value(each, sign))}
    return Sheet(name, number, of, read)


def _value(question: Question, sign: str) -> str:
    if sign == NOT_SURE:
        return UNSURE
    place = PLACES.find(sign)
    return question.options[place].value if 0 <= place < len(question.options) else ""
