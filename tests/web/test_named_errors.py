"""An error says which field it is about: of several sums or numbers on one page, each has a name of its own (K32)."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from wtforms.validators import DataRequired, InputRequired

from crm.app import create_app
from crm.config import Settings
from crm.kernel.clock import read_time
from crm.kernel.errors import BadInput
from crm.programme.rounds.forms.composing import read_hundredths
from crm.web.fields import THE_AMOUNT, MoneyField, ReadAs, WholeNumberField
from crm.web.forms import Form

UNNAMED = {THE_AMOUNT, "The number", ""}
Figure = MoneyField | WholeNumberField | ReadAs


def forms_below(kind: type[Form]) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from forms_below(each)


def every_form() -> list[type[Form]]:
    """Those that are written down; one made for a page while another test ran is there or not, as memory is freed."""
    create_app(Settings.from_environment({"CRM_ENV": "test", "DATABASE_URL": "sqlite://"}))
    found = {each for each in forms_below(Form) if each.__module__.startswith("crm.")}
    return sorted(
        (each for each in found if getattr(sys.modules[each.__module__], each.__name__, None) is each),
        key=str,
    )


def figures(form: Form) -> list[Figure]:
    """The fields that are read as a number, and those of one rule where there are several: times of a day."""
    read = [each for each in form if isinstance(each, ReadAs)]
    rules = [each.rule for each in read]
    named = [each for each in read if each.rule is read_hundredths or rules.count(each.rule) > 1]
    return [each for each in form if isinstance(each, MoneyField | WholeNumberField) or each in named]


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


@pytest.mark.engine("sqlite")
def test_k32_of_two_questions_left_empty_the_errors_at_the_top_of_the_page_differ() -> None:
    alike = []
    for kind in every_form():
        said: dict[str, list[str]] = {}
        for field in kind():
            for each in field.validators:
                if isinstance(each, InputRequired | DataRequired) and each.message:
                    said.setdefault(str(each.message), []).append(field.name)
        alike += [(kind.__name__, words, names) for words, names in said.items() if len(names) > 1]
    assert not alike


@pytest.mark.engine("sqlite")
def test_k32_what_a_rule_says_of_a_text_names_the_field_it_is_about() -> None:
    class Two(Form):
        deadline = ReadAs("Deadline at", read=read_time, says="The deadline")
        alone = ReadAs("Time", read=read_time)

    for name, words in (("deadline", "The deadline: enter a time, like"), ("alone", "Enter a time, like")):
        with pytest.raises(BadInput, match=words):
            Two()[name].read("soon")
