"""A question is asked once: a form that is sent again after going back asks for nothing twice, and for nothing else."""

from __future__ import annotations

import pytest

from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.workflow import ItemStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from tests import network
from tests.angels.diligence.test_asking_and_answering import answered, met, place
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
OWN = "Who else bid for the work?"


def test_the_same_open_question_in_own_words_is_refused_with_the_way_to_the_first(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    where = f"{place(found)}/ask"
    client.sign_in(found.account)
    assert client.post(where, data={"codes": ["cap_table"], "own": OWN}).status_code == 303
    (first,) = (each for each in rows(DiligenceItem) if not each.kind)
    again = client.post(where, data={"codes": ["debts"], "own": "who else bid  for the work"})
    assert again.status_code == 422
    assert f"You asked this on {day_in_words(today())}, and it waits for an answer" in again.text
    assert f'href="/due-diligence/{first.id}"' in again.text
    assert len(rows(DiligenceItem)) == 2, "nothing else was asked either"
    assert len(letters("diligence_asked")) == 1
    other = met(network.admitted(), found.pitch_id)
    client.sign_in(other.account)
    assert client.post(f"{place(other)}/ask", data={"own": OWN}).status_code == 303, "somebody else may"
    answered(first, cast)
    client.sign_in(found.account)
    assert client.post(where, data={"own": OWN}).status_code == 303, "answered: it may be asked anew"
    assert [each.status for each in rows(DiligenceItem)].count(ItemStatus.ANSWERED) == 1


def test_no_browser_puts_ticks_back_beside_other_items(cast: Cast, client: ConformingClient) -> None:
    found = met()
    page = client.sign_in(found.account).get(f"{place(found)}/ask").text
    assert f'action="{place(found)}/ask" autocomplete="off"' in page
    page = client.sign_in(cast.network_manager).get("/angels/members").text
    assert 'autocomplete="off" novalidate' in page, "members who were asked go from the list"
