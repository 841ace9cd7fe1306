"""Sentences that end with a value: a template's full stop is left out where the value has ended the sentence already."""

from __future__ import annotations

import re
from typing import Any

from jinja2.ext import Extension

from crm.kernel.text import ended

FILLED = re.compile(r"\{\{(-?)((?:(?!\{\{|\}\}|\{%).)+?)(-?)\}\}\.(?=\s|<|\{%|$)", re.DOTALL)
DOUBLED = re.compile(r"(?<=[^.\s])\.\.(?!\.)")


class OneFullStop(Extension):
    """Reads ``{{ reason }}.`` in every template as a sentence with one mark at its end, whatever was typed as the reason."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """The source with each full stop after a value put by `stopped`."""
        return FILLED.sub(r"{{\1 (\2) | stopped \3}}", source)


def stopped(value: Any) -> Any:
    """A value with one mark at its end. It stays what it was: markup, or text that a letter takes as it stands."""
    kind = type(value) if isinstance(value, str) else str
    return kind(ended(str(value)))


def one_stop(words: str) -> str:
    """A message without the second full stop that a typed value left in it."""
    return DOUBLED.sub(".", words)
