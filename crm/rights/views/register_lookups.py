"""A number looked up on the register of the Intellectual Property Office: before a right is added, and beside an entry of ours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.gateways.rights_register import InventedRegister, RightsRegister, rights_register
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.rights import queries
from crm.rights.forms import LookUpForm, TakeOverForm
from crm.rights.models import RegisterAnswer, Right
from crm.rights.policy import POLICY
from crm.rights.rules.labels import KINDS, STATUSES
from crm.rights.rules.registering import KINDS_ON_REGISTER, as_read
from crm.rights.service import looking_up as service
from crm.rights.workflow import Act
from crm.web.forms import answer, noted, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("register_lookups", __name__)
permit = permits(POLICY)


def _register() -> RightsRegister:
    known = settings()
    return rights_register(
        known.rights_register_url,
        key=known.rights_register_key,
        is_real=known.environment == "production",
    )


def _invented() -> list[str]:
    """The numbers that the stand-in of the demonstration knows; none where a register is asked."""
    asked = _register()
    return [number for _, number in asked.KNOWN] if isinstance(asked, InventedRegister) else []


def _look_up(found: Business, kind: str, number: str) -> RegisterAnswer:
    asked, secret = _register(), settings().secret_key
    return service.look_up(found, asked, kind=kind, number=number, secret=secret, by=current_actor())


def _look_up_new(found: Business, form: LookUpForm) -> RegisterAnswer:
    told = {"kind": form.kind.data, "number": form.number.data, "secret": settings().secret_key}
    return service.look_up_new(found, _register(), **told, by=current_actor())


@blueprint.route("/businesses/<uuid:business_id>/rights/look-up", methods=["GET", "POST"])
@permit(Act.LOOK_UP, audience=Audience.MEMBER, load=business, unless=why_archived)
def look_up(found: Business) -> ResponseReturnValue:
    """Look a number up before a right is added, so that its entry need not be typed."""
    form = LookUpForm.of_request(kind="trade_mark")
    return answer(
        form,
        page=lambda: render_template("rights/look_up.html", form=form, business=found, invented=_invented()),
        act=lambda: _look_up_new(found, form),
        then=_to_add,
    )


def _to_add(made: RegisterAnswer) -> str:
    """The form that adds the right, filled with what the register says."""
    what = KINDS_ON_REGISTER[made.kind].lower()
    known = f"The register knows {made.number}. Check what it says, then add the right."
    unknown = f"The register knows no {what} with the number {made.number}. Check the number, or add the right yourself."
    ids = {"business_id": made.business_id, "kind": made.kind, "number": made.number}
    return saved(known, "rights.add", **ids) if made.says else noted(unknown, "rights.add", **ids)


@blueprint.post("/rights/<uuid:right_id>/look-up")
@permit(
    Act.LOOK_UP,
    audience=Audience.MEMBER,
    load=queries.right,
    unless=first_reason(why_archived, service.why_not_look_up),
)
def look_up_again(found: Right) -> ResponseReturnValue:
    """Ask what the register says of a right of ours."""
    form, number = _differing(found), found.number_on_register
    return answer(
        form,
        page=lambda: _register_entry_page(form, found),
        act=lambda: _look_up(found.business, found.kind, str(number)),
        then=lambda made: _to_compare(made, found),
    )


def _to_compare(made: RegisterAnswer, found: Right) -> str:
    """What the register says beside what we say."""
    said = saved if made.says else noted
    words = "Looked up." if made.says else f"The register knows no number {made.number}. Check the number."
    return said(words, "register_lookups.register_entry", right_id=found.id)


@blueprint.route("/rights/<uuid:right_id>/register", methods=["GET", "POST"])
@permit(
    Act.CORRECT,
    audience=Audience.MEMBER,
    load=queries.right,
    unless=first_reason(why_archived, service.why_not_look_up),
)
def register_entry(found: Right) -> ResponseReturnValue:
    """What the register says beside what we say, and taking over what is chosen."""
    form = _differing(found)
    return answer(
        form,
        page=lambda: _register_entry_page(form, found),
        act=lambda: _take_over(form, found),
        then=lambda _: saved("Right updated from the register.", "rights.right", right_id=found.id),
    )


def _differing(found: Right) -> TakeOverForm:
    """The form that offers what the register says differently."""
    told = _answer_of(found)
    differing = service.compared(found, told) if told else ()
    return TakeOverForm.of_request(version=found.version).offer(differing)


def _take_over(form: TakeOverForm, found: Right) -> None:
    chosen, version = form.chosen.data or (), form.version.data
    service.take_over(found, chosen, answer=_answer_of(found), version=version, by=current_actor())


def _answer_of(found: Right) -> RegisterAnswer | None:
    return queries.register_answer(found.business_id, kind=found.kind, number=found.number)


def _register_entry_page(form: TakeOverForm, found: Right) -> str:
    told = _answer_of(found)
    shown: dict[str, Any] = {"told": told, "says": as_read(told.says) if told and told.says else None}
    names = [each.register for each in service.compared(found, told) if each.field == "title"] if told else []
    shown["other_name"] = names[0] if names else ""
    shown["names"] = {"kinds": KINDS, "statuses": STATUSES}
    return render_template("rights/register_entry.html", form=form, right=found, **shown)
