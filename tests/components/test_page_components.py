"""Components of pages say the same to a browser as the published ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from jinja2 import UndefinedError

from tests.components.deviations import DEVIATIONS, aligned
from tests.components.oracle import OURS, elements, html, ours, reduced, theirs


class Case(NamedTuple):
    """One component, given the same thing in our words and in theirs."""

    macro: str
    given: tuple[Any, ...]
    options: dict[str, Any]
    component: str
    published: str
    params: dict[str, Any]


LINK = html('<a class="govuk-link" href="/x">Read on</a>')
CHANGE = {"href": "/c", "text": "Change", "hidden": "name"}
THEIR_CHANGE = {"href": "/c", "text": "Change", "visuallyHiddenText": "name"}
HEAD = ["Name", "Sum"]
ROWS = [["Anvil <Pixel>", "£10"], ["Kiln", "£2,000"]]


CASES = {
    "button": Case(
        "button", ("Save & go",), {}, "button", "govukButton", {"text": "Save & go", "type": "submit"}
    ),
    "button, secondary, named": Case(
        "button",
        ("No",),
        {"variant": "secondary", "name": "do", "value": "no", "prevent_double_click": True},
        "button",
        "govukButton",
        {
            "text": "No",
            "type": "submit",
            "classes": "govuk-button--secondary",
            "name": "do",
            "value": "no",
            "preventDoubleClick": True,
        },
    ),
    "button, a warning": Case(
        "button",
        ("Delete",),
        {"variant": "warning"},
        "button",
        "govukButton",
        {"text": "Delete", "type": "submit", "classes": "govuk-button--warning"},
    ),
    "button, a link": Case(
        "button",
        ("Go",),
        {"href": "/x?a=1&b=2"},
        "button",
        "govukButton",
        {"text": "Go", "href": "/x?a=1&b=2"},
    ),
    "tag": Case(
        "tag", ("Open", "green"), {}, "tag", "govukTag", {"text": "Open", "classes": "govuk-tag--green"}
    ),
    "tag, plain": Case("tag", ("Open",), {}, "tag", "govukTag", {"text": "Open"}),
    "details": Case(
        "details", ("Why", LINK), {}, "details", "govukDetails", {"summaryText": "Why", "html": LINK}
    ),
    "details, open": Case(
        "details",
        ("Why", "Because <"),
        {"open": True},
        "details",
        "govukDetails",
        {"summaryText": "Why", "text": "Because <", "open": True},
    ),
    "inset text": Case("inset_text", ("Note <",), {}, "inset-text", "govukInsetText", {"text": "Note <"}),
    "warning text": Case(
        "warning_text", ("Mind <",), {}, "warning-text", "govukWarningText", {"text": "Mind <"}
    ),
    "panel": Case(
        "panel",
        ("Sent", "Your number is 4"),
        {},
        "panel",
        "govukPanel",
        {"titleText": "Sent", "text": "Your number is 4"},
    ),
    "panel, title only": Case("panel", ("Sent",), {}, "panel", "govukPanel", {"titleText": "Sent"}),
    "breadcrumbs": Case(
        "breadcrumbs",
        ([("Desk", "/desk"), ("People", None)],),
        {},
        "breadcrumbs",
        "govukBreadcrumbs",
        {"items": [{"text": "Desk", "href": "/desk"}, {"text": "People"}], "collapseOnMobile": True},
    ),
    "back link": Case("back_link", ("/before",), {}, "back-link", "govukBackLink", {"href": "/before"}),
    "notification": Case(
        "notification",
        ("Not checked",),
        {},
        "notification-banner",
        "govukNotificationBanner",
        {"text": "Not checked"},
    ),
    "notification of success": Case(
        "notification",
        ("Saved", "success"),
        {"number": 2},
        "notification-banner",
        "govukNotificationBanner",
        {"text": "Saved", "type": "success", "titleId": "govuk-notification-banner-title-2"},
    ),
    "pagination": Case(
        "pagination",
        ({"previous_href": "?a", "next_href": "?b"},),
        {},
        "pagination",
        "govukPagination",
        {"previous": {"href": "?a"}, "next": {"href": "?b"}, "items": [], "landmarkLabel": "Pages"},
    ),
    "summary list": Case(
        "summary_list",
        ([{"key": "Name", "value": "Anvil"}, {"key": "Page", "value": LINK}],),
        {},
        "summary-list",
        "govukSummaryList",
        {
            "rows": [
                {"key": {"text": "Name"}, "value": {"text": "Anvil"}},
                {"key": {"text": "Page"}, "value": {"html": LINK}},
            ]
        },
    ),
    "summary list with actions": Case(
        "summary_list",
        (
            [
                {"key": "Name", "value": "Anvil", "actions": [CHANGE]},
                {"key": "Sum", "value": "£2", "actions": [CHANGE, {"href": "/d", "text": "Drop"}]},
                {"key": "Id", "value": "7"},
            ],
        ),
        {},
        "summary-list",
        "govukSummaryList",
        {
            "rows": [
                {"key": {"text": "Name"}, "value": {"text": "Anvil"}, "actions": {"items": [THEIR_CHANGE]}},
                {
                    "key": {"text": "Sum"},
                    "value": {"text": "£2"},
                    "actions": {"items": [THEIR_CHANGE, {"href": "/d", "text": "Drop"}]},
                },
                {"key": {"text": "Id"}, "value": {"text": "7"}},
            ]
        },
    ),
    "table": Case(
        "table",
        ("Sums", HEAD, ROWS),
        {"numeric": (1,), "first_is_header": True},
        "table",
        "govukTable",
        {
            "caption": "Sums",
            "captionClasses": "govuk-table__caption--m",
            "firstCellIsHeader": True,
            "head": [{"text": "Name"}, {"text": "Sum", "format": "numeric"}],
            "rows": [[{"text": name}, {"text": total, "format": "numeric"}] for name, total in ROWS],
        },
    ),
    "task list": Case(
        "task_list",
        (
            [
                {"title": "Business", "href": "/b", "status": "Completed"},
                {
                    "title": "Money",
                    "href": "/m",
                    "status": "In progress",
                    "colour": "yellow",
                    "hint": "What and when",
                },
                {"title": "Send", "status": "Cannot start yet", "hint": "After the rest"},
            ],
        ),
        {},
        "task-list",
        "govukTaskList",
        {
            "items": [
                {"title": {"text": "Business"}, "href": "/b", "status": {"text": "Completed"}},
                {
                    "title": {"text": "Money"},
                    "href": "/m",
                    "hint": {"text": "What and when"},
                    "status": {"tag": {"text": "In progress", "classes": "govuk-tag--yellow"}},
                },
                {
                    "title": {"text": "Send"},
                    "hint": {"text": "After the rest"},
                    "status": {"text": "Cannot start yet"},
                },
            ]
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_component_is_the_published_one(name: str) -> None:
    case = CASES[name]
    own = reduced(ours(case.macro, *case.given, **case.options))
    published = reduced(theirs(case.component, case.published, **case.params))
    assert aligned(case.macro, own) == aligned(case.macro, published)


@pytest.mark.parametrize("component", DEVIATIONS)
def test_every_deviation_is_still_one(component: str) -> None:
    case = next(case for case in CASES.values() if case.macro == component)
    own = reduced(ours(case.macro, *case.given, **case.options))
    assert own != reduced(theirs(case.component, case.published, **case.params)), "it can leave the table"


def test_a_list_of_one_page_has_no_pagination() -> None:
    assert ours("pagination", {"previous_href": None, "next_href": None}).strip() == ""


def test_a_service_says_why_what_is_unknown_and_what_would_change_it() -> None:
    card = ours(
        "service_card",
        "Grant <A>",
        "Hub",
        verdict="unknown",
        fits=["You are in Dudley"],
        unknown=["Turnover"],
        changes=["Turnover of £100,000"],
        not_met=["Six people; needs ten"],
        notes=["Half is yours"],
        unavailable="Opens in April",
        checked="1 May 2024",
        stale=True,
        cost="Free",
        out_href="https://example.org",
    )
    for words in (
        "Grant &lt;A&gt;",
        "Why it fits",
        "You are in Dudley",
        "What we do not know yet",
        "What would change this",
        "What rules it out",
        "Good to know",
        "Not open now.",
        "last checked 1 May 2024",
        "You may be able to",
    ):
        assert words in card


def test_a_form_of_one_button_posts_with_its_token_and_what_it_carries() -> None:
    form = ours("post_button", "/x?a=1&b=2", "Remove", hidden_text="of Ann <b>", fields={"person": "7"})

    assert elements(form, "form") == [{"method": "post", "action": "/x?a=1&b=2"}]
    assert [(each["name"], each["value"]) for each in elements(form, "input")] == [
        ("csrf_token", "a-token"),
        ("once", "an-id"),
        ("person", "7"),
    ]
    assert elements(form, "button")[0]["data-prevent-double-click"] == "true"
    assert '>Remove<span class="govuk-visually-hidden"> of Ann &lt;b&gt;</span></button>' in form


def test_a_form_of_one_button_can_stand_in_a_line_and_look_like_a_link() -> None:
    form = ours("post_button", "/x", "Remove", hidden_text=": Ann", as_link=True, inline=True)

    assert elements(form, "form")[0]["class"] == "app-inline"
    assert elements(form, "button")[0]["class"] == "app-link-button"
    assert '>Remove<span class="govuk-visually-hidden">: Ann</span></button>' in form


def test_a_summary_list_leaves_out_what_has_no_value_but_neither_nought_nor_what_can_be_filled_in() -> None:
    rows = [
        {"key": "Gone", "value": None},
        {"key": "Empty", "value": ""},
        {"key": "Nought", "value": 0},
        {"key": "Unknown", "value": "", "actions": [CHANGE]},
    ]
    seen = reduced(ours("summary_list", rows))

    assert [each for each in ("“Gone”", "“Empty”", "“Nought”", "“Unknown”") if each in seen] == [
        "“Nought”",
        "“Unknown”",
    ]


def test_a_summary_list_still_refuses_a_value_that_no_view_gave() -> None:
    with pytest.raises(UndefinedError):
        ours("summary_list", [{"key": "Name", "value": OURS.undefined(name="misspelt")}])


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 businesses"),
        (1, "1 business"),
        (2304, "2,304 businesses"),
        (5001, "More than 5,000 businesses"),
    ],
)
def test_a_list_says_how_many_in_agreement(count: int, said: str) -> None:
    counted = ours("list_count", count, "business", many="businesses", most=5000)

    assert next(each for each in reduced(counted) if isinstance(each, str)) == f"“{said}”"


def test_a_service_never_checked_says_so() -> None:
    assert "We do not know when this was last checked" in ours("service_card", "A", "B", stale=True)


@pytest.mark.parametrize(
    "path",
    sorted(
        OURS.list_templates(
            filter_func=lambda name: (
                name.startswith("components/") and "/_" not in name and name.endswith(".html")
            )
        )
    ),
)
def test_a_component_file_holds_the_one_macro_it_is_named_after(path: str) -> None:
    name = path.removeprefix("components/").removesuffix(".html")
    source = (OURS.loader.get_source(OURS, path) if OURS.loader else ("",))[0]
    assert [line.split("(")[0].split()[-1] for line in source.splitlines() if "{% macro " in line] == [name]
