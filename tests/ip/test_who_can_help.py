"""Who can help with an action of a readiness assessment: nobody who cannot, each of those with the reason, and always somebody."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import update

from crm.db.session import session
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.carrying import Sheet
from crm.directory.models import TERMS, Service
from crm.ip.actions.queries import helps_for
from crm.ip.actions.rules import GENERAL
from crm.kernel.money import Money
from crm.kernel.roles import Role, Scope
from tests import assessments, covers, factories
from tests.assessments import again
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")


def _no_rule(name: str) -> object:
    """What a column of the rules of a service holds where it asks for nothing."""
    default = Service.__table__.c[name].default
    return default.arg if default is not None else None


def _shut(service_id: str) -> None:
    """A service that is on offer to large businesses only."""
    session().execute(update(Service.__table__).values(status="check"))
    assessments.open_service(service_id)
    changed = update(Service.__table__).where(Service.service_id == service_id)
    session().execute(changed.values(min_turnover=Money.pounds(5_000_000)))
    session().expire_all()


def test_a_service_that_is_shut_to_the_business_is_told_apart_with_its_reason_and_cannot_be_asked_for(
    client: ConformingClient, cast: Cast
) -> None:
    owner = covers.turned_over(bed.owner(), 400_000)
    factories.person(owner)
    check = assessments.readiness_check(owner, is_finished=True)
    _shut("ipo_audit")
    found = next(each for each in helps_for(again(check)) if each.drag.question.key == "own1")
    assert "ipo_audit" not in [each.service.service_id for each in found.services]
    assert [each.service.service_id for each in found.shut] == ["ipo_audit"]
    assert found.on_paper[-1] == f"{GENERAL}."
    assert not any("IP Audit" in line for line in found.on_paper), "the report names nobody who cannot help"

    page = html.unescape(client.sign_in(cast.founder).get(f"/readiness/{check.id}").text)
    assert "Not open to you: 1 service" in page
    (shut,) = found.shut
    assert shut.because[1:] in page.split("Not open to you: 1 service")[1]
    assert "urnover" in shut.because
    assert "Not eligible" not in page
    assert GENERAL in page
    for who, act in ((cast.founder, "ask"), (cast.adviser, "refer")):
        client.sign_in(who)
        assert client.post(f"/readiness/{check.id}/actions/own1/ipo_audit/{act}").status_code == 404
    page = client.get(f"/readiness/{check.id}").text
    assert "Not open to this business: 1 service" in page
    assert "An adviser of the business can help with this" in page


def test_who_is_known_to_be_open_to_the_business_stands_before_who_may_be(cast: Cast) -> None:
    check = assessments.readiness_check(bed.owner(), is_finished=True)
    (first, *_) = helps_for(again(check))
    ids = [each.service.service_id for each in first.services]
    for each in ids:
        assessments.open_service(each)
    asked = update(Service.__table__).where(Service.service_id.in_(ids))
    session().execute(asked.values({name: _no_rule(name) for name in TERMS}))
    session().execute(asked.where(Service.service_id == ids[0]).values(min_employees=3))
    session().expire_all()
    (found, *_) = helps_for(again(check))
    standing = [found.standing(each) for each in found.services]
    assert set(standing) == {"Eligible", "May be eligible"}
    assert standing == sorted(standing), "the one whose rule is not known to be met comes last"
    assert found.services[-1].service.service_id == ids[0]


def _in_an_address(check: ReadinessCheck) -> str:
    """The result page of a visitor who gives the same answers."""
    asked, of = asked_of(check)
    answers = {key: value for key, value in check.given.items() if value}
    sheet = Sheet(check.set_name, check.question_set.number, of, answers)
    return f"/check-readiness/{check.set_name}/result?a={sheet.code(asked)}"


def test_on_the_page_without_an_account_a_founder_is_weighed_by_the_record_of_their_own_business_k17(
    client: ConformingClient, cast: Cast
) -> None:
    owner = covers.turned_over(bed.owner(), 400_000)
    where = _in_an_address(again(assessments.readiness_check(owner, is_finished=True)))
    _shut("ipo_audit")
    weighed, shut = f"weighed with what is on record of {owner.name}", "Not open to you: 1 service"
    visitor = html.unescape(client.get(where).text)
    assert (weighed in visitor, shut in visitor, "urnover not known" in visitor) == (False, False, True)
    own = html.unescape(client.sign_in(cast.founder).get(where).text)
    assert (weighed in own, shut in own, "urnover not known" in own) == (True, True, False)
    adviser = html.unescape(client.sign_in(cast.adviser).get(where).text)
    assert ("weighed with" in adviser, shut in adviser) == (False, False)


def test_a_founder_of_two_businesses_is_weighed_as_neither(client: ConformingClient, cast: Cast) -> None:
    owner = covers.turned_over(bed.owner(), 400_000)
    where = _in_an_address(again(assessments.readiness_check(owner, is_finished=True)))
    _shut("ipo_audit")
    other = factories.business()
    factories.grant(cast.founder.account, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(other.id))
    page = html.unescape(client.sign_in(cast.founder).get(where).text)
    assert ("weighed with" in page, "Not open to you" in page) == (False, False)
