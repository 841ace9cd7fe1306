"""The forms that change a published round: its dates, and its hints."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired

from crm.kernel.clock import moment_on, read_time, write_time
from crm.programme.rounds.forms.composing import MOMENT_FIELDS, TOO_LONG, ReasonForm
from crm.programme.rounds.service.postponing import Dates
from crm.web.fields import DayField, ReadAs


class PostponeForm(ReasonForm):
    """The new dates of a published round, and why."""

    shown_first = (
        "deadline",
        "deadline_hour",
        "assess_from",
        "assess_from_hour",
        "assess_until",
        "assess_until_hour",
    )
    deadline = DayField("Deadline on", [InputRequired("Enter the day of the deadline")])
    deadline_hour = ReadAs(
        "Deadline at",
        [InputRequired("Enter the time of the deadline")],
        read=read_time,
        write=write_time,
        says="The deadline",
    )
    assess_from = DayField("Assessment from", [InputRequired("Enter the first day of the assessment")])
    assess_from_hour = ReadAs(
        "Assessment from, at",
        [InputRequired("Enter the time the assessment begins")],
        read=read_time,
        write=write_time,
        says="When the assessment begins",
    )
    assess_until = DayField("Assessment until", [InputRequired("Enter the last day of the assessment")])
    assess_until_hour = ReadAs(
        "Assessment until, at",
        [InputRequired("Enter the time the assessment ends")],
        read=read_time,
        write=write_time,
        says="When the assessment ends",
    )

    def dates(self) -> Dates:
        """As the verb takes them."""
        moments = {
            MOMENT_FIELDS[name]: moment_on(self[name].data, self[f"{name}_hour"].data)
            for name in ("deadline", "assess_from", "assess_until")
        }
        return Dates(**moments)


class CorrectForm(ReasonForm):
    """What a hint says from now on, and why."""

    shown_first = ("hint",)
    hint = TextAreaField("Hint", [TOO_LONG])
