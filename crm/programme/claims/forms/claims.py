"""Forms about claims: a cost, the declaration, and what a programme manager decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.documents.forms import UploadsField, take_those_that_can_be
from crm.kernel.errors import BadInput
from crm.kernel.money import NO_MONEY
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.queries.claims import ClaimSearch
from crm.programme.claims.rules.labels import CLAIM_STATUSES, SUMS, cost_in_words
from crm.programme.claims.service.assessing import Ruling
from crm.programme.claims.service.claiming import CostDetails
from crm.programme.claims.workflow import ClaimStatus
from crm.web.fields import DayField, Line, MoneyField, SeenMark, SeenVersion, Why, optional
from crm.web.forms import Form

LONG = Length(max=2_000, message="This must be 2,000 characters or fewer")


class CostForm(Form):
    """One cost, net of VAT. Whether it can be claimed depends on what ``SETTLES`` it."""

    SETTLES = ("paid_on", "claimed")
    supplier = Line("Who did you pay?", [InputRequired("Enter who you paid")])
    what = Line("What was it for?", [InputRequired("Enter what it was for")], longest=300)
    paid_on = DayField("Date paid", [InputRequired("Enter the date you paid")], least=date.min)
    """Of any year: the first day that counts is the award's, and the verb says so."""
    claimed = MoneyField(
        "Amount you claim from the award", [InputRequired("Enter the amount you claim from the award")]
    )
    own = MoneyField(
        "Amount your business pays itself",
        [InputRequired("Enter the amount your business pays itself, or 0 if none")],
    )
    version = SeenVersion()

    def validate_claimed(self, field: Any) -> None:
        """Nothing is claimed by £0."""
        if field.data is not None and not field.data:
            raise BadInput("The amount you claim must be more than £0")

    def details(self) -> CostDetails:
        """As the verb takes it."""
        return CostDetails(
            paid_on=self.paid_on.data,
            supplier=self.supplier.data,
            what=self.what.data,
            claimed=self.claimed.data,
            own=self.own.data or NO_MONEY,
        )


class DeclarationForm(Form):
    """The signature under a claim; ``seen`` is the mark of what was checked."""

    declared_by = Line("Type your full name to sign", [InputRequired("Type your full name to sign")])
    seen = SeenMark()


class ReasonForm(Form):
    """Why a claim is returned or rejected, or evidence sent back."""

    reason = TextAreaField("Why?", [InputRequired("Say what is missing or wrong"), LONG])
    version = SeenVersion()


class EvidenceForm(Form):
    """What shows that a milestone is met."""

    words = TextAreaField("What have you done?", [InputRequired("Say what you have done"), LONG])
    file = UploadsField("Choose files")

    def validate_file(self, field: Any) -> None:
        """A milestone is shown by files of kinds that are taken."""
        if not field.data:
            raise BadInput("Choose a file that shows it")
        take_those_that_can_be(field)


class EvidenceWordsForm(Form):
    """What was done, without files."""

    words = TextAreaField("What have you done?", [InputRequired("Say what you have done"), LONG])
    version = SeenVersion()


class SearchForm(Form):
    """Which claims are shown."""

    status = SelectField(
        "Status",
        choices=[
            SelectChoice("", "All"),
            *(SelectChoice(each, CLAIM_STATUSES[each]) for each in ClaimStatus if each != "discarded"),
        ],
        validate_choice=False,
    )
    business = Line("Business", [optional()])

    def search(self) -> ClaimSearch:
        """As the query takes it; a status that there is not asks nothing."""
        known = self.status.data if self.status.data in list(ClaimStatus) else ""
        return ClaimSearch(ClaimStatus(known) if known else None, (self.business.data or "").strip())


class CountedForm(Form):
    """Which of the sums of an award is opened to its claims, as the address carries it."""

    counts = SelectField(
        "Claims shown",
        choices=[SelectChoice("", "All"), *(SelectChoice(*each) for each in SUMS.items())],
        validate_choice=False,
    )


def approval_form(found: AwardClaim) -> type[Form]:
    """A form with boxes for each cost: what of it is approved, why not all, and why although another claim has the same file."""
    fields: dict[str, Any] = {"version": SeenVersion()}
    for place, each in enumerate(found.costs, 1):
        about = cost_in_words(place, each.what)
        wanted = InputRequired(f"Enter the amount you approve for {about}, or 0")
        says = f"The amount approved for {about}"
        fields[f"approved_{each.id.hex}"] = MoneyField(
            f"Amount approved for cost {place}", [wanted], says=says
        )
        too_long = Length(max=500, message="This must be 500 characters or fewer")
        reason = f"Why not all of cost {place}?"
        fields[f"reason_{each.id.hex}"] = Why(reason, [optional(), too_long], longest=500)
        again = f"Why do you approve cost {place}, although another claim has the same file?"
        fields[f"again_{each.id.hex}"] = Why(again, [optional(), too_long], longest=500)
    return type("ApprovalForm", (Form,), fields)


def rulings_of(form: Form, found: AwardClaim) -> dict[UUID, Ruling]:
    """What was decided about each cost, as the verb takes it."""
    return {
        each.id: Ruling(
            form[f"approved_{each.id.hex}"].data,
            form[f"reason_{each.id.hex}"].data or "",
            form[f"again_{each.id.hex}"].data or "",
        )
        for each in found.costs
    }


def as_claimed(found: AwardClaim) -> dict[str, Any]:
    """What an approval form is filled in with: each cost in full."""
    return {f"approved_{each.id.hex}": each.claimed for each in found.costs} | {"version": found.version}
