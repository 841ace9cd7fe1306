"""The register of companies: asked for one company by its number, or a stand-in with recorded shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests

TIMEOUT = 5.0
BASE_URL = "https://api.company-information.service.gov.uk"
ADDRESS_PARTS = (
    "care_of",
    "po_box",
    "premises",
    "address_line_1",
    "address_line_2",
    "locality",
    "region",
    "country",
)
FORMS = {
    "ltd": "company",
    "private-limited-guarant-nsc": "company",
    "private-unlimited": "company",
    "plc": "plc",
    "llp": "llp",
    "limited-partnership": "partnership",
    "scottish-partnership": "partnership",
    "charitable-incorporated-organisation": "cio",
    "registered-society-non-jurisdictional": "society",
    "industrial-and-provident-society": "society",
}


class RegisterUnavailable(Exception):
    """The register could not be asked, or said not now; the message is for people."""


@dataclass(frozen=True)
class Profile:
    """What the register says of a company. What it leaves out is empty, and unknown."""

    number: str
    name: str
    status: str
    legal_form: str | None
    sic_codes: tuple[str, ...]
    address: str
    postcode: str | None
    previous_names: tuple[str, ...]


class Register(Protocol):
    """Finds a company by its number; None where there is none. Raises `RegisterUnavailable`."""

    def profile(self, number: str) -> Profile | None:
        """What the register says of this number."""


class CompaniesHouse:
    """The register itself, with a key of ours. It allows 600 questions in five minutes: the caller counts them."""

    def __init__(self, key: str, *, base_url: str = BASE_URL) -> None:
        self._key, self._base_url = key, base_url

    def profile(self, number: str) -> Profile | None:
        """Ask for one company, once; fields that are new to us are passed over."""
        address = f"{self._base_url}/company/{number}"
        try:
            answer = requests.get(address, auth=(self._key, ""), timeout=TIMEOUT)
            if answer.status_code == 404:
                return None
            answer.raise_for_status()
            return read_profile(answer.json())
        except requests.HTTPError as error:
            raise RegisterUnavailable(_why(error)) from error
        except (requests.RequestException, ValueError, TypeError, AttributeError) as error:
            raise RegisterUnavailable("Companies House did not answer in a way that can be read.") from error


def _why(error: requests.HTTPError) -> str:
    status = error.response.status_code
    if status == 429:
        return "Companies House has been asked too often. Try again in five minutes."
    if status in (401, 403):
        return "Companies House does not accept our key. Tell an administrator."
    return "Companies House is not answering just now. Try again later."


def read_profile(told: Mapping[str, Any]) -> Profile:
    """A profile as the register words it. Raises ValueError where it lacks its number or name."""
    number, name = told.get("company_number"), told.get("company_name")
    if not isinstance(number, str) or not isinstance(name, str):
        raise ValueError("a profile without number or name")
    place = told.get("registered_office_address") or {}
    former = told.get("previous_company_names") or []
    is_cic = told.get("subtype") == "community-interest-company"
    return Profile(
        number=number,
        name=name,
        status=str(told.get("company_status_detail") or told.get("company_status") or ""),
        legal_form="cic" if is_cic else FORMS.get(str(told.get("type"))),
        sic_codes=tuple(str(code) for code in told.get("sic_codes") or ()),
        address=", ".join(str(place[part]) for part in ADDRESS_PARTS if place.get(part)),
        postcode=place.get("postal_code"),
        previous_names=tuple(str(each["name"]) for each in former if each.get("name")),
    )


INVENTED = {"90999001": "LANTERN OTTER ANIMATION LTD", "90999002": "COPPER LARK GAMES LTD"}
FORMER = {"90999001": ("LANTERN PICTURES LTD",)}
TRADES = {"90999001": ("59112", "59111"), "90999002": ("58210",)}
NUMBERED = re.compile(r"9000[0-9]{4}", re.ASCII)
"""The other companies of the demonstration: no company has such a number, nor will for a long time."""
DISSOLVED, UNKNOWN = "3", "9"
"""On which figure the numbers end of those that the stand-in calls dissolved, and of those that it does not know."""


class RecordedRegister:
    """A stand-in where there is no key: it knows invented companies alone, and every other number is unknown.

    Some of these are dissolved and some unknown, so that a refusal and the way by hand can be seen in the demonstration.
    """

    def profile(self, number: str) -> Profile | None:
        """What was recorded of this number."""
        is_numbered = bool(NUMBERED.fullmatch(number)) and not number.endswith(UNKNOWN)
        return read_profile(_recorded(number)) if is_numbered or number in INVENTED else None


def _recorded(number: str) -> dict[str, Any]:
    """An invented company as the register would word it."""
    is_dissolved = number not in INVENTED and number.endswith(DISSOLVED)
    return {
        "company_number": number,
        "company_name": INVENTED.get(number, f"INVENTED COMPANY {number}"),
        "company_status": "dissolved" if is_dissolved else "active",
        "type": "ltd",
        "sic_codes": TRADES.get(number, ()),
        "registered_office_address": {
            "address_line_1": "1 Invented Street",
            "locality": "Birmingham",
            "postal_code": "B1 1AA",
        },
        "previous_company_names": [{"name": each} for each in FORMER.get(number, ())],
    }


def register_from_key(key: str, *, base_url: str = BASE_URL) -> Register:
    """The register where there is a key, else the stand-in."""
    return CompaniesHouse(key, base_url=base_url) if key else RecordedRegister()
