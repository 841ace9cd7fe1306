"""The facts of a business read from a JSON object: what is null or left out is unknown, what is strange refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from crm.directory.rules.labels import NEEDS
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES, Facts, Place
from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money
from crm.places.queries import locate
from crm.places.rules import Location

MOST_BYTES = 100_000
MOST_EMPLOYEES = 10_000_000
MOST_MONTHS = 12_000

_FORM_ALIASES = {
    "ltd": "company",
    "limited": "company",
    "limited_company": "company",
    "private_limited_company": "company",
    "community_interest_company": "cic",
    "public_limited_company": "plc",
    "limited_liability_partnership": "llp",
    "self_employed": "sole_trader",
    "charitable_incorporated_organisation": "cio",
}
_STAGE_ALIASES = {"startup": "start-up", "scaleup": "scale-up"}


class FactsRefused(ValueError):
    """Facts that cannot be read, with one sentence for each thing that is wrong."""

    def __init__(self, messages: Collection[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(self.messages))


def read_facts(source: bytes | str) -> Facts:
    """Read the facts of one business from JSON text. Raises FactsRefused with everything that is wrong."""
    told = _object(source)
    wrong = [
        f"“{key[:60]}” is not a fact; the facts are {', '.join(_READERS)}"
        for key in told
        if key not in _READERS
    ]
    values: dict[str, Any] = {}
    for key, read in _READERS.items():
        value = told.get(key)
        if value is None or value == "":
            continue
        try:
            values |= read(value)
        except BadInput as why:
            wrong.append(f"{key}: {why}")
    if wrong:
        raise FactsRefused(wrong)
    return Facts(**values)


def where(typed: str) -> tuple[tuple[Place, ...] | None, str]:
    """The places that a typed postcode can mean, or None and why, as Facts take them."""
    return whereabouts(locate(typed), typed=typed)


def whereabouts(location: Location, *, typed: str) -> tuple[tuple[Place, ...] | None, str]:
    """What a located postcode tells of the place, and if nothing, why not."""
    if location.places is not None:
        return location.places, ""
    if not location.valid:
        said = "".join(sign for sign in typed.strip()[:20] if sign.isprintable())
        return None, f"the postcode “{said}” was not recognised"
    return None, f"the postcode {location.postcode} does not say where you trade"


def _object(source: bytes | str) -> Mapping[str, Any]:
    if len(source) > MOST_BYTES:
        raise FactsRefused([f"the facts are too long: the most is {MOST_BYTES:,} characters"])
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        told = json.loads(
            text,
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_once_each,
        )
    except UnicodeDecodeError:
        raise FactsRefused(["the facts are not UTF-8 text"]) from None
    except BadInput as why:
        raise FactsRefused([str(why)]) from None
    except (ValueError, ArithmeticError, RecursionError):
        raise FactsRefused(["the facts are not JSON"]) from None
    if not isinstance(told, dict):
        raise FactsRefused(['the facts must be one JSON object, like {"postcode": "B1 1AA"}'])
    return told


def _no_number(word: str) -> None:
    raise BadInput(f"{word} is not a number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise BadInput("the facts name something twice")
    return told


def _place(value: object) -> dict[str, Any]:
    places, note = where(_text(value))
    return {"places": places, "place_note": note}


def _company_number(value: object) -> dict[str, Any]:
    return {"company_number": CompanyNumber.parse(_text(value))}


def _legal_form(value: object) -> dict[str, Any]:
    word = _text(value).strip().casefold().replace(" ", "_").replace("-", "_")
    return {"legal_form": _known(_FORM_ALIASES.get(word, word), LEGAL_FORMS)}


def _stage(value: object) -> dict[str, Any]:
    word = _text(value).strip().casefold().replace(" ", "-").replace("_", "-")
    return {"stage": _known(_STAGE_ALIASES.get(word, word), STAGES)}


def _groups(value: object) -> dict[str, Any]:
    if not isinstance(value, list):
        raise BadInput('give a list, like ["crafts"]')
    return {"dcms_groups": frozenset(_known(_text(group), DCMS_GROUPS) for group in value)}


def _turnover(value: object) -> dict[str, Any]:
    """Pounds as a number, or as people type them ("£1.2m")."""
    if isinstance(value, str):
        return {"turnover": Money.parse(value)}
    pounds = _number(value, most=Decimal(MOST_PENCE) / 100)
    pence = pounds * 100
    if pence != pence.to_integral_value():
        raise BadInput("give pounds, or pounds and pence, with no more than two decimal places")
    return {"turnover": Money(int(pence))}


def _count(name: str, *, most: int) -> Callable[[object], dict[str, Any]]:
    def read(value: object) -> dict[str, Any]:
        number = _number(value, most=Decimal(most))
        if number != number.to_integral_value():
            raise BadInput("give a whole number")
        return {name: int(number)}

    return read


def _needs(value: object) -> dict[str, Any]:
    """A list of needs, all alike (severity 1), or an object of needs with their severities, 1 to 3."""
    if isinstance(value, list):
        return {"needs": {_known(_text(need), NEEDS): 1 for need in value}}
    if not isinstance(value, dict):
        raise BadInput("give a list of needs, or an object of needs with their severity, 1 to 3")
    needs = {}
    for need, severity in value.items():
        if not isinstance(severity, Decimal) or severity not in {1, 2, 3}:
            raise BadInput(f"the severity of {_known(need, NEEDS)} must be 1, 2 or 3")
        needs[_known(need, NEEDS)] = int(severity)
    return {"needs": needs}


def _export_share(value: object) -> dict[str, Any]:
    """A share, 0 to 1; a number above 1, up to 100, is taken for a percentage."""
    number = _number(value, most=Decimal(100))
    return {"export_share_pct": number * 100 if number <= 1 else number}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadInput("give text, in quotation marks")
    return value


def _number(value: object, *, most: Decimal) -> Decimal:
    if not isinstance(value, Decimal):
        raise BadInput("give a number, without quotation marks")
    if value < 0:
        raise BadInput("this cannot be less than zero")
    if value > most:
        raise BadInput(f"this is too large: the most is {most:,}")
    if value and value.adjusted() < -12:
        raise BadInput("this has too many decimal places")
    return value


def _known(word: str, words: Collection[str]) -> str:
    if word not in words:
        raise BadInput(f"“{word[:60]}” is not one of: {', '.join(words)}")
    return word


_READERS: Mapping[str, Callable[[object], dict[str, Any]]] = {
    "postcode": _place,
    "company_number": _company_number,
    "legal_form": _legal_form,
    "dcms_groups": _groups,
    "turnover_gbp": _turnover,
    "employees": _count("employees", most=MOST_EMPLOYEES),
    "trading_months": _count("trading_months", most=MOST_MONTHS),
    "stage": _stage,
    "needs": _needs,
    "export_share": _export_share,
}
