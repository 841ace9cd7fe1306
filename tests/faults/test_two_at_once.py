"""Two people, or two machines, at the same moment: one is first, the other is told, and nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from crm.accounts import queries as accounts
from crm.accounts.models import Account, RoleGrant
from crm.accounts.service import administering, roles
from crm.accounts.service.administering import GrantWanted, Invitation
from crm.accounts.service.roles import LAST_ONE
from crm.audit import queries as trail
from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.audit.service import faults
from crm.db.session import session
from crm.directory import queries as directory
from crm.directory.forms import ServiceForm, values_of
from crm.directory.models import Service
from crm.directory.service import keeping
from crm.directory.service.keeping import ServiceDetails
from crm.figures import service as figures
from crm.figures.models import DatedFigure
from crm.figures.service import Proposal
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid, NotFound
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.models import OneTimeLink
from crm.links.rules import Purpose
from crm.throttles import service as throttles
from crm.throttles.rules import Limit
from tests.accounts.people import acting, person
from tests.faults.together import browser, in_threads, meet_in, overlapping, together
from tests.houses import database

LIMIT = Limit("doors", tries=100, seconds=10**9)


def put(app: Flask, *roles: Role) -> UUID:
    """An account, committed."""
    with database(app).transaction():
        return person(*roles).id


def found(account_id: UUID) -> Account:
    account = accounts.account(account_id)
    assert account is not None
    return account


def read(app: Flask, query: Any) -> Any:
    with database(app).reading():
        return session().scalar(query)


# ---------------------------------------------------------------- counters and links


def test_of_many_tries_at_once_none_is_lost(committing_app: Flask) -> None:
    def try_often() -> list[int]:
        counts = []
        for _ in range(5):
            with database(committing_app).transaction():
                counts.append(throttles.count_try(LIMIT, "ann", secret="s"))
        return counts

    counts = in_threads(*[try_often] * 6)
    assert sorted(each for some in counts for each in some) == list(range(1, 31))


def test_two_tries_whose_transactions_overlap_are_both_counted(committing_app: Flask) -> None:
    def count() -> int:
        return throttles.count_try(LIMIT, "ann", secret="s")

    assert overlapping(committing_app, count, count) == [1, 2]


def test_of_two_who_use_one_link_at_once_exactly_one_gets_in(committing_app: Flask) -> None:
    for _ in range(5):
        with database(committing_app).transaction():
            token = links.mint(Purpose.SIGN_IN, "ann")
        ended = together(committing_app, *[lambda token=token: links.use(token, Purpose.SIGN_IN)] * 4)
        assert ended.count("ann") == 1
        assert sum(isinstance(each, NotFound) for each in ended) == 3


def test_whoever_comes_second_finds_the_link_used(committing_app: Flask) -> None:
    with database(committing_app).transaction():
        token = links.mint(Purpose.SIGN_IN, "ann")

    def use() -> str:
        return links.use(token, Purpose.SIGN_IN)

    first, second = overlapping(committing_app, use, use)
    assert first == "ann"
    assert isinstance(second, NotFound)
    assert read(committing_app, select(func.count(OneTimeLink.used_at))) == 1


# ---------------------------------------------------------------- the trail


def test_entries_written_at_once_are_all_there_and_the_trail_is_whole(committing_app: Flask) -> None:
    account_id = put(committing_app)

    def write() -> None:
        for _ in range(5):
            audit.record("edit", found(account_id), {"name": ("a", "b")}, by=SYSTEM)

    assert together(committing_app, *[write] * 4) == [None] * 4
    assert read(committing_app, select(func.count()).select_from(AuditEntry)) == 20
    with database(committing_app).reading():
        assert faults() == []


# ---------------------------------------------------------------- people


def test_no_two_administrators_end_each_other_at_once(committing_app: Flask) -> None:
    one, two = put(committing_app, Role.ADMINISTRATOR), put(committing_app, Role.ADMINISTRATOR)

    def deactivate(other: UUID, by: UUID) -> None:
        actor = accounts.actor_of(found(by))
        administering.deactivate(found(other), by=actor)

    first, second = overlapping(committing_app, lambda: deactivate(two, one), lambda: deactivate(one, two))
    assert first is None
    assert isinstance(second, Conflict)
    with database(committing_app).transaction():
        assert accounts.administrators_on(today()) == {one}


def test_no_two_administrators_end_each_others_role_at_once(committing_app: Flask) -> None:
    one, two = put(committing_app, Role.ADMINISTRATOR), put(committing_app, Role.ADMINISTRATOR)

    def end(other: UUID, by: UUID) -> None:
        (held,) = found(other).grants
        roles.end_grant(held, by=accounts.actor_of(found(by)))

    first, second = overlapping(committing_app, lambda: end(two, one), lambda: end(one, two))
    assert first is None
    # On the engine where the second waits before it reads, it is no administrator any more.
    assert getattr(second, "message", "") in (LAST_ONE, "You do not have permission to do this.")
    with database(committing_app).transaction():
        assert accounts.administrators_on(today()) == {one}


def test_one_role_granted_by_two_at_once_is_held_once(committing_app: Flask) -> None:
    somebody = put(committing_app)

    def grant() -> RoleGrant:
        return administering.grant(found(somebody), GrantWanted(Role.FUNDER, today()), by=SYSTEM)

    first, second = overlapping(committing_app, grant, grant)
    assert isinstance(first, RoleGrant)
    assert isinstance(second, Invalid)
    assert read(committing_app, select(func.count()).select_from(RoleGrant)) == 1


def test_one_address_invited_by_two_at_once_is_one_account(committing_app: Flask) -> None:
    pages = [browser(committing_app, put(committing_app, Role.ADMINISTRATOR)) for _ in range(2)]
    form = {"name": "Ann", "email": "ann@people.example", "kind": "staff"}
    answers = in_threads(*((lambda page=page: page.send("/people/new", form)) for page in pages))
    assert min(answer.status_code for answer in answers) == 303
    assert sorted(answer.status_code for answer in answers)[1] in (409, 422)
    assert read(committing_app, select(func.count()).where(Account.email == "ann@people.example")) == 1


# ---------------------------------------------------------------- figures


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    committing_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposer, one, two = (put(committing_app, Role.ADMINISTRATOR) for _ in range(3))
    with database(committing_app).transaction():
        proposal = Proposal("subsidy.limit", "400000", date(2027, 4, 1), None, "an Act")
        figure_id = figures.propose(proposal, by=acting(found(proposer))).id
    approving, refusing = browser(committing_app, one), browser(committing_app, two)
    meet_in(monkeypatch, figures, "approve", "refuse")
    answers = in_threads(
        lambda: approving.send(f"/figures/rows/{figure_id}/approve"),
        lambda: refusing.send(f"/figures/rows/{figure_id}/refuse", {"reason": "not passed"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "<h1" in loser.text
    with database(committing_app).reading():
        decided = session().get(DatedFigure, figure_id)
        assert decided is not None
        approved = answers[0].status_code == 303
        assert decided.status is (FigureStatus.APPROVED if approved else FigureStatus.REFUSED)
        assert [entry.act for entry in trail.entries_about(decided)][1:] == ["propose_figure"]


# ---------------------------------------------------------------- the directory


def form_of(app: Flask, **changes: Any) -> dict[str, Any]:
    """The edit form of one service, as a browser would send it back with something changed."""
    with app.test_request_context(), database(app).reading():
        service = directory.service("bgwm")
        assert service is not None
        fields: dict[str, Any] = {}
        for field in ServiceForm(data=values_of(service) | changes):
            if field.type == "DayField":
                parts = zip(("day", "month", "year"), field.parts, strict=True)
                fields |= {f"{field.name}-{part}": text for part, text in parts}
            elif field.type == "BooleanField":
                fields |= {field.name: "y"} if field.data else {}
            elif field.type == "SelectMultipleField":
                fields[field.name] = list(field.data or ())
            else:
                fields[field.name] = field._value() if hasattr(field, "_value") else field.data or ""
        return fields


def bgwm(app: Flask) -> Service:
    with database(app).reading():
        service = directory.service("bgwm")
        assert service is not None
        return service


@pytest.mark.parametrize("is_simultaneous", [True, False], ids=["at one moment", "one after the other"])
def test_of_two_who_edit_one_service_one_is_told_and_nothing_is_lost(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch, is_simultaneous: bool
) -> None:
    pages = [browser(furnished, put(furnished, Role.ADMINISTRATOR)) for _ in range(2)]
    forms = [form_of(furnished, name="Named by one"), form_of(furnished, description="Said by the other")]
    if is_simultaneous:
        meet_in(monkeypatch, keeping, "edit")
        sends = [
            (lambda page=page, form=form: page.send("/directory/services/bgwm/edit", form))
            for page, form in zip(pages, forms, strict=True)
        ]
        answers = in_threads(*sends)
    else:
        answers = [
            page.send("/directory/services/bgwm/edit", form) for page, form in zip(pages, forms, strict=True)
        ]
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    kept = bgwm(furnished)
    changed = (kept.name == "Named by one", kept.description == "Said by the other")
    assert changed == tuple(answer.status_code == 303 for answer in answers)
    loser = next(answer for answer in answers if answer.status_code == 409)
    typed = "Said by the other" if changed[0] else "Named by one"
    assert typed in loser.text
    with database(furnished).reading():
        assert len(trail.entries_about(kept)) == 2


def test_a_check_and_an_edit_at_once_do_not_undo_each_other(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bgwm(furnished)

    def close() -> None:
        service = directory.service("bgwm")
        assert service is not None
        keeping.close(service, "by telephone", by=SYSTEM)

    def edit() -> Any:
        service = directory.service("bgwm")
        assert service is not None
        details = ServiceDetails(service.provider.name, before.fields() | {"name": "Renamed"}, before.version)
        return keeping.edit(service, details, by=SYSTEM)

    first, second = overlapping(furnished, close, edit)
    assert first is None
    assert isinstance(second, Exception)
    kept = bgwm(furnished)
    assert (kept.status.value, kept.name, kept.checked_on) == ("closed", before.name, today())


def test_two_who_add_the_same_provider_at_once(furnished: Flask) -> None:
    def add(number: int) -> Service:
        details = ServiceDetails("A new provider", {"name": f"Service {number}", "source": "x"})
        return keeping.add(f"new-{number}", details, by=SYSTEM)

    ended = overlapping(furnished, lambda: add(1), lambda: add(2))
    assert isinstance(ended[0], Service)
    with database(furnished).reading():
        kept = [each.service_id for each in directory.services(directory.Search(text="new provider")).rows]
    assert kept == ["new-1", "new-2"][: 2 if isinstance(ended[1], Service) else 1]


def test_one_address_is_not_taken_twice_by_the_verb(committing_app: Flask) -> None:
    def invite() -> Account:
        return administering.invite(Invitation("ann@people.example", "Ann"), by=SYSTEM)

    first, second = overlapping(committing_app, invite, invite)
    assert isinstance(first, Account)
    assert isinstance(second, Exception)
