"""The forms of an assessment that is answered without an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.diagnostics.forms.readiness import TO_FOUNDERS, AreaForm, radio_of
from crm.diagnostics.queries.opened import Opened
from crm.diagnostics.rules.carrying import Sheet
from crm.diagnostics.rules.readiness import SELLS, Circumstances, Question
from crm.kernel.eligibility import DCMS_GROUPS
from crm.web.filters import sentence
from crm.web.forms import Form


class AboutForm(Form):
    """What is true of the business and changes what is asked, or what counts more."""

    groups = SelectMultipleField(
        "What do you do?",
        choices=[SelectChoice(value, sentence(label)) for value, label in DCMS_GROUPS.items()],
    )
    screen = RadioField(
        TO_FOUNDERS["screen"],
        [InputRequired("Choose yes or no")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    sells = RadioField(
        TO_FOUNDERS["sells"],
        [InputRequired("Choose what you sell")],
        choices=[SelectChoice(value, label) for value, label in SELLS.items()],
    )

    def sheet(self, found: Opened) -> Sheet:
        """The answers so far under what was told; those to questions that are no longer asked are left out."""
        is_screen = "screen" in self and self.screen.data == "yes"
        sells = self.sells.data if "sells" in self else found.of.sells
        of = Circumstances(frozenset(self.groups.data or ()), is_screen, sells)
        there = {each.key for each in found.asked.for_circumstances(of)}
        kept = {key: value for key, value in found.sheet.answers.items() if key in there}
        return Sheet(found.sheet.name, found.sheet.number, of, kept)


def about_form(found: Opened) -> AboutForm:
    """The form with what was told before."""
    of = found.of
    told = {"screen": "yes" if of.is_screen else "no", "sells": of.sells} if found.sheet.answers else {}
    form = AboutForm.of_request(groups=sorted(of.groups), **told)
    for name in ("screen", "sells"):
        if name not in found.asked.asks:
            del form[name]
    return form


def open_area_form(questions: Iterable[Question], answers: Mapping[str, str]) -> AreaForm:
    """The form of some questions, as posted or fresh with the answers so far."""
    fields = {each.key: radio_of(each) for each in questions}
    kind: type[AreaForm] = type("OpenArea", (AreaForm,), fields)
    return kind.of_request(**{key: answers.get(key) for key in fields})
