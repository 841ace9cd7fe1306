"""The directory: anyone reads and searches it, staff keep it."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.queries import names_of
from crm.audit.queries import entries_about
from crm.directory import queries
from crm.directory.forms import CheckForm, NewServiceForm, SearchForm, ServiceForm, values_of
from crm.directory.models import Provider, Service
from crm.directory.policy import POLICY
from crm.directory.rules.feed import ROOT
from crm.directory.rules.labels import ASK_FIRST, CHECKED, NEEDS, RULE_NAMES, STATUSES, UNCONFIRMED
from crm.directory.rules.matching import cost_in_words
from crm.directory.service import keeping as service
from crm.directory.workflow import MACHINE, Act, ServiceStatus
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, Facts, weigh
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.landmarks import wanted_next
from crm.web.navigation import settings
from crm.web.paging import cursor, numbered, page_of
from crm.web.parts import standings_of
from crm.web.permit import open_acts, permits
from crm.web.telling import Stand

blueprint = Blueprint("directory", __name__)
permit = permits(POLICY)
SERVICE = "directory.one_service"
PROVIDERS_AT_ONCE = 100
OPEN_ADDRESSES = (
    ("", "The version of the standard"),
    ("/services", "Services, 100 on a page"),
    ("/services?full=true", "The same with areas, dates, costs and terms"),
    ("/organizations", "Organisations that provide a service"),
    ("/taxonomy_terms", "The words that services are described by"),
    ("/openapi.json", "Every address and filter, for programs"),
)
blueprint.add_app_template_filter(cost_in_words, "cost")
blueprint.add_app_template_filter(STATUSES.__getitem__, "status")
blueprint.add_app_template_filter(RULE_NAMES.__getitem__, "rule_name")


def fresh_months() -> int:
    """For how many months a check counts."""
    return int(figure_on("directory.fresh_months", on=today()))


def _statuses() -> dict[str, str]:
    """How a service can stand here: an invented one is in a demonstration alone."""
    left_out = set() if settings().is_demo else {ServiceStatus.ILLUSTRATIVE}
    return {status: words for status, words in STATUSES.items() if status not in left_out}


def _search() -> queries.Search:
    """The filters of this request."""
    known = {"need": NEEDS, "group": DCMS_GROUPS, "lep": LEPS, "status": _statuses()}
    filters = {name: chosen(name, words) for name, words in known.items()}
    since = queries.earliest_fresh(today(), months=fresh_months()) if chosen("checked", CHECKED) else None
    return queries.Search(text=request.args.get("q", "").strip(), checked_since=since, **filters)


@blueprint.get("/directory")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def directory() -> ResponseReturnValue:
    """Search and filters, for anyone."""
    search = _search()
    page, count = page_of(queries.services(search, cursor())), queries.count_of(search)
    shown = {"on": today(), "months": fresh_months(), "can_add": POLICY.allows(current_actor(), Act.ADD)}
    shown["can_check"] = POLICY.allows(current_actor(), Act.VIEW_CHECKING)
    shown["freshness"] = queries.freshness(today(), months=fresh_months())
    filters = SearchForm(request.args).offer(_statuses())
    return render_template("directory/directory.html", page=page, count=count, filters=filters, **shown)


@blueprint.get("/directory/providers")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def providers() -> ResponseReturnValue:
    """Every organisation that provides a service in the directory, by name."""
    found = queries.providers_listed()
    page = numbered(found, size=PROVIDERS_AT_ONCE)
    return render_template("directory/providers.html", page=page, count=len(found))


@blueprint.get("/directory/open-data")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def open_data() -> ResponseReturnValue:
    """How programs of others read the directory."""
    base_url = current_app.extensions["settings"].base_url
    return render_template("directory/open_data.html", root=ROOT, base_url=base_url, addresses=OPEN_ADDRESSES)


def _run_here(found: Service) -> Stand | None:
    """Where an entry stands that we run ourselves, as the room that runs it says; None for all others."""
    if found.status is not ServiceStatus.ILLUSTRATIVE:
        return None
    return standings_of("service", [found.id]).get(found.id)


@blueprint.get("/directory/services/<string:service_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=queries.service)
def one_service(found: Service) -> ResponseReturnValue:
    """One service: what it offers, to whom, where it stands, and for staff its history."""
    is_keeper = POLICY.allows(current_actor(), Act.EDIT, found)
    rules = weigh(found.terms, Facts()).readings
    trail = entries_about(found) if is_keeper else ()
    owner = names_of([found.owner_id]).get(found.owner_id) if is_keeper and found.owner_id else None
    shown = {"on": today(), "months": fresh_months(), "trail": trail, "needs": NEEDS, "owner": owner}
    shown |= {"unconfirmed": UNCONFIRMED, "ask_first": ASK_FIRST, "ours": _run_here(found)}
    return render_template(
        "directory/one_service.html", service=found, rules=rules, is_keeper=is_keeper, **shown
    )


@blueprint.get("/directory/providers/<uuid:provider_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=queries.provider)
def one_provider(found: Provider) -> ResponseReturnValue:
    """One provider with its services."""
    offered = queries.services_of(found.id)
    can_edit = POLICY.allows(current_actor(), Act.EDIT_PROVIDER, found)
    shown = {"on": today(), "months": fresh_months(), "can_edit": can_edit}
    shown["asked"] = queries.to_ask_about(found.id) if can_edit else []
    return render_template("directory/one_provider.html", provider=found, services=offered, **shown)


@blueprint.route("/directory/new", methods=["GET", "POST"])
@permit(Act.ADD, audience=Audience.INTERNAL)
def add() -> ResponseReturnValue:
    """Add a service."""
    form = NewServiceForm.of_request()
    return answer(
        form,
        page=lambda: _service_form_page(form, None),
        act=lambda: service.add(form.service_id.data, form.details(), by=current_actor()),
        then=lambda made: saved(
            f"{made.name} added. Check it before it is offered.", SERVICE, service_id=made.service_id
        ),
    )


@blueprint.route("/directory/services/<string:service_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.service)
def edit(found: Service) -> ResponseReturnValue:
    """Change what is known of a service."""
    form = ServiceForm.of_request(**values_of(found))
    return answer(
        form,
        page=lambda: _service_form_page(form, found),
        act=lambda: service.edit(found, form.details(), by=current_actor()),
        then=lambda _: saved("Changes saved.", SERVICE, service_id=found.service_id),
    )


def _service_form_page(form: Form, found: Service | None) -> str:
    return render_template("directory/service_form.html", form=form, service=found)


@blueprint.get("/directory/services/<string:service_id>/check")
@permit(Act.CONFIRM, audience=Audience.INTERNAL, load=queries.service, machine=MACHINE)
def check(found: Service) -> ResponseReturnValue:
    """Set the status of a service, and how it is known."""
    return _check_page(CheckForm.of_request(), found)


@blueprint.post("/directory/services/<string:service_id>/confirm")
@permit(Act.CONFIRM, audience=Audience.INTERNAL, load=queries.service, machine=MACHINE)
def confirm(found: Service) -> ResponseReturnValue:
    """It was checked today and is open."""
    return _checked(found, Act.CONFIRM)


@blueprint.post("/directory/services/<string:service_id>/doubt")
@permit(Act.DOUBT, audience=Audience.INTERNAL, load=queries.service, machine=MACHINE)
def doubt(found: Service) -> ResponseReturnValue:
    """It needs checking."""
    return _checked(found, Act.DOUBT)


@blueprint.post("/directory/services/<string:service_id>/close")
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=queries.service, machine=MACHINE)
def close(found: Service) -> ResponseReturnValue:
    """It is closed."""
    return _checked(found, Act.CLOSE)


@blueprint.post("/directory/services/<string:service_id>/retire")
@permit(Act.RETIRE, audience=Audience.INTERNAL, load=queries.service, machine=MACHINE)
def retire(found: Service) -> ResponseReturnValue:
    """It no longer runs."""
    return _checked(found, Act.RETIRE)


VERBS = {
    Act.CONFIRM: service.confirm,
    Act.DOUBT: service.doubt,
    Act.CLOSE: service.close,
    Act.RETIRE: service.retire,
}


def _checked(found: Service, act: Act) -> ResponseReturnValue:
    form = CheckForm.of_request()
    return answer(
        form,
        page=lambda: _check_page(form, found),
        act=lambda: VERBS[act](found, form.source.data, by=current_actor()),
        then=lambda _: _saved_check(found),
    )


def _saved_check(found: Service) -> str:
    """Back to the page from which its reader came to check it, else to the service."""
    words = f"{found.name}: {STATUSES[found.status].lower()}."
    service_page = saved(words, SERVICE, service_id=found.service_id)
    return wanted_next() or service_page


def _check_page(form: Form, found: Service) -> str:
    acts = open_acts(found, machine=MACHINE, policy=POLICY)
    in_order = [act for act in MACHINE.possible(found.status) if act in acts]
    return render_template(
        "directory/check.html", form=form, service=found, acts=in_order, next=wanted_next()
    )
