"""Ticking rows of a list and choosing what to ask; and sending what was previewed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import BooleanField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from crm.angels.year.rules.kinds import Kind
from crm.angels.year.rules.labels import KINDS
from crm.angels.year.service.mailing import Wish
from crm.kernel.errors import BadInput, Invalid
from crm.web.fields import SeenMark
from crm.web.forms import Form

LONGEST_NOTE, LONGEST_OPENING = 500, 3_000


class ChooseForm(Form):
    """The rows that were ticked, or everybody on the list, and what to ask them."""

    who = SelectMultipleField("Chosen", validate_choice=False)
    everyone = BooleanField("Everyone on this list")
    kind = SelectField("What to ask", coerce=str)
    note = TextAreaField(
        "Add your own words (optional)",
        [Length(max=LONGEST_NOTE, message=f"Your own words must be {LONGEST_NOTE} characters or fewer")],
    )

    def offer(self, kinds: Iterable[Kind], listed: Iterable[UUID]) -> ChooseForm:
        """The things that can be asked of this list, and the ids on it."""
        self.kind.choices = [SelectChoice(each.value, KINDS[each]) for each in kinds]
        self.listed = tuple(listed)
        self.everyone.label.text = f"Everyone on this list ({len(self.listed):,})"
        return self

    def validate_who(self, _field: SelectMultipleField) -> None:
        """Somebody has to be chosen."""
        if not self._ids():
            raise BadInput("Tick at least one row, or “Everyone on this list”")

    def _ids(self) -> tuple[UUID, ...]:
        if self.everyone.data:
            return self.listed
        known = {str(each): each for each in self.listed}
        return tuple(known[each] for each in self.who.data or () if each in known)

    def wish(self) -> Wish:
        """What is to be asked of whom."""
        return Wish(Kind(self.kind.data), self._ids(), self.note.data.strip())


class SendForm(Form):
    """What the preview showed, to be sent to just those."""

    may_repeat = True
    ids: tuple[UUID, ...] = ()
    who = SelectMultipleField("Chosen", validate_choice=False)
    kind = SelectField(
        "What to ask", choices=[SelectChoice(each.value, words) for each, words in KINDS.items()]
    )
    note = TextAreaField("Your own words", [Length(max=LONGEST_NOTE)])
    seen = SeenMark()

    def validate_who(self, field: SelectMultipleField) -> None:
        """The ids that the preview carried."""
        try:
            self.ids = tuple(UUID(each) for each in field.data or ())
        except ValueError:
            self.ids = ()
        if not self.ids:
            raise BadInput("Go back to the list and choose who to ask")

    def wish(self) -> Wish:
        """What was previewed. Raises `Invalid` where the form was not one of ours."""
        if self.kind.data not in set(Kind):
            raise Invalid("Go back to the list and choose what to ask")
        return Wish(Kind(self.kind.data), self.ids, self.note.data.strip())


class OpeningForm(Form):
    """What the manager writes above the figures of the yearly letter; and the mark of what was previewed."""

    may_repeat = True
    opening = TextAreaField(
        "Opening of the letter (optional)",
        [Length(max=LONGEST_OPENING, message=f"The opening must be {LONGEST_OPENING:,} characters or fewer")],
    )
    seen = SeenMark()
