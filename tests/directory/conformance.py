"""An independent reader of the standard's schema: it knows JSON Schema and nothing of how our answers are made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

SCHEMA = json.loads((Path(__file__).parent / "standard" / "open_referral_uk_3.json").read_text())["$defs"]
KNOWN = {"type", "properties", "required", "items", "enum", "format", "$ref"}
TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def _uuid(text: str) -> bool:
    return str(UUID(text)) == text


def _uri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc) and " " not in text


def _moment(text: str) -> bool:
    return "T" in text and datetime.fromisoformat(text).tzinfo is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "uuid": _uuid,
    "uri": _uri,
    "email": lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is not None,
    "date-time": _moment,
}


def faults(value: Any, name: str) -> list[str]:
    """Everything in which a value is not what the schema of this name wants."""
    return [*_faults(value, {"$ref": f"#/$defs/{name}"}, "$"), *_said_nothing(value, "$")]


def _said_nothing(value: Any, where: str) -> Iterator[str]:
    """The rule that no schema holds: a field without a value is left out, neither null nor empty."""
    if value is None or value == "":
        yield f"{where}: says nothing and is there"
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _said_nothing(each, f"{where}.{key}")
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from _said_nothing(each, f"{where}[{at}]")


def _faults(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    assert set(schema) <= KNOWN, f"a keyword that this reader does not know: {set(schema) - KNOWN}"
    if "$ref" in schema:
        yield from _faults(value, SCHEMA[schema["$ref"].removeprefix("#/$defs/")], where)
        return
    kinds = TYPES[schema["type"]]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"{where}: {value!r} is not of type {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    if "format" in schema and not _is_formed(value, schema["format"]):
        yield f"{where}: {value!r} is no {schema['format']}"
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{where}: {key} is missing"
    for key, each in schema.get("properties", {}).items():
        if key in value:
            yield from _faults(value[key], each, f"{where}.{key}")
    for at, each in enumerate(value if "items" in schema else ()):
        yield from _faults(each, schema["items"], f"{where}[{at}]")


def _is_formed(value: str, kind: str) -> bool:
    try:
        return FORMATS[kind](value)
    except ValueError:
        return False
