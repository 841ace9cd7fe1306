"""Form fields that read the field's own values: money, postcodes, days; bad text stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from wtforms import EmailField, Field, HiddenField, StringField
from wtforms.validators import Length, Optional

from crm.kernel.clock import today
from crm.kernel.days import EARLIEST, LATEST, PARTS, Bounds, WrongPart, read_parts
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput
from crm.kernel.money import NOTHING, Money
from crm.kernel.postcodes import Postcode
from crm.kernel.telephones import why_not_called
from crm.kernel.text import one_line, unwrapped, within

WHOLE = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+")
MOST_DIGITS = 12
THE_AMOUNT = "The amount"
LONGEST_LINE = 200
LONGEST_TEXT = 10_000


class Line(StringField):
    """One line of text, trimmed and bounded: line breaks become blanks, and what cannot be shown is refused."""

    data: Any

    def __init__(
        self, label: str, validators: Sequence[Any] = (), *, longest: int = LONGEST_LINE, **options: Any
    ):
        too_long = Length(
            max=longest,
            message=f"{'This' if label.endswith('?') else label} must be {longest:,} characters or fewer",
        )
        super().__init__(label, [*validators, too_long], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """On one line; what cannot be shown stays out of the box as well."""
        self.data = _shown(valuelist[0]) if valuelist else ""
        if valuelist:
            self.data = one_line(valuelist[0])


class Why(Line):
    """One line that says why, or how something is known. Where it has to be filled in, a mark alone does not do (`crm.web.forms`)."""


def _shown(text: str) -> str:
    """What was typed without the signs that a page cannot show."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


class TelephoneLine(Line):
    """A telephone number that can be called, or nothing."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any):
        super().__init__(label, validators, longest=40, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; what cannot be called stays as it was typed."""
        super().process_formdata(valuelist)
        reason = why_not_called(self.data) if self.data else None
        if reason:
            raise BadInput(reason)


class EmailLine(EmailField):
    """An email address that a mail server takes, in lower case."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; what cannot be read stays as it was typed."""
        typed = valuelist[0] if valuelist else ""
        self.data = typed
        if typed.strip():
            self.data = read_email(typed)


class _ReadField(StringField):
    """Text that is read as something; what was typed is shown again if it cannot be."""

    data: Any

    def read(self, text: str) -> Any:
        """The value of this text; raises `BadInput` with words for the field."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; nothing typed is None."""
        self.typed = valuelist[0] if valuelist else ""
        text = self.typed.strip()
        self.data = self.read(text) if text else None

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        return str(typed) if typed is not None else ("" if self.data is None else str(self.data))


class ReadAs(_ReadField):
    """Text that is read by a room's own rule, and written by another.

    ``says`` is what it is called in an error of the rule, where a form has several figures or times.
    """

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        read: Callable[[str], Any],
        write: Callable[[Any], str] = str,
        says: str = "",
        **options: Any,
    ):
        super().__init__(label, validators, **options)
        self.rule, self.write, self.says = read, write, says

    def read(self, text: str) -> Any:
        """By the rule."""
        try:
            return self.rule(text)
        except BadInput as fault:
            raise BadInput(f"{self.says}: {within(str(fault))}" if self.says else str(fault)) from None

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        return str(typed) if typed is not None else ("" if self.data is None else self.write(self.data))


def _subject_of(label: str) -> str:
    """What an error is about: the label of its field, unless that is a question."""
    return THE_AMOUNT if label.endswith("?") else label


class MoneyField(_ReadField):
    """A sum in pounds, read as `Money`. What is wrong with it names the field: a form may have several.

    ``says`` is what it is called in an error, where its label is a question or no noun.
    """

    def __init__(self, label: str, validators: Sequence[Any] = (), *, says: str = "", **options: Any):
        super().__init__(label, validators, **options)
        self.says = says or _subject_of(label)

    def read(self, text: str) -> Money:
        """Whole pence."""
        try:
            return Money.parse(text)
        except BadInput as fault:
            raise BadInput(self._named(str(fault))) from None

    def _named(self, said: str) -> str:
        """What is wrong with a sum, with the name of the field: "Turnover: give pounds, or pounds and pence"."""
        if said.startswith(THE_AMOUNT) or "an amount" in said:
            return said.replace(THE_AMOUNT, self.says, 1).replace("an amount", within(self.says), 1)
        return said if self.says == THE_AMOUNT else f"{self.says}: {within(said)}"

    def _value(self) -> str:
        """Without its sign, which stands before the box."""
        return super()._value() if hasattr(self, "typed") else super()._value().removeprefix("£")


class PostcodeField(_ReadField):
    """A full postcode."""

    def read(self, text: str) -> Postcode:
        """Normalised, with its one space."""
        return Postcode.parse(text)


class WholeNumberField(_ReadField):
    """A whole number within bounds, both included."""

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        least: int = 0,
        most: int = 1_000_000,
        says: str = "",
        unit: str = "",
        **options: Any,
    ):
        super().__init__(label, validators, **options)
        self.least, self.most, self.unit = least, most, unit
        self.says = says or ("The number" if label.endswith("?") else label)

    def read(self, text: str) -> int:
        """Digits with commas or blanks between thousands, the unit that stands beside the box, or "nil" as sums of money have it."""
        text = unwrapped(text)
        if self.unit:
            text = text.casefold().removesuffix(self.unit).removesuffix(self.unit.removesuffix("s")).rstrip()
        text = "0" if text.casefold() in NOTHING else text
        if text.startswith(("-", "−")) and WHOLE.fullmatch(text[1:]):
            raise BadInput(f"{self.says} must be {self.least:,} or more")
        if not WHOLE.fullmatch(text):
            raise BadInput(f"{self.says} must be a whole number, like 12")
        digits = text.replace(",", "").replace(" ", "").lstrip("0") or "0"
        number = int(digits) if len(digits) <= MOST_DIGITS else self.most + 1
        if not self.least <= number <= self.most:
            raise BadInput(f"{self.says} must be between {self.least:,} and {self.most:,}")
        return number


class DayField(Field):
    """A day as three inputs: ``name-day``, ``name-month``, ``name-year``; a month may be named, a year be short.

    ``parts`` is what was typed and ``wrong`` the boxes that an error is about. The day lies from ``least`` to
    ``most``; a year of two figures is the one nearest to today within them. Where the day is known roughly, ``is_rough``, it
    may be left out: a month stands for its first day.
    """

    data: Any

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] = (),
        *,
        least: date = EARLIEST,
        most: date | Callable[[], date] = LATEST,
        is_rough: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.least, self.most, self.is_rough = least, most, is_rough
        self.parts: tuple[str, str, str] = ("", "", "")
        self.wrong: tuple[str, ...] = PARTS

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the three parts as one value."""
        self.process_errors = []
        self.data = (
            data if isinstance(data, date) else (self.default if isinstance(self.default, date) else None)
        )
        self.object_data = self.data
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        names = [f"{self.name}-{part}" for part in PARTS]
        if formdata is None or not any(name in formdata for name in names):
            return
        day, month, year = (str(formdata.get(name, ""))[:40].strip() for name in names)
        self.parts = (day, month, year)
        try:
            self.data = read_parts(self.parts, within=self._bounds(), is_rough=self.is_rough)
        except WrongPart as error:
            self.data, self.wrong = None, error.parts
            named = "The date" if self.label.text.endswith("?") else self.label.text
            self.process_errors.append(f"{named} {error}")
        self.raw_data = [part for part in self.parts if part]

    def _bounds(self) -> Bounds:
        return Bounds(today(), self.least, self.most() if callable(self.most) else self.most)


class SeenVersion(HiddenField):
    """The version of what was on the screen; None for what no version can be."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Digits, and few enough of them to be counted by."""
        typed = valuelist[0] if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class SeenMark(HiddenField):
    """The mark of what a preview showed (`crm.kernel.marks`). The page always carries that of what it shows now."""

    def _value(self) -> str:
        return str(self.object_data or "")


def optional() -> Optional:
    """Nothing typed is fine."""
    return Optional(strip_whitespace=True)
