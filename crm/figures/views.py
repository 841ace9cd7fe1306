"""Dated figures as staff see them and administrators add to them."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.figures import queries, rules, service
from crm.figures.forms import BankHolidayForm, ProposalForm, RefusalForm
from crm.figures.models import BankHoliday, DatedFigure
from crm.figures.policy import POLICY
from crm.figures.rules import Definition
from crm.figures.workflow import MACHINE, Act, FigureStatus
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("figures", __name__)
permit = permits(POLICY)


@blueprint.get("/figures")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def figures() -> ResponseReturnValue:
    """Every figure with its value today; or, with ``show=waiting``, the proposals that this person may decide on."""
    waiting = _waiting_for(current_actor()) if chosen("show", ("waiting",)) == "waiting" else None
    rows, subjects = queries.current_figures(today()), dict.fromkeys(rules.SUBJECTS.values())
    shown = {"waiting": waiting, "can_propose": POLICY.allows(current_actor(), Act.PROPOSE)}
    return render_template("figures/figures.html", rows=rows, subjects=subjects, **shown)


@blueprint.get("/figures/<string:name>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=rules.definition)
def history(known: Definition) -> ResponseReturnValue:
    """One figure through time."""
    rows = queries.history_of(known.name)
    can_propose = POLICY.allows(current_actor(), Act.PROPOSE)
    return render_template(
        "figures/history.html", known=known, rows=rows, can_propose=can_propose, on=today()
    )


@blueprint.route("/figures/<string:name>/new", methods=["GET", "POST"])
@permit(Act.PROPOSE, audience=Audience.INTERNAL, load=rules.definition)
def propose(known: Definition) -> ResponseReturnValue:
    """Add a dated value."""
    form = ProposalForm.of_request(valid_from=today()).of_figure(known)
    return answer(
        form,
        page=lambda: _propose_page(form, known),
        act=lambda: service.propose(form.details(known.name), by=current_actor()),
        then=lambda made: saved(
            "Proposal saved. Another person must approve it before it counts.",
            "figures.figure",
            figure_id=made.id,
        ),
    )


@blueprint.get("/figures/rows/<uuid:figure_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.figure)
def figure(found: DatedFigure) -> ResponseReturnValue:
    """One dated value: who proposed it, and what can be done with it."""
    return _figure_page(RefusalForm(), found)


@blueprint.post("/figures/rows/<uuid:figure_id>/approve")
@permit(Act.APPROVE, audience=Audience.INTERNAL, load=queries.figure, machine=MACHINE)
def approve(found: DatedFigure) -> ResponseReturnValue:
    """Approve a proposed figure."""
    service.approve(found, by=current_actor())
    return done(
        saved(f"{found.definition.label}: {found.shown} is approved.", "figures.history", name=found.name)
    )


@blueprint.post("/figures/rows/<uuid:figure_id>/refuse")
@permit(Act.REFUSE, audience=Audience.INTERNAL, load=queries.figure, machine=MACHINE)
def refuse(found: DatedFigure) -> ResponseReturnValue:
    """Refuse a proposed figure."""
    form = RefusalForm.of_request()
    return answer(
        form,
        page=lambda: _figure_page(form, found),
        act=lambda: service.refuse(found, form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "The proposal is refused, with your reason.", "figures.figure", figure_id=found.id
        ),
    )


@blueprint.post("/figures/rows/<uuid:figure_id>/withdraw")
@permit(Act.WITHDRAW, audience=Audience.INTERNAL, load=queries.figure, machine=MACHINE)
def withdraw(found: DatedFigure) -> ResponseReturnValue:
    """Withdraw one's own proposal."""
    service.withdraw(found, by=current_actor())
    return done(saved("Your proposal is withdrawn.", "figures.history", name=found.name))


@blueprint.get("/bank-holidays")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def bank_holidays() -> ResponseReturnValue:
    """The days on which England rests, which no service level counts."""
    can_add = POLICY.allows(current_actor(), Act.ADD_HOLIDAY)
    return render_template("figures/bank_holidays.html", rows=queries.all_bank_holidays(), can_add=can_add)


@blueprint.route("/bank-holidays/new", methods=["GET", "POST"])
@permit(Act.ADD_HOLIDAY, audience=Audience.INTERNAL)
def add_bank_holiday() -> ResponseReturnValue:
    """Add a bank holiday."""
    form = BankHolidayForm.of_request()
    return answer(
        form,
        page=lambda: render_template("figures/add_bank_holiday.html", form=form),
        act=lambda: service.add_bank_holiday(
            form.day.data, form.name.data, source=form.source.data, by=current_actor()
        ),
        then=lambda made: saved(f"{made.name} added.", "figures.bank_holidays"),
    )


@blueprint.post("/bank-holidays/<uuid:holiday_id>/remove")
@permit(Act.REMOVE_HOLIDAY, audience=Audience.INTERNAL, load=queries.bank_holiday)
def remove_bank_holiday(found: BankHoliday) -> ResponseReturnValue:
    """Remove a bank holiday that was entered by mistake."""
    service.remove_bank_holiday(found, by=current_actor())
    return done(saved(f"{found.name} is no longer a bank holiday.", "figures.bank_holidays"))


def _propose_page(form: Form, known: Definition) -> str:
    return render_template("figures/propose.html", form=form, known=known)


def _figure_page(form: Form, found: DatedFigure) -> str:
    acts = open_acts(found, machine=MACHINE, policy=POLICY)
    is_open = found.status is FigureStatus.PROPOSED
    shown = {"trail": entries_about(found), "replaces": queries.replaced_by(found) if is_open else None}
    return render_template("figures/figure.html", form=form, figure=found, acts=acts, Act=Act, **shown)


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Proposed figures that wait for this actor's decision."""
    count, where = len(_waiting_for(actor)), url_for("figures.figures", show="waiting")
    return counted_todo(count, ("dated figure to approve", "dated figures to approve"), href=where)


def _waiting_for(actor: Actor) -> list[DatedFigure]:
    return [each for each in queries.proposed_figures() if POLICY.allows(actor, Act.APPROVE, each)]
