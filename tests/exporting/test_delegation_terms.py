"""The price that a business agreed to when it accepted its place, and whose desk has what nobody told of it."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from crm.accounts.models import RoleGrant
from crm.db.session import session
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import leading
from crm.exporting.delegations.service.leading import DelegationDetails
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade


def details_of(found: Delegation, **fields: Any) -> DelegationDetails:
    names = DelegationDetails.__dataclass_fields__
    kept = {name: getattr(found, name) for name in names} | {"criteria": tuple(found.criteria)}
    return replace(DelegationDetails(**kept), **fields)


def _offered(**fields: Any) -> Any:
    """A place offered to the founder's business."""
    found = trade.opened(**fields)
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    leading.close(found, by=SYSTEM)
    trade.choosing.select(found, by=SYSTEM)
    return trade.again(place)


def test_an_accepted_place_shows_the_price_that_was_agreed_and_by_whom(
    client: ConformingClient, cast: Cast
) -> None:
    place = _offered(covers="A stand and a bed")
    where = f"/delegation-places/{place.id}"
    page = html.unescape(client.sign_in(cast.founder).get(where).text)
    assert "Price of a place" in page
    assert "£1,800.00: you pay £1,000.00, we pay £800.00" in " ".join(page.split())
    mark = place.delegation.mark
    assert f'value="{mark}"' in page
    assert client.post(f"{where}/accept", data={"seen": mark}).status_code == 303
    page = " ".join(html.unescape(client.get(where).text).split())
    assert "Agreed price" in page
    assert "A stand and a bed" in page
    assert f"by {cast.founder.account.name}" in page
    agreed = trade.again(place).agreed
    assert agreed is not None
    assert (agreed.share, agreed.subsidy) == (Money.pounds(1_000), Money.pounds(800))


def test_terms_that_changed_after_the_page_was_opened_are_not_accepted_unseen_k24(
    client: ConformingClient, cast: Cast
) -> None:
    place = _offered(covers="A stand and a bed")
    where, before = f"/delegation-places/{place.id}", place.delegation.mark
    found = trade.whole(place.delegation_id)
    leading.change(found, details_of(found, covers="A stand"), version=None, by=SYSTEM)
    client.sign_in(cast.founder)
    assert client.post(f"{where}/accept", data={"seen": before}).status_code == 409
    page = client.get(f"{where}/accept").text
    assert "Covered: A stand." in " ".join(page.split())
    assert (
        client.post(f"{where}/accept", data={"seen": trade.again(place).delegation.mark}).status_code == 303
    )


def test_a_later_change_of_what_is_covered_is_told_and_the_agreed_price_stays(
    client: ConformingClient, cast: Cast
) -> None:
    place = _offered(covers="A stand and a bed")
    client.sign_in(cast.founder)
    client.post(f"/delegation-places/{place.id}/accept")
    found = trade.whole(place.delegation_id)
    leading.change(found, details_of(found, covers="A stand"), version=None, by=SYSTEM)
    told = session().scalars(select(Letter).where(Letter.kind == "delegation_changed")).all()
    assert told
    assert told[0].context["changed"] == [["What is covered", "A stand and a bed", "A stand"]]
    page = " ".join(html.unescape(client.get(f"/delegation-places/{place.id}").text).split())
    assert "Now covered" in page
    assert "The price that was agreed stays" in page
    assert "£1,800.00: you pay £1,000.00, we pay £800.00" in page


def test_results_nobody_told_are_on_the_desk_of_who_cares_for_the_business_once_the_lead_has_left_k15(
    client: ConformingClient, cast: Cast
) -> None:
    owner = trade.owner(BUSINESS)
    place = trade.went(owner)
    lead = factories.account()
    factories.grant(lead, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    place.delegation.lead_id = lead.id
    due = counting.returns_of(place.id)[1]
    due.asked_at = due.reminded_at = now()
    session().flush()
    where = f"/delegation-returns/{due.id}/record"

    def holds_it(who: Any) -> bool:
        return where in client.sign_in(who).get("/desk").text

    assert holds_it(lead), "the lead of another hub still asks what came of it"
    assert not holds_it(cast.hub_manager)
    stranger = factories.account()
    factories.grant(stranger, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    session().execute(RoleGrant.__table__.delete().where(RoleGrant.__table__.c.account_id == lead.id))
    session().expire_all()
    assert holds_it(cast.hub_manager)
    assert not holds_it(stranger), "who does not care for the business cannot record it"


def test_the_page_of_a_delegation_says_what_comes_next_in_each_state(
    client: ConformingClient, cast: Cast
) -> None:
    found = trade.delegation()
    client.sign_in(cast.administrator)

    def says(words: str) -> bool:
        return words in html.unescape(client.get(f"/delegations/{found.id}").text)

    assert says("Next: check the draft, then open it for applications.")
    leading.open_(found, by=SYSTEM)
    assert says("Next: applications close on")
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    leading.close(trade.whole(found.id), by=SYSTEM)
    assert says("Next: assess the applications and offer the places.")
    trade.choosing.select(trade.whole(found.id), by=SYSTEM)
    assert says("Next: fill 1 free place, then record who went after")
    trade.answering.accept(trade.again(place), by=SYSTEM)
    trade.back(trade.whole(found.id))
    assert says("Next: record who went.")
    leading.hold(trade.whole(found.id), {place.id}, by=SYSTEM)
    assert says("It took place.")
    client.sign_in(cast.founder)
    assert not says("It took place.")
