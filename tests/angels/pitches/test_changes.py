"""A pitch does not change under its reader: they are told, read what is different, and go on following it."""

from __future__ import annotations

from crm.angels.pitches.models import PitchVersion
from crm.angels.pitches.service import pitching, screening
from crm.angels.pitches.workflow import PitchStatus
from crm.kernel.money import Money
from crm.notices.models import Letter
from tests import network
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

P = Money.pounds


def changed(cast: Cast, found: network.Pitch, amount: int) -> None:
    """Taken back, changed, screened and shown again."""
    by = cast.founder.actor
    pitching.revise(found, by=by)
    found.amount, found.terms = P(amount), "Made other terms"
    network.session().flush()
    pitching.submit(network.whole(found), by=by)
    network.review(network.whole(found))
    screening.publish(network.whole(found), by=cast.network_manager.actor)


def shown(amount: int) -> network.Pitch:
    """A pitch whose first version is kept with what it said."""
    found = network.pitch(network.legal(own_business()), amount=P(amount))
    (kept,) = [each for each in rows(PitchVersion) if each.pitch_id == found.id]
    kept.content = kept.content | {"amount": str(found.amount), "terms": found.terms}
    network.session().flush()
    return network.whole(found)


def test_followers_and_those_who_asked_are_told_once_that_a_pitch_changed_and_read_what(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown(60_000)
    other = network.admitted()
    network.introduction(found, other)
    network.introduction(found, cast.angel.account)
    client.sign_in(cast.angel)
    client.get(f"/pitches/{found.id}")
    assert client.post(f"/pitches/{found.id}/mark", data={"is_followed": "y"}).status_code == 303
    pitching.revise(found, by=cast.founder.actor)
    assert "1 pitch that you follow is not shown at the moment" in " ".join(
        client.get("/pitches/following").text.split()
    )
    found._status = PitchStatus.PUBLISHED
    changed(cast, found, 80_000)
    told = letters("pitch_changed")
    assert sorted(each.to_address for each in told) == sorted([cast.angel.email, other.email])
    assert all(found.headline not in str(each.context) for each in told)
    page = " ".join(client.get(f"/pitches/{found.id}").text.split())
    assert "since you last read it" in page
    assert "£60,000 → £80,000" in page
    assert found.headline in client.get("/pitches/following").text


def test_what_was_never_read_before_has_no_changes_and_a_first_showing_tells_nobody(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown(60_000)
    client.sign_in(cast.angel)
    assert "since you last read it" not in client.get(f"/pitches/{found.id}").text
    assert [each for each in rows(Letter) if each.kind == "pitch_changed"] == []
