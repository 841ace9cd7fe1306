"""What would be refused is said before anything is typed: absences of others, and claiming beyond one's limit (K12)."""

from __future__ import annotations

import re

from crm.signposting.service import queueing
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_budgets import cast_business


def test_k12_an_adviser_is_offered_their_own_absence_alone_and_a_manager_those_of_all(
    client: ConformingClient, cast: Cast
) -> None:
    field = r'<select[^>]*name="account_id".*?</select>'
    for who, names in (
        (cast.adviser, {cast.adviser.id}),
        (cast.hub_manager, {cast.adviser.id, cast.hub_manager.id}),
    ):
        page = client.sign_in(who).get("/enquiries/absences/new").text
        shown = re.search(field, page, re.DOTALL)
        assert shown is not None
        assert set(re.findall(r'value="([0-9a-f-]{36})"', shown[0])) >= {str(each) for each in names}
    shown = re.search(field, client.sign_in(cast.adviser).get("/enquiries/absences/new").text, re.DOTALL)
    assert shown is not None
    assert re.findall(r'value="([0-9a-f-]{36})"', shown[0]) == [str(cast.adviser.id)]


def test_k12_who_has_as_many_as_they_can_hold_reads_so_where_they_would_claim(
    client: ConformingClient, cast: Cast
) -> None:
    made = factories.enquiry(hub_id=cast_business().hub_id)
    page = f"/enquiries/{made.id}"
    assert "Claim enquiry" in client.sign_in(cast.adviser).get(page).text
    queueing.set_capacity(cast.adviser.account, 0, by=cast.hub_manager.actor)
    shown = client.get(page).text
    assert "Claim enquiry" not in shown
    assert "You can hold no enquiries." in shown
