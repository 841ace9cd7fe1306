"""What a criterion would count, shown before anything is kept: with script as one types, without it by a button."""

from __future__ import annotations

from typing import Any

from crm.programme.rounds import queries
from crm.programme.rounds.workflow import RoundStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient


def typed(**fields: Any) -> dict[str, Any]:
    sent = {"title": "Market", "weight": "33.5", "parts": "One\nTwo", "highest": "5", "position": "2"}
    return sent | {"anchors": "Kept as typed", "least": "", "version": ""} | fields


def test_a_criterion_that_is_being_added_is_counted_with_the_others(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_(RoundStatus.DRAFT)
    client.sign_in(cast.programme_manager)
    where = f"/programme/rounds/{found.id}/weigh"
    shown = client.post(where, data=typed())
    assert shown.status_code == 200
    # The one that is kept has all of the weight already: 100% and 33.5% are too much.
    for words in ("Market", "33.5%", "16.75%", "3.35%", "133.5%", "Not 100%", "As typed."):
        assert words in shown.text
    assert "Kept as typed" in shown.text
    assert f'action="/programme/rounds/{found.id}/criteria/add"' in shown.text
    assert [each.title for each in rounds.whole(found).criteria] == [each.title for each in found.criteria]


def test_a_criterion_that_is_being_changed_is_counted_in_its_own_place(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_(RoundStatus.DRAFT)
    only = found.criteria[0]
    client.sign_in(cast.programme_manager)
    before = client.get(f"/criteria/{only.id}/change").text
    assert "As saved. Together: <strong>100%" in before
    shown = client.post(f"/criteria/{only.id}/weigh", data=typed(weight="100", title="", parts="One")).text
    assert "As typed. Together: <strong>100%" in shown
    assert "20.00%" in shown  # one point of five
    assert "There is a problem" not in shown
    kept = queries.criterion(only.id)
    assert kept is not None
    assert kept.title == only.title


def test_what_cannot_be_counted_is_said_at_its_field(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_(RoundStatus.DRAFT)
    client.sign_in(cast.programme_manager)
    for weight in ("", "-1", "0", "101", "NaN", "1e2", "２０"):
        refused = client.post(f"/programme/rounds/{found.id}/weigh", data=typed(weight=weight))
        assert refused.status_code == 422
        assert 'href="#weight"' in refused.text
        assert "As saved." in refused.text


def test_criteria_that_hold_are_not_weighed_again(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_()
    client.sign_in(cast.programme_manager)
    assert client.post(f"/programme/rounds/{found.id}/weigh", data=typed()).status_code == 409
    client.sign_in(cast.adviser)
    assert client.post(f"/programme/rounds/{found.id}/weigh", data=typed()).status_code in {403, 404}
