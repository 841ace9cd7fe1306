"""How much each adviser can take on, and who is away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.policy import POLICY as ACCOUNTS
from crm.accounts.queries import account, handovers_of, hub_names, leavers_of
from crm.accounts.views.caseloads import stranded
from crm.accounts.workflow import Act as AccountAct
from crm.businesses.policy import HUB_ROLES
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Scope
from crm.signposting.forms.queueing import AbsenceForm, CapacityForm
from crm.signposting.models import Absence, Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.service import absences as service
from crm.signposting.service import queueing
from crm.signposting.workflow import Act
from crm.web.absent import mark_absent
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("absences", __name__)
permit = permits(POLICY)
PAGE = "absences.capacity"


def _own_hubs(actor: Actor) -> list[UUID]:
    """The hubs whose advisers this actor may plan with: their own, or all of them."""
    own = actor.scoped_to(Scope.HUB, *HUB_ROLES)
    return [UUID(hub_id) for hub_id in hub_names() if not own or hub_id in own]


@blueprint.get("/enquiries/capacity")
@permit(Act.VIEW_CAPACITY, audience=Audience.INTERNAL)
def capacity() -> ResponseReturnValue:
    """What everybody has in hand, the most they hold, and who is away."""
    loads = queries.loads_of(_own_hubs(current_actor()))
    return _capacity_page(CapacityForm().offer(loads), loads)


@blueprint.post("/enquiries/capacity/set")
@permit(Act.SET_CAPACITY, audience=Audience.INTERNAL)
def set_capacity() -> ResponseReturnValue:
    """Set how many enquiries somebody holds at most."""
    loads = queries.loads_of(_own_hubs(current_actor()))
    form = CapacityForm.of_request().offer(loads)
    return answer(
        form,
        page=lambda: _capacity_page(form, loads),
        act=lambda: queueing.set_capacity(
            _somebody(form.account_id.data), form.most_open.data, by=current_actor()
        ),
        then=lambda _: saved("Saved.", PAGE),
    )


def _somebody(account_id: str) -> Any:
    found = account(UUID(account_id))
    assert found is not None
    return found


def _capacity_page(form: Form, loads: list[queries.Load]) -> str:
    can_set = POLICY.allows(current_actor(), Act.SET_CAPACITY)
    names = {each.account.id: each.account.name for each in loads}
    absences = [each for each in queries.absences_from(today()) if each.account_id in names]
    shown: dict[str, Any] = {"can_set": can_set, "absences": absences, "names": names}
    shown["changeable"] = {
        each.id for each in absences if POLICY.allows(current_actor(), Act.CHANGE_ABSENCE, each)
    }
    shown |= _left_and_handed_over(current_actor())
    shown["can_record"] = POLICY.allows(current_actor(), Act.RECORD_ABSENCE)
    return render_template("signposting/capacity.html", form=form, loads=loads, **shown)


def _left_and_handed_over(actor: Actor) -> dict[str, Any]:
    """For managers: who left with work in hand, and the latest handovers, with the way to undo them."""
    hubs = [str(each) for each in _own_hubs(actor)]
    if not POLICY.allows(actor, Act.SET_CAPACITY):
        return {"left": (), "recent": ()}
    return {
        "left": list(stranded(leavers_of(hubs))),
        "recent": handovers_of(hubs),
    }


@blueprint.route("/enquiries/absences/new", methods=["GET", "POST"])
@permit(Act.RECORD_ABSENCE, audience=Audience.INTERNAL)
def record_absence() -> ResponseReturnValue:
    """Say when somebody is away, and who stands in."""
    actor = current_actor()
    form = _offered(AbsenceForm.of_request(account_id=str(actor.account_id)), actor)
    form.also(lambda: service.require_sensible(form.wanted()), *form.SETTLES)
    return answer(
        form,
        page=lambda: _absence_page(form, None),
        act=lambda: service.record_absence(form.wanted(), by=actor),
        then=_recorded,
    )


def _recorded(made: Absence) -> str:
    """On to what the person has in hand, if there is anything to hand over."""
    if queries.in_hand_of([made.account_id]):
        words = "Absence recorded. Hand over what cannot wait."
        return saved(words, "caseloads.hand_over", account_id=made.account_id)
    return saved("Absence recorded.", PAGE)


@blueprint.route("/enquiries/absences/<uuid:absence_id>", methods=["GET", "POST"])
@permit(Act.CHANGE_ABSENCE, audience=Audience.INTERNAL, load=queries.absence)
def change_absence(found: Absence) -> ResponseReturnValue:
    """Change the days of an absence, or who stands in."""
    actor = current_actor()
    told = {name: getattr(found, name) for name in ("first_day", "last_day")}
    told |= {"account_id": str(found.account_id), "covered_by_id": str(found.covered_by_id or "")}
    form = _offered(AbsenceForm.of_request(**told), actor)
    form.also(lambda: service.require_sensible(form.wanted(), but=found), *form.SETTLES)
    return answer(
        form,
        page=lambda: _absence_page(form, found),
        act=lambda: service.change_absence(found, form.wanted(), by=actor),
        then=lambda _: _changed(found),
    )


def _offered(form: AbsenceForm, actor: Actor) -> AbsenceForm:
    form.offer(queries.loads_of(_own_hubs(actor)))
    if not POLICY.allows(actor, Act.SET_CAPACITY):
        form.of_one(str(actor.account_id))
    mark_absent(form.covered_by_id)
    return form


def _absence_page(form: Form, found: Absence | None) -> str:
    return render_template("signposting/absence.html", form=form, absence=found)


@blueprint.post("/enquiries/absences/<uuid:absence_id>/end")
@permit(Act.END_ABSENCE, audience=Audience.INTERNAL, load=queries.absence)
def end_absence(found: Absence) -> ResponseReturnValue:
    """End an absence, and say which enquiries stay with the person who covered."""
    left = queries.came_to_cover(found)
    service.end_absence(found, by=current_actor())
    return done(_with_cover(left) if left else saved("The absence has ended.", PAGE))


def _with_cover(left: Sequence[Enquiry]) -> str:
    """What stays with the people who covered, on the page on which this actor may hand it back, if there is one."""
    words, holder = f"The absence has ended. {_who_has(left)}", next(iter(queries.by_holder(left)))
    if ACCOUNTS.allows(current_actor(), AccountAct.HAND_OVER_CASELOAD, holder):
        words += " Hand back here what you choose."
        return saved(words, "caseloads.hand_over", account_id=holder.id)
    return saved(f"{words} Ask {holder.name} to hand back what you need.", PAGE)


def _who_has(cases: Sequence[Enquiry]) -> str:
    """With whom some cases stay, in a sentence for each of them."""
    found = queries.by_holder(cases).items()
    return " ".join(
        f"{', '.join(each.reference for each in theirs)} {'stays' if len(theirs) == 1 else 'stay'} with {holder.name}."
        for holder, theirs in found
    )


def _changed(found: Absence) -> str:
    """What stays with people who covered before, if anything does."""
    left = [each for each in queries.came_to_cover(found) if each.claimed_by_id != found.covered_by_id]
    return saved(f"Absence changed. {_who_has(left)}".strip(), PAGE)
