"""Every layout carries one heading, a title made of it, a way past the menu, and nothing inline."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from crm.web.menu import Door, Menu
from tests.components.forms import Sample, refused
from tests.components.oracle import CRM, OURS, elements, reduced

AROUND: dict[str, Any] = {
    "service_name": "A <Service>",
    "menu": Menu(areas=(Door("Desk", "/desk", is_here=True, is_current=True),)),
    "signed_in": None,
    "looker": None,
    "is_demo": False,
    "theme": {},
    "current_path": "/here",
    "flashes": [],
    "page": SimpleNamespace(rows=(), next_href=None, previous_href=None),
}
LAYOUTS = ("page", "wide", "list", "question", "landing", "print")
ERRORS = ("403", "404", "409", "422", "429", "500", "503")


def _page(layout: str, **given: Any) -> str:
    source = f'{{% extends "layouts/{layout}.html" %}}{{% block heading %}}{{{{ heading }}}}{{% endblock %}}'
    return OURS.from_string(source).render(AROUND | {"heading": "Grants & loans"} | given)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_title_begins_with_the_one_heading(layout: str) -> None:
    page = _page(layout)
    assert "<title>Grants &amp; loans – A &lt;Service&gt;</title>" in page
    assert len(elements(page, "h1")) == 1
    assert "“Grants & loans”" in reduced(page)


@pytest.mark.parametrize("layout", ["page", "wide", "list", "question"])
def test_a_refused_form_says_so_in_the_title_and_above_the_heading(layout: str) -> None:
    page = _page(layout, form=refused())
    assert "<title>Error: Grants &amp; loans" in page
    assert page.index("There is a problem") < page.index("<h1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_skip_link_leads_past_the_menu(layout: str) -> None:
    page = _page(layout)
    assert elements(page, "a")[0]["href"] == "#main-content"
    assert [main["id"] for main in elements(page, "main")] == ["main-content"]


def test_a_question_posts_with_a_token_and_one_asked_by_address_has_none() -> None:
    assert 'value="a-token"' in _page("question")
    source = '{% extends "layouts/question.html" %}{% block heading %}Q{% endblock %}{% block form_method %}get{% endblock %}'
    asked = OURS.from_string(source).render(AROUND)
    assert 'method="get" action="/here"' in asked
    assert "csrf_token" not in asked


def test_a_page_that_takes_a_file_sends_it_as_one_and_says_what_is_taken() -> None:
    source = '{% extends "layouts/attach.html" %}{% block heading %}Add a proof{% endblock %}'
    page = OURS.from_string(source).render(
        AROUND
        | {"form": SimpleNamespace(file=Sample().letter, errors={}), "taken": "PDF or Word", "accept": ".pdf"}
    )

    assert elements(page, "form")[0]["enctype"] == "multipart/form-data"
    box = next(each for each in elements(page, "input") if each["type"] == "file")
    assert box["accept"] == ".pdf"
    assert "“PDF or Word”" in reduced(page)
    assert 'value="a-token"' in page


def test_a_list_shows_its_rows_or_what_to_do_without_any() -> None:
    source = (
        '{% extends "layouts/list.html" %}{% block heading %}Kilns{% endblock %}{% block empty %}No kiln{% endblock %}'
        "{% block row %}<li>{{ each }}</li>{% endblock %}"
    )
    two = SimpleNamespace(rows=("Red", "Blue"), next_href="?page=2", previous_href=None)
    full = OURS.from_string(source).render(AROUND | {"page": two})

    assert "<li>Red</li><li>Blue</li>" in full
    assert 'aria-label="Pages of kilns"' in full
    assert "No kiln" not in full
    assert "No kiln" in OURS.from_string(source).render(AROUND)


def test_whoever_looks_through_somebodys_eyes_is_told_so_and_can_only_stop() -> None:
    page = _page("page", signed_in=SimpleNamespace(name="Ann <b>"), looker=SimpleNamespace(name="Max <i>"))

    assert "View only" in page
    assert "You are viewing as Ann &lt;b&gt;" in page
    assert "Max &lt;i&gt;, as Ann &lt;b&gt;" in page
    assert 'action="/stop_viewing"' in page
    assert "/sign_out" not in page


def test_whoever_is_signed_in_is_named_and_signs_out_by_posting() -> None:
    page = _page("page", signed_in=SimpleNamespace(name="Ann <b>"))
    assert "Ann &lt;b&gt;" in page
    form = elements(page, "form")[0]
    assert (form["method"], form["action"]) == ("post", "/sign_out")
    assert 'href="/sign_in"' in _page("page")


def test_a_demonstration_says_so() -> None:
    assert "invented businesses" in _page("page", is_demo=True)
    assert "invented businesses" not in _page("page")


def test_an_installation_with_its_own_colours_links_them_last() -> None:
    links = [
        link["href"]
        for link in elements(_page("page", theme={"ink": "#123456"}), "link")
        if link["rel"] == "stylesheet"
    ]
    assert links.index("/theme.css") > links.index("/static/theme.css")
    assert "/theme.css" not in [link["href"] for link in elements(_page("page"), "link")]


def test_two_flashes_have_two_names() -> None:
    page = _page("page", flashes=[("success", "Saved"), ("warning", "Sign in first")])
    names = re.findall(r'aria-labelledby="([^"]+)"', page)
    assert len(names) == len(set(names)) == 2
    assert page.count('role="alert"') == 1


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_says_what_happened_and_what_to_do(status: str) -> None:
    page = OURS.get_template(f"errors/{status}.html").render({} if status.startswith("5") else AROUND)
    assert len(elements(page, "h1")) == 1
    assert page.count('<p class="govuk-body') >= 2
    assert status not in re.sub(r"<[^>]+>", "", page), "nobody needs the number"


def test_an_error_page_says_the_particular_thing_escaped() -> None:
    page = OURS.get_template("errors/409.html").render(AROUND | {"message": "Ann <b> was first"})
    assert "Ann &lt;b&gt; was first" in page


INLINE = re.compile(
    r"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=|<script(?![^>]*\ssrc=)|<style|javascript:", re.IGNORECASE
)


def test_no_template_holds_inline_style_or_script() -> None:
    found = [
        path.name
        for path in (CRM / "templates").rglob("*.html")
        if INLINE.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
