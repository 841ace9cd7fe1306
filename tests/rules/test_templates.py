"""Every page has its view and every view its page; nothing lies about unused; nothing runs that the policy forbids."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, meta, nodes

from crm.app import FEATURES
from tests.rules.house import CRM, Module, folder_of, modules, rooms

TEMPLATES = CRM / "templates"
ENVIRONMENT = Environment(autoescape=True)
LAYOUT_OF_ROOM = "_layout.html"  # what several pages of one room share, such as the tabs of a record
RENDERERS = frozenset({"render_template", "get_template"})
# Pages that are not named after the view that shows them, each with the reason.
NAMED_OTHERWISE = {
    "angels/pitches/closed.html": "the page of `pitches` to whoever may not be shown any",
    "angels/pitches/one_raise.html": "the page of `one_raise`, shown again where a move is refused",
    "angels/pitches/pitch_form.html": "beginning and writing a pitch are one form",
    "angels/pitches/answer_question.html": "the page of `answer_question`, shown again where an answer is lacking",
    "angels/introductions/introduction.html": "the page of `introduction`, shown again where an answer is refused",
    "angels/deals/pledge.html": "the page of `pledge`, shown again where a move is refused",
    "angels/deals/investment.html": "the page of `investment`, shown again where an answer is refused",
    "accounts/_copy.html": "a page by itself in the archive of a person's data, read without the service",
    "rights/right_form.html": "adding and correcting a right are one form",
}
# Rendered under names that are put together: a letter for each kind, a page for each status.
PUT_TOGETHER = ("notices/*.txt", "errors/[0-9][0-9][0-9].html")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)


# A line that is longer is not read by those who change it. Sentences of letters are one line each.
COLUMNS = 160
# A block's tag takes its line's end and its indent with it, so that only a `{%+` or a blank within it parts two sentences.
STUCK = re.compile(
    r"[.?!]\{% end(?:if|for) %\}\n[ \t]*(?:\{%(?![+-]?[ ]*(?:el|end))[^%]*%\})+(?=[^\s{]|\{\{)"
)
POSTS = re.compile(r"<form(?=[^>]*\bmethod=\"(?:post|\{%)).*?</form>", re.DOTALL)


@cache
def all_templates() -> set[str]:
    return {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*")
        if path.suffix in {".html", ".txt"}
    }


@cache
def tree_of(template: str) -> nodes.Template:
    return ENVIRONMENT.parse((TEMPLATES / template).read_text(encoding="utf-8"))


@cache
def referenced(template: str) -> set[str]:
    """What a template extends, includes or imports."""
    return {each for each in meta.find_referenced_templates(tree_of(template)) if each}


def rendered(module: Module) -> Iterator[tuple[str, str]]:
    """Each function of a module with each template that it names."""
    for function in module.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and called(node) in RENDERERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield function.name, first.value


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@cache
def all_rendered() -> set[tuple[str, str, str]]:
    """The room of each function that names a template, the function, and the template."""
    return {
        (module.room, function, template)
        for module in modules("crm")
        for function, template in rendered(module)
    }


def pages() -> set[str]:
    """The templates that views show."""
    return {template for _, _, template in all_rendered()}


def put_together() -> set[str]:
    return {
        path.relative_to(TEMPLATES).as_posix() for pattern in PUT_TOGETHER for path in TEMPLATES.glob(pattern)
    }


def documented_components() -> set[str]:
    """The components that the README offers to pages still to come."""
    text = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    return {f"components/{name}.html" for name in re.findall(r"`([a-z_]+)\(", text)}


def documented_layouts() -> set[str]:
    text = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"`(layouts/[a-z_]+\.html|errors/bare\.html)`", text))


def test_every_page_that_a_view_shows_is_there() -> None:
    assert pages() - all_templates() == set()


def test_every_template_is_shown_or_used() -> None:
    brought = [each.template for room in FEATURES for each in (*room.panels, *room.homes, *room.parts)]
    used, waiting = (
        set(),
        [*brought, *pages(), *put_together(), *documented_components(), *documented_layouts()],
    )
    while waiting:
        template = waiting.pop()
        if template not in used and template in all_templates():
            used.add(template)
            waiting += referenced(template)

    assert all_templates() - used == set()


def test_what_a_template_uses_is_there() -> None:
    missing = {
        f"{template} uses {each}"
        for template in all_templates()
        for each in referenced(template) - all_templates()
    }

    assert missing == set()


def imported_by(tree: nodes.Template) -> set[str]:
    """The names by which a template knows what it imports."""
    names = [each for found in tree.find_all(nodes.FromImport) for each in found.names]
    modules_ = {each.target for each in tree.find_all(nodes.Import)}
    return modules_ | {each[1] if isinstance(each, tuple) else each for each in names}


def unused_in(tree: nodes.Template) -> set[str]:
    """What a template imports, or as a page sets, and never uses. What a partial sets may be imported from it."""
    used = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"}
    is_page = any(tree.find_all(nodes.Extends))
    targets = [each.target for each in tree.find_all(nodes.Assign)] if is_page else []
    return (
        (imported_by(tree) | {each.name for each in targets if isinstance(each, nodes.Name)}) - used - {"_"}
    )


def test_what_a_template_imports_or_sets_is_used_in_it() -> None:
    assert unused_in(ENVIRONMENT.parse('{% from "a.html" import b, c as d %}{{ b }}')) == {"d"}
    unused = {f"{each}: {name}" for each in all_templates() for name in unused_in(tree_of(each))}

    assert unused == set()


def test_every_component_that_the_readme_offers_is_there_and_no_other() -> None:
    there = {each for each in all_templates() if each.startswith("components/") and "/_" not in each}

    assert there == documented_components()


def test_words_within_a_sentence_keep_the_capitals_of_names() -> None:
    """All small letters make "it, software" of IT and "seis" of SEIS: `within` makes the first letter small alone."""
    sources = {each: (TEMPLATES / each).read_text(encoding="utf-8") for each in all_templates()}
    assert {each for each, source in sources.items() if re.search(r"\|\s*lower\b", source)} == set()


def test_a_page_is_named_after_its_view_in_the_folder_of_its_room() -> None:
    """A private function that shows a page for two views is called after it: `_ask_page` shows `ask`."""
    wrong = {
        f"{room}: {function} shows {template}"
        for room, function, template in all_rendered()
        if room in rooms()
        and template not in NAMED_OTHERWISE
        and template != f"{folder_of(room)}/{function.removeprefix('_').removesuffix('_page')}.html"
    }

    assert wrong == set()
    assert set(NAMED_OTHERWISE) <= pages()


# Which functions put a letter into the outbox, and which of their arguments is its kind.
WRITES_LETTERS = {"queue": 0, "tell_sender": 1, "_write_letter": 1, "_invite": 1, "tell": 1} | {
    "tell_business": 1,
    "tell_lead": 1,
    "_letter": 0,
    "_letter_to": 0,
    "tell_investor": 1,
    "tell_readers": 1,
    "_tell_of_staff": 1,
    "_write_to": 1,
    "tell_assessor": 1,
    "tell_assessors": 1,
    "tell_applicant": 1,
    "_tell_all": 1,
    "ask_for_results": 1,
    "tell_owners": 1,
}


def test_every_letter_of_the_outbox_has_its_wording_and_every_wording_its_letter() -> None:
    """A kind that is chosen by what happened stands whole in a table of its room too: whoever looks for it finds it."""
    nodes_ = [node for module in modules("crm") for node in ast.walk(module.tree)]
    said = {node.value for node in nodes_ if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    kinds = {
        node.args[place].value
        for node in nodes_
        if isinstance(node, ast.Call) and (place := WRITES_LETTERS.get(called(node), 9)) < len(node.args)
        if isinstance(node.args[place], ast.Constant)
    }
    wordings = {path.stem for path in (TEMPLATES / "notices").glob("*.txt")}

    assert (kinds - wordings, wordings - said) == (set(), set())


def test_nothing_runs_and_nothing_is_styled_within_a_page() -> None:
    found = {each: INLINE.findall((TEMPLATES / each).read_text(encoding="utf-8")) for each in all_templates()}

    assert {each: marks for each, marks in found.items() if marks} == {}


def extended_by(template: str) -> list[str]:
    return [each.template.value for each in tree_of(template).find_all(nodes.Extends)]


def test_a_page_extends_a_layout_and_a_part_does_not() -> None:
    """A room may have one layout of its own, which extends one of the house's."""
    of_rooms = {each for each in all_templates() if each.split("/")[0] in rooms() and each.endswith(".html")}
    layouts = {each for each in of_rooms if Path(each).name == LAYOUT_OF_ROOM}
    parts = {each for each in of_rooms - layouts if Path(each).name.startswith("_")}
    wrong = {
        f"{each} extends {layout}"
        for each in of_rooms
        for layout in extended_by(each)
        if not (
            layout.startswith("layouts/") or (layout in layouts - {each} and is_of_one_room(layout, each))
        )
    }

    assert {each for each in of_rooms if not extended_by(each)} == parts
    assert wrong == set()


def is_of_one_room(layout: str, page: str) -> bool:
    return layout.split("/", maxsplit=1)[0] == page.split("/", maxsplit=1)[0]


def test_a_template_trusts_no_text() -> None:
    pages = {each for each in all_templates() if each.endswith(".html")}
    trusting = {
        each for each in pages if any(one.name == "safe" for one in tree_of(each).find_all(nodes.Filter))
    }

    assert trusting == set()


def test_the_token_is_written_in_one_place_and_every_form_that_posts_brings_it() -> None:
    """What else a form must carry is then added in one place too."""
    texts = {
        each: (TEMPLATES / each).read_text(encoding="utf-8")
        for each in all_templates()
        if each.endswith(".html")
    }
    without = {each for each, text in texts.items() if any("csrf(" not in one for one in POSTS.findall(text))}

    assert [each for each, text in texts.items() if "csrf_token" in text] == ["components/csrf.html"]
    assert without == set()
    assert sum(len(POSTS.findall(text)) for text in texts.values()) > 30


def test_no_line_of_a_page_is_too_long_to_be_read() -> None:
    long = {
        f"{each}:{number}"
        for each in all_templates()
        if each.endswith(".html")
        for number, line in enumerate((TEMPLATES / each).read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > COLUMNS
    }

    assert long == set()


def test_one_sentence_is_parted_from_the_next() -> None:
    stuck = {
        f"{template}: {found.group()[-60:]}"
        for template in all_templates()
        if template.endswith(".html")
        for found in STUCK.finditer((TEMPLATES / template).read_text(encoding="utf-8"))
        if "{%+" not in found.group()
    }

    assert stuck == set()
