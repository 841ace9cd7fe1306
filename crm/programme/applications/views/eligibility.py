"""Whether a business can apply, before it takes any trouble; and beginning to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, businesses_of, places_of
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.matching import Match, match
from crm.figures.queries import figure_on
from crm.kernel.clock import now, today
from crm.kernel.eligibility import Facts, Verdict
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Audience
from crm.places.queries import atlas
from crm.places.rules import ATTRIBUTION
from crm.programme.applications.forms.checking import CheckForm, facts_asked, known_of
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications
from crm.programme.applications.service import starting as service
from crm.programme.applications.workflow import Act
from crm.programme.rounds import queries as rounds
from crm.programme.rounds.models import Round
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("eligibility", __name__)
permit = permits(POLICY)
OFFERED, ALTERNATIVES = 10, 3
STARTED = "Application started. Your answers are saved as you go."


@blueprint.get("/programme/rounds/<uuid:round_id>/check")
@permit(
    Act.CHECK,
    audience=Audience.PUBLIC,
    load=rounds.round_,
    leaves_trace="which rules shut out the own business of whoever is signed in",
)
def check(found: Round) -> ResponseReturnValue:
    """A few questions, and whether a business that answers so can apply. Of visitors nothing is kept."""
    own = _own(found)
    form = _form(found, own, request.args if "checked" in request.args else None)
    if not form.asks():
        return _check_page(form, found, own, facts=form.facts())
    if "checked" not in request.args:
        return _check_page(form, found, own)
    if not form.validate():
        return make_response(_check_page(form, found, own), 422)
    _note_shut_out(form, found, own)
    return _check_page(form, found, own, facts=form.facts())


def _note_shut_out(form: CheckForm, found: Round, own: list[Business]) -> None:
    """Record, after the page, which rules exclude a founder's own business. Trying a dry run shuts nobody out."""
    business_id = form.business_id() or (own[0].id if len(own) == 1 else None)
    known = {each.id for each in own}
    if business_id in known and not found.is_dry_run:
        after(service.noting(found.id, business_id, facts=form.facts(), by=current_actor()))


def _own(found: Round) -> list[Business]:
    """The businesses that the current actor can apply for: their own; in a dry run, any that is searched for."""
    actor = current_actor()
    if found.is_dry_run:
        sought = request.args.get("q", "")[:100]
        may = POLICY.allows(actor, Act.START, found)
        return list(businesses(Search(text=sought), SYSTEM).rows[:OFFERED]) if may and sought.strip() else []
    return list(businesses_of(actor))


def _form(found: Round, own: list[Business], given: Any) -> CheckForm:
    """The form, filled in with what the first business has told already."""
    chosen = business(own[0].id) if own and given is None else None
    known = known_of(chosen, _facts(chosen)) if chosen else {}
    return CheckForm(given, data=known).offer(found.terms, own)


def _facts(found: Business) -> Facts:
    return facts_of(found, found.figures, places=places_of(found), needs={}, on=today())


def _check_page(form: CheckForm, found: Round, own: list[Business], *, facts: Facts | None = None) -> str:
    shown: dict[str, Any] = {
        "standing": found.window.standing(now()),
        "own": own,
        "can_start": POLICY.allows(current_actor(), Act.START, found) and bool(own),
        "kept": _kept(found, own),
    }
    shown |= {"form": form, "round": found, "attribution": ATTRIBUTION}
    shown |= _asked(found, form) | _weighed(found, facts)
    return render_template("programme/applications/check.html", **shown)


def _asked(found: Round, form: CheckForm) -> dict[str, Any]:
    """Whether a round has rules, whether anything is asked, and whether the business told some of it before."""
    shown = {"has_rules": bool(facts_asked(found.terms))}
    return shown | {"has_questions": form.asks(), "is_known": form.is_known()}


def _weighed(found: Round, facts: Facts | None) -> dict[str, Any]:
    """How each rule reads and, where one is not met, what may fit instead."""
    finding = service.check(found, facts) if facts is not None else None
    is_out = facts is not None and finding is not None and finding.verdict is Verdict.INELIGIBLE
    return {"finding": finding, "others": _others(facts) if facts is not None and is_out else ()}


def _others(facts: Facts) -> list[Match[Service]]:
    """Services of the directory that such a business can use, best first."""
    months = int(figure_on("directory.fresh_months", on=today()))
    found = match(all_services(), facts, on=today(), fresh_months=months, atlas=atlas())
    return [each for each in found if each.rank is not None and each.available][:ALTERNATIVES]


def _kept(found: Round, own: list[Business]) -> list[Application]:
    """The applications that are there already."""
    found_ = [applications.application_of(found.id, each.id) for each in own[:OFFERED]]
    return [each for each in found_ if each is not None]


@blueprint.post("/programme/rounds/<uuid:round_id>/start")
@permit(Act.START, audience=Audience.MEMBER, load=rounds.round_)
def start(found: Round) -> ResponseReturnValue:
    """Begin the application; where there is one, go on with it."""
    own = _own(found) or [each for each in [_chosen()] if each]
    form = CheckForm.of_request().offer(found.terms, own)
    return answer(
        form,
        page=lambda: _check_page(form, found, own, facts=_told(form)),
        act=lambda: service.start(found, _business(form, own), facts=form.facts(), by=current_actor()),
        then=lambda made: saved(STARTED, "applications.application", application_id=made.id),
    )


def _chosen() -> Business | None:
    """The business that a form names."""
    try:
        return business(UUID(request.form.get("business", "")))
    except ValueError:
        return None


def _told(form: CheckForm) -> Facts | None:
    """The facts, if every answer can be read."""
    return None if any(field.errors for field in form) else form.facts()


def _business(form: CheckForm, own: list[Business]) -> Business:
    """The one that is chosen, or the only one there is. Raises `Invalid` where neither is."""
    business_id = form.business_id() or (own[0].id if len(own) == 1 else None)
    found = business(business_id) if business_id else None
    if found is None:
        is_asked = len(own) > 1  # the page asks which business only of those who have several
        raise Invalid("Choose which business you are applying for", field="business" if is_asked else None)
    return found
