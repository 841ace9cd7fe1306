"""Sentences that end with a value: a template's full stop is left out where the value has ended the sentence already."""

from __future__ import annotations

from jinja2.ext import Extension

from crm.kernel.text import stopped_once


class OneFullStop(Extension):
    """Reads ``{{ reason }}.`` on every page as a sentence with one mark at its end, whatever was typed as the reason."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """The source with each full stop after a value put by `stopped`."""
        return stopped_once(source)
