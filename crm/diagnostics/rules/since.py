"""What differs for a question since a business answered it last: told beside it, so that no answer seems lost."""

from __future__ import annotations

from collections.abc import Mapping

from crm.diagnostics.rules.readiness import Asked, Question, answer_in_words

NEW = "New since last time."


def since_last(question: Question, *, earlier: Asked, given: Mapping[str, str | None]) -> str:
    """Whether a question is new, or it or the answer of last time was reworded; empty where nothing differs."""
    before = earlier.question(question.key)
    if before is None:
        return NEW
    chosen = given.get(question.key)
    words = answer_in_words(before, chosen) if chosen and before.offers(chosen) else ""
    kept = answer_in_words(question, chosen) if chosen and question.offers(chosen) else ""
    if before.text != question.text:
        asked = f"Reworded since last time, when it was “{before.text}”"
        return f"{asked} Your answer then: “{words}”." if words else asked
    return f"The answers changed since last time. Your answer then: “{words}”." if words != kept else ""
