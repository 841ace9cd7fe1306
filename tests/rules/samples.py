"""A sample of every kind of thing that an address can name: by the parameter's name, one table for every route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from crm.accounts.models import Hub, HubArea, RoleGrant
from crm.db.session import session
from crm.directory.models import Provider, Service
from crm.links.rules import Purpose
from crm.links.service import mint
from tests import factories
from tests.cast import Cast

Values = Mapping[str, Any]
Sample = Callable[[Cast, Values], tuple[Any, ...]]


@dataclass(frozen=True)
class Case:
    """One address of a route, and the method it is asked with."""

    rule: Rule
    method: str
    values: Values


def doors(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with each method it answers, but for the files."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if rule.endpoint != "static" and method not in {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda each: (each[0].rule, each[1]))


def _people(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (cast.founder.id, cast.administrator.id)


def _grants(_cast: Cast, values: Values) -> tuple[Any, ...]:
    held = select(RoleGrant.id).where(RoleGrant.account_id == values["account_id"])
    return tuple(session().scalars(held.limit(1)))


def _hubs(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Hub.id).order_by(Hub.name).limit(1)))


def _areas(_cast: Cast, values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(HubArea.id).where(HubArea.hub_id == values["hub_id"]).limit(1)))


def _figures(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """Proposed by each administrator, and by nobody: who decides depends on it."""
    proposers = (cast.administrator.id, cast.second_administrator.id, None)
    return tuple(factories.figure(proposed_by_id=each).id for each in proposers)


def _letters(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return (factories.letter().id,)


def _sessions(cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(factories.login_session(each.account).id for each in (cast.adviser, cast.founder))


def _services(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Service.service_id).order_by(Service.name).limit(1)))


def _providers(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Provider.id).order_by(Provider.name).limit(1)))


def _token(purpose: Purpose) -> Sample:
    return lambda cast, _values: (mint(purpose, str(cast.founder.id)),)


def _words(*words: str) -> Sample:
    return lambda _cast, _values: words


SAMPLES: dict[str, Sample] = {
    "account_id": _people,
    "grant_id": _grants,
    "hub_id": _hubs,
    "area_id": _areas,
    "figure_id": _figures,
    "letter_id": _letters,
    "session_id": _sessions,
    "service_id": _services,
    "provider_id": _providers,
    "name": _words("enquiry.reply_days"),
    "question_name": _words("postcode", "months"),
    # One parameter, two kinds of link: told apart by the door.
    "accounts.use_sign_in_link token": _token(Purpose.SIGN_IN),
    "accounts.set_password token": _token(Purpose.SET_PASSWORD),
}


def parameters(rule: Rule) -> list[str]:
    """The parameters of a route, from left to right."""
    return [part for is_parameter, part in rule._trace if is_parameter]


def sample_of(rule: Rule, parameter: str) -> Sample | None:
    return SAMPLES.get(f"{rule.endpoint} {parameter}") or SAMPLES.get(parameter)


def cases(rule: Rule, method: str, cast: Cast) -> list[Case]:
    """Every combination of samples for a route; the parents are chosen before their children."""
    combinations: list[dict[str, Any]] = [{}]
    for parameter in parameters(rule):
        sample = sample_of(rule, parameter)
        assert sample is not None, f"{rule.rule} has no sample for {parameter}: add one to SAMPLES"
        combinations = [{**each, parameter: value} for each in combinations for value in sample(cast, each)]
    assert combinations, f"{rule.rule} has a parent without children: choose another sample"
    return [Case(rule, method, each) for each in combinations]


def foreign(rule: Rule, values: Values, cast: Cast) -> Values:
    """The same child under another parent of the same kind."""
    parent = parameters(rule)[0]
    others: dict[str, Callable[[], UUID]] = {
        "account_id": lambda: factories.account().id,
        "hub_id": lambda: factories.hub().id,
    }
    assert parent in others, f"{rule.rule} needs another {parent} to stand under"
    return {**values, parent: others[parent]()}
