"""The open directory: Open Referral UK, version 3, for every council and app that wants to read it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, json, request
from flask.typing import ResponseReturnValue

from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.papers import publishing as papers
from crm.directory.papers.describing import described
from crm.directory.policy import POLICY
from crm.directory.rules.feed import ROOT, STANDARD, Wanted, read_wanted
from crm.directory.rules.taxonomies import Taxonomy, Term, taxonomy_of, term_of
from crm.directory.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.openly import json_response, marked
from crm.web.permit import permits

blueprint = Blueprint("open_directory", __name__, url_prefix=ROOT)
permit = permits(POLICY)
PROFILE = "https://docs.openreferraluk.org"


def _publisher() -> papers.Publisher:
    settings = current_app.extensions["settings"]
    return papers.Publisher(settings.base_url, settings.contact_email, today())


@blueprint.get("", strict_slashes=False)
@permit(Act.VIEW, audience=Audience.PUBLIC)
def about() -> ResponseReturnValue:
    """Which version of the standard this is, and where it is described."""
    where = _publisher().address(f"{ROOT}/openapi.json")
    return json_response({"version": STANDARD, "profile": PROFILE, "openapi_url": where})


@blueprint.get("/openapi.json")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def openapi() -> ResponseReturnValue:
    """What can be asked here, for programs that write programs."""
    return json_response(described(_publisher().address(ROOT)))


@blueprint.get("/services")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def services() -> ResponseReturnValue:
    """One page of services, or all of them line by line."""
    wanted = read_wanted(request.args)
    if wanted.format == "ndjson":
        return _lines(wanted)
    found, total = queries.published(wanted)
    told = [_told(each, wanted) for each in found]
    return json_response(papers.page(told, total=total, number=wanted.page, size=wanted.per_page))


def _told(service: Service, wanted: Wanted) -> papers.Fields:
    if wanted.minimal:
        return papers.minimal(service)
    return (papers.full if wanted.full else papers.brief)(service, _publisher())


def _lines(wanted: Wanted) -> Response:
    """Every service that is asked for, one on each line."""
    lines = (json.dumps(_told(each, wanted), ensure_ascii=False) for each in queries.all_published(wanted))
    return marked(Response("".join(f"{line}\n" for line in lines), mimetype="application/x-ndjson"))


@blueprint.get("/services/<uuid:published_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=queries.published_service)
def service(found: Service) -> ResponseReturnValue:
    """One service with everything that is published of it; one that is not published is 404, as what does not exist."""
    return json_response(papers.full(found, _publisher()))


@blueprint.get("/organizations")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def organizations() -> ResponseReturnValue:
    """One page of providers."""
    wanted = read_wanted(request.args)
    told = [papers.organization(each) for each in queries.published_providers(wanted.search)]
    return _page(told, wanted)


@blueprint.get("/organizations/<uuid:organization_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=queries.published_provider)
def organization(found: tuple[Provider, list[Service]]) -> ResponseReturnValue:
    """One provider with its services."""
    provider, offered = found
    return json_response(papers.organization_with_services(provider, offered, on=today()))


@blueprint.get("/taxonomies")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def taxonomies() -> ResponseReturnValue:
    """The lists of words that services are described by."""
    return _page(papers.all_taxonomies(), read_wanted(request.args))


@blueprint.get("/taxonomies/<uuid:taxonomy_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=taxonomy_of)
def taxonomy(found: Taxonomy) -> ResponseReturnValue:
    """One list of words."""
    return json_response(papers.taxonomy(found))


@blueprint.get("/taxonomy_terms")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def taxonomy_terms() -> ResponseReturnValue:
    """The words of a list, or of all. None stands below another, so none has the parent that is asked for."""
    wanted = read_wanted(request.args)
    return _page([] if wanted.parent_id else papers.all_terms(wanted.taxonomy_id), wanted)


@blueprint.get("/taxonomy_terms/<uuid:term_id>")
@permit(Act.VIEW, audience=Audience.PUBLIC, load=term_of)
def taxonomy_term(found: Term) -> ResponseReturnValue:
    """One word of a list."""
    return json_response(papers.taxonomy_term(found))


@blueprint.get("/service_at_locations")
@permit(Act.VIEW, audience=Audience.PUBLIC)
def service_at_locations() -> ResponseReturnValue:
    """Where services are given: we list areas and no places, so there are none."""
    return _page([], read_wanted(request.args))


def _page(rows: list[papers.Fields], wanted: Wanted) -> Response:
    return json_response(papers.page_out_of(rows, number=wanted.page, size=wanted.per_page))
