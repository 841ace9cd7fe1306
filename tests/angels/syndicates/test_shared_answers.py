"""Due diligence shared with a syndicate: read by those in it, each reading recorded, and by nobody once they left."""

from __future__ import annotations

import io

import pytest

from crm.angels.diligence.models import DiligenceItem
from crm.angels.pitches.models import Promotion
from crm.angels.syndicates.models import SyndicateMember
from crm.documents.models import Document
from tests import claimed, held, network, syndicates
from tests.angels.deals.made import pledge
from tests.angels.diligence.test_asking_and_answering import SECRET, Met, asked, met
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def answered_item(client: ConformingClient, cast: Cast) -> tuple[Met, DiligenceItem]:
    found = met()
    (item,) = asked(found, "debts")
    sent = {"words": SECRET, "file": (io.BytesIO(claimed.PDF), "debts.pdf"), "sharing": "asker"}
    client.sign_in(cast.founder)
    where = f"/due-diligence/{item.id}/answer"
    assert client.post(where, data=sent, content_type="multipart/form-data").status_code == 303
    return found, item


def test_an_answer_shared_with_the_syndicate_is_read_by_its_lead_and_members_until_they_leave(
    cast: Cast, client: ConformingClient
) -> None:
    found, item = answered_item(client, cast)
    raised = held.whole_item(item).pitch
    leader, member, stranger = (network.admitted() for _ in range(3))
    about, _, terms = syndicates.open_syndicate(raised, leader)
    pledge(raised, member)
    place = syndicates.member(about, terms, member)
    where = f"/syndicates/{about.id}/due-diligence"
    assert SECRET not in client.sign_in(member).get(where).text, "not shared yet"
    client.sign_in(cast.founder)
    sent = {"sharing": "asker", "with_syndicate": "y"}
    assert client.post(f"/due-diligence/{item.id}/sharing", data=sent).status_code == 303
    told = {each.to_address for each in letters("diligence_shared_syndicate")}
    assert told == {leader.email, member.email}
    (kept,) = rows(Document)
    link = f"/due-diligence/answers/{kept.about_id}/files/{kept.id}"
    for reader in (leader, member):
        assert SECRET in client.sign_in(reader).get(where).text
        assert client.get(link).data == claimed.PDF
    noted = [(each.account_id, each.item) for each in rows(Promotion)]
    assert noted.count((member.id, "Due diligence shared with the syndicate")) == 1
    assert (leader.id, "Due diligence: debts.pdf") in noted
    for nobody in (stranger, cast.network_manager, cast.adviser):
        assert client.sign_in(nobody).get(where).status_code in (403, 404)
        assert client.get(link).status_code in (403, 404)
    client.sign_in(member).post(f"/syndicate-members/{place.id}/leave")
    assert rows(SyndicateMember)[0].ended_at is not None
    assert client.get(where).status_code == 404
    assert client.get(link).status_code == 404
    assert found.account.name not in client.sign_in(leader).get(where).text
