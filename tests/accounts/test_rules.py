"""How passwords are judged and kept, how an address is read, and what a device is called."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from hypothesis import given
from hypothesis import strategies as st

from crm.accounts import rules
from crm.accounts.rules import (
    DEMO_PASSWORD,
    LONGEST_PASSWORD,
    device_of,
    hasher,
    is_password,
    require_strong,
)
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput

GOOD = "lantern gravel otter seventeen"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "password1234",
        "Password1234!",
        "qwertyuiop123",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "letmeinletmein",
        "correcthorsebatterystaple"[:12],
        "x" * (LONGEST_PASSWORD + 1),
        "iloveyou2026",
        "abcdefghijklm",
    ],
)
def test_a_weak_password_is_refused_in_words(password: str) -> None:
    with pytest.raises(BadInput) as refused:
        require_strong(password)
    assert str(refused.value).startswith(("Your password must", "This password is too easy"))


def test_ones_own_name_and_address_are_no_password() -> None:
    personal = ("josephine.brackenbury@people.example", "Josephine Brackenbury")
    for password in ("josephinebrackenbury", "JosephineBrackenbury1", "josephine.brackenbury@people.example"):
        with pytest.raises(BadInput):
            require_strong(password, personal=personal)


@pytest.mark.parametrize(
    "password", [GOOD, "Zg7#kQ9!mV2x", "ünïcödé wörds öf ä kind", "a" * 4 + GOOD * 4, DEMO_PASSWORD]
)
def test_words_that_do_not_belong_together_are_fine(password: str) -> None:
    require_strong(password, personal=("ann@people.example", "Ann"))


def test_the_longest_password_is_allowed_and_one_more_letter_is_not() -> None:
    longest = (GOOD + " ") * 5
    require_strong(longest[:LONGEST_PASSWORD])
    with pytest.raises(BadInput):
        require_strong(longest[: LONGEST_PASSWORD + 1])


def test_passwords_are_kept_as_argon2id_with_a_salt_of_their_own() -> None:
    one, two = hasher("cheap").hash(GOOD), hasher("cheap").hash(GOOD)
    assert one != two
    assert extract_parameters(one).type is Type.ID
    assert is_password(GOOD, one, cost="cheap")
    assert not is_password(GOOD + " ", one, cost="cheap")


def test_outside_the_tests_a_password_costs_what_the_standard_says() -> None:
    parameters = hasher("full")
    assert (parameters.memory_cost, parameters.time_cost, parameters.type) == (65536, 3, Type.ID)


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$broken"])
def test_where_there_is_no_password_none_is_right(kept: str | None) -> None:
    for password in ("", GOOD, "nonsense"):
        assert not is_password(password, kept, cost="cheap")


def test_an_account_that_does_not_exist_costs_as_much_as_a_wrong_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules.hash_of_nobody("cheap")
    verified: list[str] = []
    real = rules.hasher("cheap")

    class Watched:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return real.verify(kept, password)

    monkeypatch.setattr(rules, "hasher", lambda _cost: Watched())
    assert not is_password("wrong", None, cost="cheap")
    assert not is_password("wrong", real.hash(GOOD), cost="cheap")
    assert [extract_parameters(kept) for kept in verified] == [extract_parameters(real.hash(GOOD))] * 2


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("a+b@sub.example.co.uk", "a+b@sub.example.co.uk"),
        ("o'neill@example.com", "o'neill@example.com"),
    ],
)
def test_an_address_is_read_into_lower_case(typed: str, read: str) -> None:
    assert read_email(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@@example.com",
        "ann@example..com",
        "ann@-example.com",
        "ann@example.com\nbcc: eve@evil.example",
        "ann@example.com,eve@evil.example",
        "ann@example.com eve@evil.example",
        "<ann@example.com>",
        "ann\x00@example.com",
        "änn@example.com",
        "ann@exämple.com",
        "a" * 65 + "@example.com",
        "ann@" + "a" * 250 + ".com",
        "a" * 10_000,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_email(typed)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_an_address(text: str) -> None:
    try:
        read = read_email(text)
    except BadInput:
        return
    assert read == read.lower() == read.strip()
    assert read_email(read) == read
    assert not {"\n", "\r", " ", ",", "<"} & set(read)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("", "Unknown browser on an unknown device"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "Unknown browser on an unknown device"),
    ],
)
def test_a_device_is_called_what_its_owner_would_call_it(agent: str, device: str) -> None:
    assert device_of(agent) == device
