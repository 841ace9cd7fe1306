"""What every answer of the product must be, whoever asks for whatever: headers, and HTML that all can use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import unescape
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
# What a template that was given too little leaves on the page, an address without its host too. "None of these" and "None: …" are English.
LEFTOVERS = re.compile(
    r"(?!^None(?: of | means | have | match |: ))\bNone\b|(?<![\w.:/])/(?:contact\b|[a-z-]+/[0-9a-f]{8}-[0-9a-f]{4}-)|\{\{|\{%|\bUndefined\b|<crm\.|<bound method|\bdatetime\.|\bUUID\(|&amp;|&#39;"
)
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})
SUMMARY = "govuk-error-summary"
ENDS_A_SESSION = frozenset({"/sign-out", "/angels/stop-viewing"})
"""Where sending twice is no harm, and where an id would tell two pages of nothing apart."""
NAMED_BY_IDS = ("aria-labelledby", "aria-describedby", "aria-controls")


def faults_of_answer(response: TestResponse, door: Door | None, *, is_static: bool = False) -> list[str]:
    """Everything that is wrong with an answer; ``door`` is what its route declared, if there is such a route."""
    wanted = [
        name for name in HEADERS if not (is_static and name == "X-Request-ID")
    ]  # nobody asks which request it was
    found = [f"the header {name} is missing" for name in wanted if not response.headers.get(name)]
    is_public = door is not None and door.audience is Audience.PUBLIC
    if not is_public and not is_static and response.headers.get("Cache-Control") != "no-store":
        found.append(f"it may be kept by others: {response.headers.get('Cache-Control')}")
    if response.status_code >= 300 and response.status_code < 400:
        return found
    if response.mimetype == "text/html" and response.request.method != "HEAD":
        found += faults_of_page(response.get_data(as_text=True))
    return found


# What differs between two drawings of one page and never makes it right or wrong.
TOKENS = re.compile(r'name="(?:csrf_token|once)" value="[^"]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
MOST_REMEMBERED = 20_000
_seen: dict[bytes, list[str]] = {}


def _without_tokens(html: str) -> str:
    numbers: dict[str, str] = {}
    return TOKENS.sub(lambda found: numbers.setdefault(found.group(), f"#{len(numbers)}"), html)


def faults_of_page(html: str) -> list[str]:
    """Everything that is wrong with one page of HTML. A page seen before, but for its tokens and ids, is not read again."""
    key = sha256(_without_tokens(html).encode()).digest()
    if key not in _seen:
        if len(_seen) >= MOST_REMEMBERED:
            _seen.clear()
        _seen[key] = [] if _is_sound_in_halves(html) else _faults(html)
    return list(_seen[key])


@dataclass(frozen=True)
class Half:
    """The frame of a page or its main part, right by itself: the ids that it has, those that it names, its headings."""

    ids: frozenset[str]
    named: frozenset[str]
    headings: tuple[str, ...]


SHELL = '<!DOCTYPE html><html lang="en"><head><title>A half</title></head><body>{}</body></html>'
HALVES = re.compile(
    r"(?P<head>.*)<title>(?P<title>[^<]*)</title>(?P<above>.*)(?P<main><main\b.*</main>)(?P<below>.*)",
    re.DOTALL,
)
ONCE_ON_A_PAGE = ("<title", "<main", "</main>")
_halves: dict[bytes, Half | None] = {}


def _is_sound_in_halves(html: str) -> bool:
    """Whether a page is surely right: its frame and its main part are, and fit each other.

    People share main parts, and pages share frames, so most halves are known. Where anything is doubtful the whole page is read.
    """
    found = _parted(html)
    if found is None:
        return False
    frame, main = (_half(each) for each in _halves_of(found))
    if frame is None or main is None or frame.headings or len(main.headings) != 1:
        return False
    said = " ".join(unescape(found["title"]).split()).removeprefix("Error: ")
    ids = frame.ids | main.ids
    is_apart = len(ids) == len(frame.ids) + len(main.ids)
    return is_apart and frame.named | main.named <= ids and said.startswith(main.headings[0])


def _parted(html: str) -> re.Match[str] | None:
    """A page as its parts stand in it; nothing where it cannot be halved."""
    found = HALVES.fullmatch(html)
    return None if found is None or any(html.count(tag) != 1 for tag in ONCE_ON_A_PAGE) else found


def _halves_of(found: re.Match[str]) -> tuple[str, str]:
    frame = f"{found['head']}<title>A half</title>{found['above']}{found['below']}"
    return frame, SHELL.format(found["main"])


def _half(html: str) -> Half | None:
    """Half a page within a shell; nothing where it is not right by itself."""
    key = sha256(_without_tokens(html).encode()).digest()
    if key not in _halves:
        if len(_halves) >= MOST_REMEMBERED:
            _halves.clear()
        _halves[key] = _judged_half(parsed(html))
    return _halves[key]


def _judged_half(tree: JustHTML) -> Half | None:
    page = Page(tree.root)
    ids = [each.attrs["id"] for each in page.having("id")]
    named = set(_named_ids(page))
    faults = [*tree.errors, *_of_controls(page), *_of_forms(page), *_of_what_runs(page)]
    faults += [*_of_errors(page), *_of_words(page)]
    # A half with another's token in its place is taken for the same: so its own tokens may not be ids.
    is_told_by_tokens = any(TOKENS.search(each) for each in {*ids, *named})
    if (
        faults
        or is_told_by_tokens
        or len(set(ids)) != len(ids)
        or not page.named("html")[0].attrs.get("lang")
    ):
        return None
    headings = tuple(words(each) for each in page.named("h1"))
    return Half(frozenset(ids), frozenset(named), headings) if all(headings) else None


def _named_ids(page: Page) -> Iterator[str]:
    """Every id that something on a page names: labels, descriptions, links within the page."""
    for attribute in NAMED_BY_IDS:
        for each in page.having(attribute):
            yield from each.attrs[attribute].split()
    yield from (each.attrs["for"] for each in page.named("label") if "for" in each.attrs)
    links = (each.attrs.get("href") or "" for each in page.named("a"))
    yield from (href[1:] for href in links if href.startswith("#"))


@lru_cache(maxsize=8)
def parsed(html: str) -> JustHTML:
    """A page, or half of one, as a tree. Who looks at it after it was judged need not parse it again, which is slow."""
    return JustHTML(html, sanitize=False, collect_errors=True)


def elements_of(html: str) -> Iterator[Any]:
    """Every element of a page in the trees by which it was judged: those of its frame, and those of its main part."""
    found = _parted(html)
    for each in _halves_of(found) if found else (html,):
        yield from elements(parsed(each).root)


def _faults(html: str) -> list[str]:
    tree = parsed(html)
    page = Page(tree.root)
    return [
        *(f"it does not parse, line {each.line}: {each.message}" for each in tree.errors),
        *_of_frame(page),
        *_of_ids(page),
        *_of_controls(page),
        *_of_forms(page),
        *_of_errors(page),
        *_of_what_runs(page),
        *_of_words(page),
    ]


class Page:
    """The elements of a page, in order and by name, walked once: asking for them by selector is ten times slower."""

    def __init__(self, root: Any) -> None:
        self.elements = list(elements(root))
        self._named: dict[str, list[Any]] = {}
        for each in self.elements:
            self._named.setdefault(each.name, []).append(each)

    def named(self, *names: str) -> list[Any]:
        """The elements of these names, one name after the other."""
        return [each for name in names for each in self._named.get(name, ())]

    def having(self, attribute: str) -> list[Any]:
        return [each for each in self.elements if attribute in each.attrs]


def elements(node: Any) -> Iterator[Any]:
    for each in node.children or ():
        if not each.name.startswith(("#", "!")):
            yield each
            yield from elements(each)


def words(node: Any) -> str:
    """The text of an element, with single spaces."""
    return " ".join(" ".join(_all_text(node)).split())


def _all_text(node: Any) -> Iterator[str]:
    for each in node.children or ():
        if each.name == "#text":
            yield each.data or ""
        else:
            yield from _all_text(each)


def _raw(node: Any) -> str:
    """The text of an element whose content is not markup, such as the title."""
    return " ".join("".join(each.data or "" for each in node.children).split()) if node else ""


def _of_frame(page: Page) -> list[str]:
    found = []
    html, title, headings = page.named("html"), page.named("title"), page.named("h1")
    if not html[0].attrs.get("lang"):
        found.append("it does not say its language")
    if len(headings) != 1:
        found.append(f"it has {len(headings)} h1 headings")
        return found
    heading, said = words(headings[0]), _raw(title[0]) if title else ""
    if not heading:
        found.append("its heading is empty")
    if not said.removeprefix("Error: ").startswith(heading):
        found.append(f"its title {said!r} does not begin with its heading {heading!r}")
    if len(page.named("main")) != 1:
        found.append("it has not one main part")
    return found


def _of_ids(page: Page) -> list[str]:
    ids = Counter(each.attrs["id"] for each in page.having("id"))
    found = [f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1]
    for attribute in NAMED_BY_IDS:
        for each in page.having(attribute):
            strangers = [name for name in each.attrs[attribute].split() if name not in ids]
            found += [f"{attribute} names {name!r}, which is not there" for name in strangers]
    found += [
        f"a label is for {each.attrs['for']!r}, which is not there"
        for each in page.named("label")
        if "for" in each.attrs and each.attrs["for"] not in ids
    ]
    found += [
        f"a link leads to {href}, which is not on the page"
        for each in page.named("a")
        if (href := each.attrs.get("href") or "").startswith("#") and href[1:] not in ids
    ]
    return found


def _of_controls(page: Page) -> list[str]:
    named = {each.attrs["for"] for each in page.named("label") if "for" in each.attrs and words(each)}
    found = [
        f"<{each.name} name={each.attrs.get('name')!r}> has no label"
        for each in page.named("input", "select", "textarea")
        if each.attrs.get("type") not in UNLABELLED_TYPES and not _is_labelled(each, named)
    ]
    found += [f"a <{each.name}> says nothing" for each in page.named("a", "button") if _is_mute(each)]
    found += ["a picture has no alt" for each in page.named("img") if "alt" not in each.attrs]
    found += ["a fieldset has no legend" for each in page.named("fieldset") if not _inside(each, "legend")]
    return found


def _inside(element: Any, name: str) -> list[Any]:
    return [each for each in elements(element) if each.name == name]


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
    return not any(each.attrs.get("alt") for each in _inside(element, "img"))


def _of_forms(page: Page) -> list[str]:
    found = []
    for form in page.named("form"):
        tokens = [each for each in _inside(form, "input") if each.attrs.get("name") == "csrf_token"]
        if form.attrs.get("method", "get").lower() == "post":
            if not tokens or not tokens[0].attrs.get("value"):
                found.append(f"the form to {form.attrs.get('action')} has no token")
            if not form.query('input[name="once"]') and form.attrs.get("action") not in ENDS_A_SESSION:
                found.append(f"the form to {form.attrs.get('action')} could act twice: it has no one-time id")
        elif tokens:
            found.append(f"the form to {form.attrs.get('action')} would show its token in the address")
        if "novalidate" not in form.attrs and _is_filled_in(form):
            found.append(
                f"the form to {form.attrs.get('action')} is judged by the browser: it needs novalidate"
            )
    return found


def _is_filled_in(form: Element) -> bool:
    """Whether a form asks for something: one that is only pressed has nothing to judge."""
    inputs = [each.attrs.get("type", "text") for each in _inside(form, "input")]
    asked = [each for each in inputs if each not in ("hidden", "submit")]
    return bool(asked or _inside(form, "select") or _inside(form, "textarea"))


def _of_errors(page: Page) -> list[str]:
    """The list of errors leads down the page, box by box, as its reader goes."""
    lists = [each for each in page.having("class") if SUMMARY in each.attrs["class"].split()]
    links = [each.attrs.get("href") or "" for one in lists for each in _inside(one, "a")]
    at = {each.attrs["id"]: place for place, each in enumerate(page.elements) if "id" in each.attrs}
    wrong = [link[1:] for link in links if link.startswith("#") and link[1:] in at]
    shown = sorted(wrong, key=lambda each: at[each])
    return [] if shown == wrong else [f"its errors are told as {wrong}, and stand on the page as {shown}"]


def _of_what_runs(page: Page) -> list[str]:
    found = ["it has a script of its own" for each in page.named("script") if not each.attrs.get("src")]
    found += ["it has styles of its own" for _ in page.named("style")]
    for each in page.elements:
        for name, value in each.attrs.items():
            if name == "style" or name.startswith("on"):
                found.append(f"<{each.name}> has {name}=")
            if name in {"href", "src", "action"} and str(value).strip().lower().startswith(
                ("javascript:", "data:")
            ):
                found.append(f"<{each.name}> leads to {value}")
    return found


def _of_words(page: Page) -> list[str]:
    found = [text for body in page.named("body") for text in texts(body) if LEFTOVERS.search(text)]
    return [f"it says {text[:80]!r}" for text in found]


def texts(node: Any) -> Iterator[str]:
    """Every stretch of text that people can read, in order."""
    for each in node.children or ():
        if each.name == "#text":
            yield str(each.data).strip()
        elif each.name not in {"script", "style", "textarea"}:
            yield from texts(each)
