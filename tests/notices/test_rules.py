"""What a letter looks like when it leaves: the headers that a mail server reads."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest

from crm.notices.rules import Wording, envelope, without_links


@pytest.mark.parametrize(
    "name", ["Zoë <b>", "Zoë <other@people.example>, Bob", "Ann, Bob", 'Łukasz "Lu" Wójcik']
)
def test_nothing_in_a_name_is_read_as_a_second_address(name: str) -> None:
    letter = envelope(
        Wording("Hello", "Hello\n"),
        message_id="<1@letters.crm>",
        sender=("The service", "no-reply@people.example"),
        to=(name, "zoe@people.example"),
        reply_to=None,
    )

    raw = bytes(letter)

    assert [address for _, address in getaddresses([message_from_bytes(raw)["To"]])] == ["zoe@people.example"]
    (read,) = message_from_bytes(raw, policy=policy.default)["To"].addresses
    assert (read.display_name, read.addr_spec) == (without_links(name), "zoe@people.example")
