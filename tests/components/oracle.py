"""Renders a component of ours and the published one, and reduces both to what a browser makes of them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup

from crm.kernel.text import within
from crm.web.subjects import summed_up

CRM = Path(__file__).parents[2] / "crm"
VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})


def our_environment() -> Environment:
    """Templates as the product loads them: escaped, and strict about what was not given."""
    environment = Environment(
        loader=FileSystemLoader(CRM / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals.update(csrf_token=lambda: "a-token", one_time_id=lambda is_pressed=False: "an-id")
    environment.globals.update(asset=lambda name: f"/static/{name}", landmark=lambda name: f"/{name}")
    environment.globals.update(is_looking=lambda: False)
    environment.filters |= {"within": within, "summed_up": summed_up}
    return environment


OURS = our_environment()
THEIRS = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    undefined=ChainableUndefined,
)


class _Reader(HTMLParser):
    """Collects elements with their attributes, their ends and their words, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {
            name: " ".join(sorted((value or "").split())) if name == "class" else value or ""
            for name, value in attrs
        }
        self.seen.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.seen.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.seen.append(f"“{words}”")


def reduced(html: str) -> list[Any]:
    """The elements, attributes (classes in any order) and words of some HTML, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


def ours(component: str, /, *given: Any, **options: Any) -> str:
    """A component of ours, rendered."""
    macro = getattr(OURS.get_template(f"components/{component}.html").module, component)
    return str(macro(*given, **options))


def theirs(component: str, macro: str, /, **params: Any) -> str:
    """The published component, rendered from its parameters."""
    module = THEIRS.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    return str(getattr(module, macro)(params))


def elements(html: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every element of one kind."""
    return [item[1] for item in reduced(html) if isinstance(item, tuple) and item[0] == tag]


def html(text: str) -> Markup:
    """Text that is HTML already."""
    return Markup(text)  # noqa: S704 - literals of these tests
