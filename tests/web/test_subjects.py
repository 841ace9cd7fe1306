"""Each line of a list of errors says by itself which field it is about (K32)."""

from __future__ import annotations

import pytest
from wtforms import StringField

from crm.programme.rounds.workflow import RoundStatus
from crm.web.forms import Form
from crm.web.subjects import summed_up
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient, errors_of
from tests.programme.pages import typed


class Two(Form):
    """A form of two fields."""

    opens = StringField("Opens at")
    turnover = StringField("What was its turnover last year?")


class One(Form):
    """A form of one."""

    opens = StringField("Opens at")


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("opens", "Enter a time, like 14:30", "Opens at: Enter a time, like 14:30"),
        ("opens", "Enter when it opens", "Enter when it opens"),
        ("opens", "Say when people can begin", "Say when people can begin"),
        ("turnover", "The amount must be less", "What was its turnover last year? The amount must be less"),
        ("turnover", "The turnover must be in pounds", "The turnover must be in pounds"),
        ("opens", "Opens at: enter a time", "Opens at: enter a time"),
    ],
)
def test_k32_an_error_is_said_after_its_label_unless_it_names_it(name: str, error: str, said: str) -> None:
    form = Two()
    form[name].errors = [error]
    assert summed_up(error, field=form[name], form=form) == said


def test_k32_the_page_of_a_single_question_says_itself_what_it_is_about() -> None:
    form = One()
    form.opens.errors = ["Enter a time"]
    assert summed_up("Enter a time", field=form.opens, form=form) == "Enter a time"


def test_k32_of_four_times_of_a_round_the_list_says_which_is_wrong(
    cast: Cast, client: ConformingClient
) -> None:
    draft = rounds.round_(RoundStatus.DRAFT)
    client.sign_in(cast.programme_manager)
    told = typed("1 3 2027", name="opens") | {"deadline_hour": "25:00", "threshold": "100.01"}
    said = errors_of(client.post(f"/programme/rounds/{draft.id}/change", data=told))
    assert [each for each in said if each.startswith("The deadline: enter a time")]
    assert [each for each in said if "100%" in each and each.startswith("Lowest total")]
