"""The conforming client finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.conforming import faults_of_page

PAGE = (
    '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><main><h1>Letters</h1>{body}</main></body></html>"
)

SENT_ONCE = (
    '<form method="post" action="/a"><input type="hidden" name="csrf_token" value="x">'
    '<input type="hidden" name="once" value="x"></form>'
)


def page(body: str = "", *, title: str = "Letters – A service") -> str:
    return PAGE.format(body=body, title=title)


@pytest.mark.parametrize(
    "body",
    [
        "<p>None of these</p>",
        "<p>None means any.</p>",
        '<label for="a">Name</label><input id="a" name="a">',
        '<label>Name <input name="a"></label>',
        '<input type="hidden" name="a">',
        SENT_ONCE,
        '<form method="get" action="/a"></form>',
        '<form action="/a" novalidate><label>A <input name="a"></label></form>',
        '<a href="/a"><img src="/b.svg" alt="Home"></a>',
    ],
)
def test_a_sound_page_has_no_faults(body: str) -> None:
    assert faults_of_page(page(body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p><div></p>", "does not parse"),
        ("<h1>Again</h1>", "2 h1 headings"),
        ('<input id="a" name="a">', "has no label"),
        ('<label for="b">B</label>', "which is not there"),
        ('<form method="post" action="/a"></form>', "has no token"),
        (
            '<form method="post" action="/a"><input type="hidden" name="csrf_token" value="x"></form>',
            "could act twice",
        ),
        ('<form action="/a"><input type="hidden" name="csrf_token" value="x"></form>', "show its token"),
        ('<form action="/a"><label>A <input name="a"></label></form>', "judged by the browser"),
        ("<script>let a</script>", "script of its own"),
        ("<style>p {}</style>", "styles of its own"),
        ('<p style="color: red">A</p>', "has style="),
        ('<p onclick="a()">A</p>', "has onclick="),
        ('<a href="javascript:a()">A</a>', "leads to javascript"),
        ("<p>Checked None</p>", "it says"),
        ("<p>None</p>", "it says"),
        ("<p>{{ name }}</p>", "it says"),
        ("<p>Ann &amp;amp; Co</p>", "it says"),
        ('<p id="a">A</p><p id="a">B</p>', "there 2 times"),
        ('<a href="#nowhere">A</a>', "not on the page"),
        ('<a href="/a"></a>', "says nothing"),
        ('<img src="/a.svg">', "no alt"),
        ("<fieldset><p>A</p></fieldset>", "no legend"),
        (
            '<div class="govuk-error-summary"><a href="#b">B</a><a href="#a">A</a></div><p id="a">A</p><p id="b">B</p>',
            "stand on the page as",
        ),
    ],
)
def test_a_fault_is_found(body: str, fault: str) -> None:
    assert fault in "\n".join(faults_of_page(page(body)))


def test_the_title_begins_with_the_heading_or_with_error_and_the_heading() -> None:
    assert faults_of_page(page(title="Error: Letters – A service")) == []
    assert "does not begin" in "\n".join(faults_of_page(page(title="A service – Letters")))


def test_a_page_says_its_language() -> None:
    assert "language" in "\n".join(faults_of_page(page().replace(' lang="en-GB"', "")))


FRAMED = '<!DOCTYPE html><html lang="en-GB"><head><title>{0} – A service</title></head><body>{1}<main id="main"><h1>{0}</h1>{2}</main></body></html>'


@pytest.mark.parametrize(
    ("frame", "main", "fault"),
    [
        ('<a href="#main">Skip</a>', "", ""),
        ('<a href="#nowhere">Skip</a>', "", "not on the page"),
        ('<p id="a">A</p>', '<p id="a">B</p>', "there 2 times"),
        ('<p id="a">A</p>', '<a href="#a">A</a>', ""),
        ('<label for="a">A</label>', '<input id="a" name="a">', ""),
        ("<div>", "</div>", "does not parse"),
        ("<h1>Letters</h1>", "", "2 h1 headings"),
        ("<p>None</p>", "", "it says"),
    ],
)
def test_the_frame_and_the_main_part_of_a_page_are_right_and_fit_each_other(
    frame: str, main: str, fault: str
) -> None:
    for heading in ("Letters", "Others"):  # the halves of the second are known already, but for the heading
        found = "\n".join(faults_of_page(FRAMED.format(heading, frame, main)))
        assert fault in found
        assert bool(fault) == bool(found)
