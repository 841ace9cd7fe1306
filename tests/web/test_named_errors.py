"""An error says which field it is about: of several sums or numbers on one page, each has a name of its own (K32)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.app import create_app
from crm.config import Settings
from crm.web.fields import THE_AMOUNT, MoneyField, WholeNumberField
from crm.web.forms import Form

UNNAMED = {THE_AMOUNT, "The number"}


def forms_below(kind: type[Form]) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from forms_below(each)


def every_form() -> list[type[Form]]:
    create_app(Settings.from_environment({"CRM_ENV": "test", "DATABASE_URL": "sqlite://"}))
    return sorted({each for each in forms_below(Form) if each.__module__.startswith("crm.")}, key=str)


def figures(form: Form) -> list[MoneyField | WholeNumberField]:
    return [each for each in form if isinstance(each, MoneyField | WholeNumberField)]


@pytest.mark.engine("sqlite")
def test_of_several_figures_on_a_form_each_error_names_its_own_k32() -> None:
    forms = [kind() for kind in every_form()]
    several = [form for form in forms if len(figures(form)) > 1]
    assert len(several) > 10, "forms with several figures are found"
    unnamed = [
        f"{type(form).__name__}.{each.name}: “{each.label.text}”"
        for form in several
        for each in figures(form)
        if each.says in UNNAMED
    ]
    assert not unnamed, "say what each is called in an error (`says`)"
    for form in several:
        names = [each.says for each in figures(form)]
        assert len(set(names)) == len(names), (type(form).__name__, names)
