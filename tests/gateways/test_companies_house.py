"""The register of companies, asked over loopback: every way in which it can fail to answer is said in words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crm.gateways import companies_house
from crm.gateways.companies_house import (
    CompaniesHouse,
    RecordedRegister,
    RegisterUnavailable,
    register_from_key,
)

PROFILE: dict[str, Any] = {
    "company_name": "EXAMPLE CREATIVE STUDIO LIMITED",
    "company_number": "01234567",
    "company_status": "active",
    "company_status_detail": "active-proposal-to-strike-off",
    "type": "ltd",
    "subtype": "community-interest-company",
    "sic_codes": ["59112", "62011"],
    "registered_office_address": {
        "address_line_1": "1 Example Street",
        "locality": "Birmingham",
        "postal_code": "B5 4XX",
    },
    "previous_company_names": [{"name": "OLD NAME LTD", "effective_from": "2010-01-01"}],
    "a_field_that_is_new": {"to": "us"},
}


class _Answers(BaseHTTPRequestHandler):
    """Answers by the number that is asked for."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Authorization", ""))
        number = self.path.rsplit("/", 1)[-1]
        status, body = {
            "01234567": (200, json.dumps(PROFILE)),
            "00000001": (200, json.dumps({"company_number": "00000001", "company_name": "BARE"})),
            "00000404": (404, '{"errors": [{"error": "company-profile-not-found"}]}'),
            "00000401": (401, '{"error": "Invalid Authorization"}'),
            "00000429": (429, ""),
            "00000500": (500, "<html>sorry</html>"),
            "00000002": (200, "<html>not JSON</html>"),
            "00000003": (200, "{}"),
            "00000004": (200, "[]"),
        }.get(number, (404, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def register() -> Iterator[CompaniesHouse]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    _Answers.asked.clear()
    yield CompaniesHouse("a-key", base_url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.loopback
def test_a_profile_is_read_and_what_is_new_in_it_passed_over(register: CompaniesHouse) -> None:
    found = register.profile("01234567")
    assert found is not None
    assert (found.name, found.legal_form, found.postcode) == (
        "EXAMPLE CREATIVE STUDIO LIMITED",
        "cic",
        "B5 4XX",
    )
    assert (found.status, found.previous_names) == ("active-proposal-to-strike-off", ("OLD NAME LTD",))
    assert found.address == "1 Example Street, Birmingham"
    assert _Answers.asked == ["Basic YS1rZXk6"]


@pytest.mark.loopback
def test_what_a_profile_leaves_out_is_unknown(register: CompaniesHouse) -> None:
    found = register.profile("00000001")
    assert found is not None
    assert (found.status, found.legal_form, found.sic_codes, found.address, found.postcode) == (
        "",
        None,
        (),
        "",
        None,
    )


@pytest.mark.loopback
def test_a_company_that_there_is_not_is_none(register: CompaniesHouse) -> None:
    assert register.profile("00000404") is None


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("00000401", "does not accept our key"),
        ("00000429", "asked too often"),
        ("00000500", "not answering just now"),
        ("00000002", "did not answer in a way that can be read"),
        ("00000003", "did not answer in a way that can be read"),
        ("00000004", "did not answer in a way that can be read"),
    ],
)
def test_every_failure_is_said_in_words(register: CompaniesHouse, number: str, said: str) -> None:
    with pytest.raises(RegisterUnavailable, match=said) as failed:
        register.profile(number)
    assert "a-key" not in str(failed.value)


@pytest.mark.loopback
def test_a_register_that_cannot_be_reached_is_said_so() -> None:
    with pytest.raises(RegisterUnavailable, match="did not answer"):
        CompaniesHouse("a-key", base_url="http://127.0.0.1:9").profile("01234567")


def test_it_waits_a_few_seconds_at_most() -> None:
    assert companies_house.TIMEOUT <= 5


def test_without_a_key_a_stand_in_answers() -> None:
    assert isinstance(register_from_key(""), RecordedRegister)
    assert isinstance(register_from_key("a-key"), CompaniesHouse)
    assert RecordedRegister().profile("01234567") is None
    otter = RecordedRegister().profile("90999001")
    assert otter is not None
    assert (otter.status, otter.previous_names) == ("active", ("LANTERN PICTURES LTD",))


@pytest.mark.parametrize(
    ("number", "status"),
    [("90999002", "active"), ("90000135", "active"), ("90000063", "dissolved"), ("90000159", None)],
)
def test_of_the_invented_companies_the_stand_in_knows_most_some_are_dissolved_and_some_unknown(
    number: str, status: str | None
) -> None:
    found = RecordedRegister().profile(number)
    assert (found.status if found else None) == status


def test_the_stand_in_knows_no_number_that_a_company_could_have() -> None:
    assert not [
        each for each in ("00000001", "SC900001", "80000135", "900001351") if RecordedRegister().profile(each)
    ]
