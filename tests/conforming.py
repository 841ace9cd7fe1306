"""What every answer of the product must be, whoever asks for whatever: headers, and HTML that all can use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from justhtml import Element, JustHTML
from werkzeug.test import TestResponse

from crm.kernel.permissions import Audience
from crm.web.permit import Door

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "X-Request-ID",
    "Cache-Control",
)
# What a template that was given too little leaves on the page. "None of these" and "None: …" are English.
LEFTOVERS = re.compile(
    r"(?!^None(?: of | means |: ))\bNone\b|\{\{|\{%|\bUndefined\b|<crm\.|<bound method|\bdatetime\.|\bUUID\(|&amp;|&#39;"
)
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})
NAMED_BY_IDS = ("aria-labelledby", "aria-describedby", "aria-controls")


def faults_of_answer(response: TestResponse, door: Door | None, *, is_static: bool = False) -> list[str]:
    """Everything that is wrong with an answer; ``door`` is what its route declared, if there is such a route."""
    found = [f"the header {name} is missing" for name in HEADERS if not response.headers.get(name)]
    is_public = door is not None and door.audience is Audience.PUBLIC
    if not is_public and not is_static and response.headers.get("Cache-Control") != "no-store":
        found.append(f"it may be kept by others: {response.headers.get('Cache-Control')}")
    if response.status_code >= 300 and response.status_code < 400:
        return found
    if response.mimetype == "text/html" and response.request.method != "HEAD":
        found += faults_of_page(response.get_data(as_text=True))
    return found


def faults_of_page(html: str) -> list[str]:
    """Everything that is wrong with one page of HTML."""
    page = JustHTML(html, sanitize=False, collect_errors=True)
    root = page.root
    return [
        *(f"it does not parse, line {each.line}: {each.message}" for each in page.errors),
        *_of_frame(root),
        *_of_ids(root),
        *_of_controls(root),
        *_of_forms(root),
        *_of_what_runs(root),
        *_of_words(root),
    ]


def words(node: Any) -> str:
    """The text of an element, with single spaces."""
    return " ".join(node.to_text().split())


def _raw(node: Any) -> str:
    """The text of an element whose content is not markup, such as the title."""
    return " ".join("".join(each.data or "" for each in node.children).split()) if node else ""


def _of_frame(root: Any) -> list[str]:
    found = []
    html, title, headings = root.query_one("html"), root.query_one("title"), root.query("h1")
    if not html.attrs.get("lang"):
        found.append("it does not say its language")
    if len(headings) != 1:
        found.append(f"it has {len(headings)} h1 headings")
        return found
    heading, said = words(headings[0]), _raw(title)
    if not heading:
        found.append("its heading is empty")
    if not said.removeprefix("Error: ").startswith(heading):
        found.append(f"its title {said!r} does not begin with its heading {heading!r}")
    if len(root.query("main")) != 1:
        found.append("it has not one main part")
    return found


def _of_ids(root: Any) -> list[str]:
    ids = Counter(each.attrs["id"] for each in root.query("[id]"))
    found = [f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1]
    for attribute in NAMED_BY_IDS:
        for each in root.query(f"[{attribute}]"):
            strangers = [name for name in each.attrs[attribute].split() if name not in ids]
            found += [f"{attribute} names {name!r}, which is not there" for name in strangers]
    found += [
        f"a label is for {each.attrs['for']!r}, which is not there"
        for each in root.query("label[for]")
        if each.attrs["for"] not in ids
    ]
    found += [
        f"a link leads to {each.attrs['href']}, which is not on the page"
        for each in root.query('a[href^="#"]')
        if each.attrs["href"][1:] not in ids
    ]
    return found


def _of_controls(root: Any) -> list[str]:
    named = {each.attrs["for"] for each in root.query("label[for]") if words(each)}
    found = [
        f"<{each.name} name={each.attrs.get('name')!r}> has no label"
        for kind in ("input", "select", "textarea")
        for each in root.query(kind)
        if each.attrs.get("type") not in UNLABELLED_TYPES and not _is_labelled(each, named)
    ]
    found += [
        f"a <{each.name}> says nothing"
        for kind in ("a", "button")
        for each in root.query(kind)
        if _is_mute(each)
    ]
    found += ["a picture has no alt" for each in root.query("img") if "alt" not in each.attrs]
    found += ["a fieldset has no legend" for each in root.query("fieldset") if not each.query("legend")]
    return found


def _is_labelled(control: Element, named: set[str]) -> bool:
    if (
        control.attrs.get("id") in named
        or control.attrs.get("aria-label")
        or control.attrs.get("aria-labelledby")
    ):
        return True
    above = control.parent
    while above is not None:
        if above.name == "label":
            return bool(words(above))
        above = above.parent
    return False


def _is_mute(element: Element) -> bool:
    if words(element) or element.attrs.get("aria-label"):
        return False
    return not any(each.attrs.get("alt") for each in element.query("img"))


def _of_forms(root: Any) -> list[str]:
    found = []
    for form in root.query("form"):
        tokens = form.query('input[name="csrf_token"]')
        if form.attrs.get("method", "get").lower() == "post":
            if not tokens or not tokens[0].attrs.get("value"):
                found.append(f"the form to {form.attrs.get('action')} has no token")
        elif tokens:
            found.append(f"the form to {form.attrs.get('action')} would show its token in the address")
    return found


def _of_what_runs(root: Any) -> list[str]:
    found = ["it has a script of its own" for each in root.query("script") if not each.attrs.get("src")]
    found += ["it has styles of its own" for _ in root.query("style")]
    for each in root.query("*"):
        for name, value in each.attrs.items():
            if name == "style" or name.startswith("on"):
                found.append(f"<{each.name}> has {name}=")
            if name in {"href", "src", "action"} and str(value).strip().lower().startswith(
                ("javascript:", "data:")
            ):
                found.append(f"<{each.name}> leads to {value}")
    return found


def _of_words(root: Any) -> list[str]:
    body = root.query_one("body")
    texts = [text for text in _texts(body) if LEFTOVERS.search(text)] if body else []
    return [f"it says {text[:80]!r}" for text in texts]


def _texts(node: Any) -> Iterator[str]:
    """Every stretch of text that people can read, in order."""
    for each in node.children or ():
        if each.name == "#text":
            yield str(each.data).strip()
        elif each.name not in {"script", "style", "textarea"}:
            yield from _texts(each)
