"""What a letter looks like when it leaves: the headers that a mail server reads."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.notices.rules import BYTES_IN_A_WORD, Wording, envelope, without_links


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


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "CANCEL"])
def test_the_header_of_a_calendar_file_asks_what_the_file_asks(method: str) -> None:
    letter = envelope(
        Wording("Hello", "Hello\n"),
        message_id="<1@letters.crm>",
        sender=("The service", "no-reply@people.example"),
        to=("Zoë", "zoe@people.example"),
        reply_to=None,
        calendar=f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n",
    )

    (attached,) = letter.iter_attachments()

    assert attached["Content-Type"].params["method"] == method


WORDS = ["Søren’s", "“licence”", "test", "café", "–", "Ångström", "é" * 25, "x" * 30, "A,b"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=18))
def test_no_space_of_a_subject_or_a_name_is_lost_between_two_encoded_words(words: list[str]) -> None:
    subject, name = " ".join(words)[:200].strip(), " ".join(words[:3])
    letter = envelope(
        Wording(subject, "Hello\n"),
        message_id="<1@letters.crm>",
        sender=(f"{name} hub", "hub@made.example"),
        to=(name, "a@made.example"),
        reply_to=None,
    )
    for raw in (bytes(letter), letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))):
        assert all(len(line) < 79 for line in raw.splitlines() if line.startswith(b"Subject"))
        arrived = message_from_bytes(raw, policy=policy.default)
        assert arrived["Subject"] == subject
        if len(name.encode()) <= BYTES_IN_A_WORD:
            assert arrived["To"].addresses[0].display_name == name
        assert arrived["From"].addresses[0].addr_spec == "hub@made.example"
        folded = str(make_header(decode_header(message_from_bytes(raw)["Subject"])))
        assert (
            folded.replace("\r", "").replace("\n", "") == subject
        )  # a fold stands before its blank (RFC 5322)
