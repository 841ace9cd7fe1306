"""What a business reads of a text that names others too: only those that agreed to be named in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.ip.testbed.queries import reading
from crm.ip.testbed.rules.masking import HELD_BACK, Hidden, masked
from crm.ip.testbed.service import naming
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")

LARK = Hidden(("Copper Lark Games Ltd", "Bell & Hand"), ("Rosa Okafor",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We asked Copper Lark Games Ltd.", "We asked another business."),
        ("COPPER  LARK games limited signed.", "Another business signed."),
        ("Copper Lark's brief was short.", "Another business's brief was short."),
        ("At copperlark and Bell and Hand", "At another business and another business"),
        ("Bell&Hand, then Bell + Hand", "Another business, then another business"),
        ("It helped. Rosa Okafor’s team", "It helped. Someone at another business’s team"),
        ("Co\u200bpper Lark said yes", "Another business said yes"),
        ("Ça va? Cöpper Lárk Games", "Ça va? Another business"),
        ("A lark on a copper roof, a bell in each hand.", "A lark on a copper roof, a bell in each hand."),
    ],
)
def test_the_names_of_others_are_taken_out_however_they_are_written(text: str, told: str) -> None:
    assert masked(text, LARK) == told


@given(
    st.lists(
        st.sampled_from(
            [
                "copper",
                "Lark",
                "games",
                "Bell",
                "&",
                "+",
                "hand",
                "ltd",
                "Rosa",
                "Okafor’s",
                "-",
                "’",
                "\n",
                ".",
            ]
        )
    ),
    st.sampled_from(["", " ", "\u200b", "  "]),
)
def test_no_text_shows_a_name_that_is_to_be_hidden(words: list[str], between: str) -> None:
    told = masked(between.join(words), LARK)
    assert told == HELD_BACK or not LARK.are_in(told)


@sqlite
def test_each_business_that_is_asked_reads_its_own_name_and_those_that_agreed_k24(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own, other = bed.owner(), bed.owner(factories.business(name="Copper Lark Games Ltd").id)
    factories.person(own, email="ann@made.example")
    factories.person(other, name="Rosa Okafor", email="rosa@made.example")
    found = bed.running()
    part, theirs = bed.taking(own, found), bed.taking(other, found)
    lesson = bed.text(found, f"{own.name} met Copper Lark’s Rosa Okafor.", title="What Copper Lark taught us")
    assert "In place of any other name it reads" in bed.page(
        client.sign_in(manager), f"/test-bed/texts/{lesson.id}/ask"
    )
    client.post(f"/test-bed/texts/{lesson.id}/ask")

    texts = {each.to_address: each.context for each in bed.letters("test_bed_naming")}
    assert (
        texts["ann@made.example"]["text"] == f"{own.name} met another business’s someone at another business."
    )
    assert texts["ann@made.example"]["lesson"] == "What another business taught us"
    assert texts["ann@made.example"]["names_another"] is True
    assert texts["rosa@made.example"]["text"] == "Another business met Copper Lark’s Rosa Okafor."
    asked = reading.namings_in(part.id)[0]
    where = f"/test-bed/namings/{asked.id}"
    client.sign_in(cast.founder)
    for page in (where, "/desk", f"/test-bed/parts/{part.id}"):
        told = bed.page(client, page)
        assert "another business taught us" in told, page
        assert "Copper Lark" not in told, page
        assert "Rosa" not in told, page

    before = bed.seen(bed.page(client, where))
    answer = reading.naming(reading.namings_in(theirs.id)[0].id)
    assert answer is not None
    naming.agree_naming(answer, by=SYSTEM)
    told = bed.page(client, where)
    assert f"{own.name} met Copper Lark’s Rosa Okafor." in told
    assert "another business" not in told
    assert client.post(f"{where}/agree", data={"seen": before}).status_code == 409
    assert client.post(f"{where}/agree", data={"seen": bed.seen(told)}).status_code == 303
