"""The form that moves the dates of a published round."""

from __future__ import annotations

from wtforms.validators import InputRequired

from crm.kernel.clock import moment_on, read_time, write_time
from crm.programme.rounds.forms.composing import MOMENTS, ReasonForm
from crm.programme.rounds.service.postponing import Dates
from crm.web.fields import DayField, ReadAs


class PostponeForm(ReasonForm):
    """The new dates of a published round, and why."""

    deadline = DayField("Deadline on", [InputRequired("Enter the day of the deadline")])
    deadline_hour = ReadAs("Deadline at", [InputRequired("Enter a time")], read=read_time, write=write_time)
    assess_from = DayField("Assessed from", [InputRequired("Enter the first day")])
    assess_from_hour = ReadAs("At", [InputRequired("Enter a time")], read=read_time, write=write_time)
    assess_until = DayField("Assessed until", [InputRequired("Enter the last day")])
    assess_until_hour = ReadAs("Until", [InputRequired("Enter a time")], read=read_time, write=write_time)

    def dates(self) -> Dates:
        """As the verb takes them."""
        moments = {
            MOMENTS[name]: moment_on(self[name].data, self[f"{name}_hour"].data)
            for name in ("deadline", "assess_from", "assess_until")
        }
        return Dates(**moments)
