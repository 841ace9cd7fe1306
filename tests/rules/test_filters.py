"""A filter that a list does not have is refused in words with a link to the whole list, by the list and by its file."""

from __future__ import annotations

from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.client import ConformingClient

LISTS: dict[str, dict[str, tuple[str, ...]]] = {
    "administrator": {
        "/audit": ("act", "by", "first_day-year"),
        "/businesses": ("group", "hub", "place", "sort", "stage"),
        "/directory": ("checked", "group", "lep", "need", "status"),
        "/directory/needs-checking": ("whose",),
        "/directory/reports": ("whose",),
        "/directory/feeds": ("status",),
        "/complaints": ("show",),
        "/data-requests": ("show",),
        "/enquiries": ("hub", "show", "sort"),
        "/figures": ("show",),
        "/hours": ("show",),
        "/letters": ("status",),
        "/people": ("role",),
        "/reach": ("year",),
        "/readiness": ("set",),
        "/readiness/cohort": ("set",),
        "/referrals": ("show",),
        "/reports/fund-case/asks": ("fate", "first-year", "key", "medium", "size", "table", "which"),
    },
    "adviser": {
        "/coverage": ("need", "band"),
        "/export-cover": ("country", "result"),
        "/shut-outs": ("rule", "threshold", "need", "occasion"),
        "/export-cover/shut-outs": ("band", "became", "sector", "wanted"),
        "/export-plans": ("country", "route", "status"),
        "/export-plans/barriers": ("kind", "state"),
        "/export-plans/visits": ("market", "status"),
        "/markets": ("country", "month", "sector"),
    },
    "hub_manager": {
        "/caseload": ("group", "hub", "lead", "need", "place", "quiet", "sort", "stage", "tag"),
        "/rights": ("kind", "todo"),
        "/reports": ("area", "authority", "hub", "period", "sector", "size"),
        "/reports/data-quality": ("area", "authority", "hub", "sector", "size"),
    },
    "programme_manager": {
        "/applications": ("clearance", "round", "status"),
        "/award-claims": ("status",),
        "/awards": ("status",),
        "/outcomes": ("show",),
    },
    "finance_officer": {"/payment-runs": ("status",), "/payments": ("status",)},
    "network_manager": {
        "/angels/all": ("status",),
        "/introductions": ("status",),
        "/pledges": ("pitch", "status"),
        "/syndicates": ("status",),
        "/investments": ("instrument", "pitch", "status"),
        "/raises": ("status",),
    },
    "angel": {"/pitches": ("groups", "instruments", "leps", "stages", "relief", "saved", "ticket")},
}
WITH_FILES = (
    "/caseload",
    *("/audit", "/businesses", "/enquiries", "/export-plans", "/markets", "/outcomes", "/rights"),
    *("/award-claims", "/export-cover", "/export-cover/shut-outs", "/payments", "/pitches", "/investments"),
    "/reports/fund-case/asks",
    "/shut-outs",
)
AT_ITS_FIELD = {
    "/businesses": ("place",),
    "/caseload": ("place", "quiet"),
    "/audit": ("first_day-year",),
    "/pitches": ("ticket",),
}
"""Boxes to type into: the list says at the field what cannot be read."""
TYPED = ("nonsense", str(uuid4())[:-1], "’; --")


@pytest.mark.parametrize("part", LISTS)
def test_a_filter_that_a_list_does_not_have_is_refused_with_a_link_to_the_whole_list(
    part: str, client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(getattr(cast, part))
    for address, names in LISTS[part].items():
        for name in names:
            assert _faults(client, address, name) == []


def _faults(client: ConformingClient, address: str, name: str) -> list[str]:
    places = [address, f"{address}.csv"] if address in WITH_FILES else [address]
    answers = [client.get(place, query_string={name: typed}) for place in places for typed in TYPED]
    at_field = name in AT_ITS_FIELD.get(address, ())
    return [each.request.url for each in answers if not _is_said(each, address, at_field=at_field)]


def _is_said(answer: TestResponse, address: str, *, at_field: bool) -> bool:
    if at_field and not answer.request.path.endswith(".csv"):
        return "govuk-error-message" in answer.text
    link = f'href="{address}">Show the list without filters'
    return answer.status_code == 422 and link in answer.text


@pytest.mark.engine("sqlite")
def test_k29_names_in_the_address_of_any_list_or_page_never_become_arguments(
    client: ConformingClient, cast: Cast
) -> None:
    """Each page that needs no thing is opened, by the first of these people who may."""
    query = "endpoint=x&_external=1&_method=POST&_anchor=x&values=y&self=z"
    rules = (each for each in client.application.url_map.iter_rules() if not each.arguments)
    left = {each.rule for each in rules if "GET" in (each.methods or ())}
    for part in LISTS:
        client.sign_in(getattr(cast, part))
        answers = {path: client.get(f"{path}?{query}").status_code for path in sorted(left)}
        assert [path for path, status in answers.items() if status >= 500] == []
        left -= {path for path, status in answers.items() if status == 200}
    assert not left & {address for part in LISTS.values() for address in part}
