"""What pages of the network offer can be done: by an investor, by staff, and by whoever only views as an investor."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.rules.statements import CONDUCT_VERSION
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.permit import door_of
from tests import factories, network
from tests.angels.investors.test_looking import look, own
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_crawl import offers

DAY = timedelta(days=1)
STOP = "looks.stop_viewing"


def acts_offered(app: Flask, page: str, path: str) -> list[str]:
    """What a page of the network offers to do: each form that posts, and each link to a page with a form that posts."""
    found = []
    for method, target, _ in offers(page, path):
        address = urlsplit(target).path
        rule, _ = app.url_map.bind("localhost").match(address, method, return_rule=True)
        door = door_of(app, rule.endpoint)
        is_public = door is None or door.audience is Audience.PUBLIC
        if "POST" in (rule.methods or ()) and not is_public and rule.endpoint != STOP:
            found.append(f"{path} offers {method} {address}")
    return found


@pytest.mark.parametrize("closed", [False, True])
def test_k13_whoever_views_as_an_investor_is_offered_nothing_to_do(
    cast: Cast, client: ConformingClient, app: Flask, db: Session, closed: bool
) -> None:
    owner, found = cast.angel.account, network.pitch(network.legal(factories.business()))
    network.mark(found, owner)
    network.mark(network.pitch(network.legal(factories.business())), owner)
    network.saved_search(owner)
    network.question(found, owner)
    made = network.introduction(found, owner, IntroductionStatus.REQUESTED)
    other = network.pitch(network.legal(factories.business()))
    for each in rows(Angel):
        if each.account_id == owner.id:
            each.conduct_version = "2020-1"
    if closed:
        for signed in rows(network.Certification):
            signed.revoked_at, signed.revoked_reason = signed.signed_at, "Made"
    signed = network.certification(owner) if not closed else rows(network.Certification)[0]
    db.flush()
    pages = ["/angels/mine", "/membership", "/introductions", f"/introductions/{made.id}"]
    pages += ["/pitches", f"/certifications/{signed.id}", "/angels", "/angels/mine/promotions"]
    if not closed:
        pages += [f"/pitches/{found.id}", f"/pitches/{other.id}", "/pitches/following"]
        pages += ["/pitches?stages=early", f"/pitches/compare?pitch={found.id}&pitch={other.id}"]
    client.sign_in(cast.angel)
    before = [each for path in pages for each in acts_offered(app, client.get(path).text, path)]
    assert len(before) >= (3 if closed else 8)
    look(client, cast)
    answers = {path: client.get(path) for path in pages}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [each for path, answer in answers.items() for each in acts_offered(app, answer.text, path)] == []
    assert CONDUCT_VERSION not in answers["/angels/mine"].text


@pytest.mark.parametrize(
    ("outcome", "days", "can"),
    [
        (CheckOutcome.NOT_CHECKED, None, False),
        (CheckOutcome.FAILED, 1, False),
        (CheckOutcome.PASSED, 400, False),
        (CheckOutcome.PASSED, 1, True),
        (CheckOutcome.NOT_REQUIRED, None, False),
    ],
)
def test_an_applicant_can_be_accepted_only_once_their_check_is_done(
    cast: Cast, client: ConformingClient, outcome: CheckOutcome, days: int | None, can: bool
) -> None:
    checked = {"checked_on": today() - days * DAY, "checked_by": "Made"} if days else {}
    found = network.angel(status=AngelStatus.APPLIED, check_outcome=outcome, **checked)
    client.sign_in(cast.network_manager)
    page = client.get(f"/angels/{found.id}").text
    assert (f'formaction="/angels/{found.id}/accept"' in page) is can
    assert f'formaction="/angels/{found.id}/decline"' in page
    assert ("You can accept this applicant once an identity check" in page) is not can
    answer = client.post(f"/angels/{found.id}/accept", data={"reason": "Both know them well"})
    assert answer.status_code == (303 if can else 409)
    if not can:
        assert "Both know them well" in answer.text


def test_n13_what_an_investor_may_do_again_is_told_by_letter(cast: Cast, client: ConformingClient) -> None:
    found = own(cast)
    client.sign_in(cast.network_manager)
    for act, kind in (("suspend", "angel_suspended"), ("readmit", "angel_readmitted")):
        assert client.post(f"/angels/{found.id}/{act}", data={"reason": "Made reason"}).status_code == 303
        (letter,) = letters(kind)
        assert (letter.to_address, letter.context["reason"]) == (found.email, "Made reason")


def test_k13_every_link_on_a_page_that_is_viewed_as_an_investor_opens(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(factories.business()))
    look(client, cast)
    for path in ("/angels/mine", "/pitches", f"/pitches/{found.id}", "/membership", "/introductions"):
        page = client.get(path).text
        links = {target for method, target, _ in offers(page, path) if method == "GET"}
        assert len(links) > 5
        assert [each for each in links if client.get(each).status_code >= 400] == []
