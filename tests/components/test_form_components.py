"""Form components say the same to a browser as the published ones, fresh, filled and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.components.deviations import aligned
from tests.components.forms import STATES, Sample, choices, refused
from tests.components.oracle import elements, ours, reduced, theirs

HINT = "A hint, with <angles>"


def _common(field: Any, hint: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"id": field.id, "name": field.name, "label": {"text": field.label.text}}
    if hint:
        found["hint"] = {"text": hint}
    if field.errors:
        found["errorMessage"] = {"text": field.errors[0]}
    return found


def _grouped(field: Any, hint: str | None) -> dict[str, Any]:
    found = _common(field, hint)
    found["idPrefix"] = found["id"]
    found["fieldset"] = {"legend": {"text": field.label.text, "classes": "govuk-fieldset__legend--m"}}
    return found


def _items(chosen: Any) -> list[dict[str, Any]]:
    picked = chosen if isinstance(chosen, list) else [chosen]
    return [{"value": one.value, "text": one.label, "checked": one.value in picked} for one in choices()]


def _text(field: Any, hint: str | None) -> str:
    return theirs("input", "govukInput", **_common(field, hint), value=field._value() or None)


def _email(field: Any, hint: str | None) -> str:
    return theirs(
        "input",
        "govukInput",
        **_common(field, hint),
        value=field._value() or None,
        type="email",
        autocomplete="email",
        spellcheck=False,
    )


def _number(field: Any, hint: str | None) -> str:
    common = _common(field, hint)
    return theirs(
        "input",
        "govukInput",
        **common,
        value=field._value() or None,
        inputmode="numeric",
        classes="govuk-input--width-5",
        prefix={"text": "£"},
        suffix={"text": "a year"},
    )


def _textarea(field: Any, hint: str | None) -> str:
    return theirs("textarea", "govukTextarea", **_common(field, hint), value=field._value(), rows=8)


def _select(field: Any, hint: str | None) -> str:
    items = [
        {"value": one.value, "text": one.label, "selected": one.value == field.data} for one in choices()
    ]
    return theirs("select", "govukSelect", **_common(field, hint), items=items)


def _radios(field: Any, hint: str | None) -> str:
    return theirs("radios", "govukRadios", **_grouped(field, hint), items=_items(field.data))


def _checkboxes(field: Any, hint: str | None) -> str:
    return theirs("checkboxes", "govukCheckboxes", **_grouped(field, hint), items=_items(field.data or []))


def _date(field: Any, hint: str | None) -> str:
    error = " govuk-input--error" if field.errors else ""
    items = [
        {"name": part, "value": typed or None, "classes": f"govuk-input--width-{width}{error}"}
        for part, width, typed in zip(("day", "month", "year"), (2, 2, 4), field.parts, strict=True)
    ]
    return theirs("date-input", "govukDateInput", **_grouped(field, hint), namePrefix=field.name, items=items)


def _password(field: Any, hint: str | None) -> str:
    return theirs("password-input", "govukPasswordInput", **_common(field, hint))


def _file(field: Any, hint: str | None) -> str:
    return theirs("file-upload", "govukFileUpload", **_common(field, hint))


CASES: dict[str, tuple[str, str, dict[str, Any], Callable[[Any, str | None], str]]] = {
    "text": ("text_input", "name", {}, _text),
    "email": ("text_input", "email", {"autocomplete": "email", "spellcheck": False}, _email),
    "number": ("text_input", "people", {"width": 5, "prefix": "£", "suffix": "a year"}, _number),
    "textarea": ("textarea", "why", {"rows": 8}, _textarea),
    "select": ("select", "hub", {}, _select),
    "radios": ("radios", "sector", {}, _radios),
    "checkboxes": ("checkboxes", "needs", {}, _checkboxes),
    "date": ("date_input", "starts", {}, _date),
    "password": ("password_input", "password", {}, _password),
    "file": ("file_upload", "letter", {}, _file),
}


@pytest.mark.parametrize("hint", [None, HINT], ids=["plain", "hint"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("case", CASES)
def test_a_form_component_is_the_published_one(case: str, state: str, hint: str | None) -> None:
    macro, name, options, published = CASES[case]
    form = STATES[state]()
    field = form[name]
    assert aligned(macro, reduced(ours(macro, field, hint=hint, **options))) == aligned(
        macro, reduced(published(field, hint))
    )


def test_options_with_hints_and_a_divider_are_the_published_ones() -> None:
    field = refused().needs
    items = _items([])
    items[0]["hint"] = {"text": "Or radio"}
    items[2]["behaviour"] = "exclusive"
    items.insert(2, {"divider": "or"})
    # The published macro counts the divider when it numbers the boxes; ours numbers boxes alone.
    items[3]["id"] = "needs-3"
    published = theirs(
        "checkboxes",
        "govukCheckboxes",
        **_grouped(field, None),
        items=items,
        classes="govuk-checkboxes--small",
    )
    own = ours(
        "checkboxes", field, small=True, hints={"film": "Or radio"}, divider_before="none", exclusive="none"
    )
    assert reduced(own) == reduced(published)


def test_a_legend_may_be_the_heading_of_its_page() -> None:
    field = refused().sector
    params = _grouped(field, None)
    params["fieldset"]["legend"] = {
        "text": field.label.text,
        "classes": "govuk-fieldset__legend--l",
        "isPageHeading": True,
    }
    published = theirs("radios", "govukRadios", **params, items=_items(None), classes="govuk-radios--inline")
    assert reduced(ours("radios", field, legend_is_heading=True, inline=True)) == reduced(published)


def test_a_label_may_be_the_heading_of_its_page() -> None:
    field = refused().name
    params = _common(field, None)
    params["label"] = {"text": field.label.text, "classes": "govuk-label--l", "isPageHeading": True}
    assert reduced(ours("text_input", field, label_is_heading=True)) == reduced(
        theirs("input", "govukInput", **params)
    )


def test_a_password_is_never_sent_back() -> None:
    assert "value" not in elements(ours("password_input", STATES["filled"]().password), "input")[0]


def test_the_error_summary_is_the_published_one() -> None:
    form = refused()
    form.form_errors.append("Nothing was saved")
    listed = [
        {"href": "#starts-day" if field.id == "starts" else f"#{field.id}", "text": field.errors[0]}
        for field in form
        if field.errors
    ]
    published = theirs(
        "error-summary",
        "govukErrorSummary",
        titleText="There is a problem",
        errorList=[*listed, {"text": "Nothing was saved"}],
    )
    assert reduced(ours("error_summary", form)) == reduced(published)


def test_a_form_without_errors_has_no_summary() -> None:
    assert ours("error_summary", STATES["fresh"]()).strip() == ""


RENDERED = {
    "name": "text_input",
    "email": "text_input",
    "people": "text_input",
    "why": "textarea",
    "hub": "select",
    "sector": "radios",
    "needs": "checkboxes",
    "starts": "date_input",
    "password": "password_input",
    "letter": "file_upload",
    "told": "checkbox",
}


def _boxes(form: Sample) -> dict[str, str]:
    """The element that has each id, over the whole form."""
    seen = [item for name, macro in RENDERED.items() for item in reduced(ours(macro, form[name]))]
    return {item[1]["id"]: item[0] for item in seen if isinstance(item, tuple) and "id" in item[1]}


def test_every_link_of_the_summary_leads_to_a_box_that_takes_the_cursor() -> None:
    form = refused()
    boxes = _boxes(form)
    links = [link["href"].removeprefix("#") for link in elements(ours("error_summary", form), "a")]
    assert len(links) == len(RENDERED)
    assert {boxes[link] for link in links} <= {"input", "select", "textarea"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("hint", [None, HINT], ids=["plain", "hint"])
def test_everything_that_describes_a_box_is_there(state: str, hint: str | None) -> None:
    form = STATES[state]()
    for name, macro in RENDERED.items():
        seen = [item[1] for item in reduced(ours(macro, form[name], hint=hint)) if isinstance(item, tuple)]
        ids = {found["id"] for found in seen if "id" in found}
        wanted = {one for found in seen for one in found.get("aria-describedby", "").split()}
        assert wanted <= ids, (name, wanted - ids)
        assert bool(wanted) == bool(hint or form[name].errors)


def test_a_textarea_keeps_a_first_empty_line() -> None:
    form = Sample(data={"why": "\n\nthird"})
    # The parser, unlike a browser, keeps the line break that is there to be dropped.
    assert ">\n\n\nthird</textarea>" in ours("textarea", form.why)
