"""What can be asked of the open directory, as OpenAPI describes it: paths, parameters, and the shape of each answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.directory.rules.feed import FORMATS, MOST_PER_PAGE, PER_PAGE

Described = dict[str, Any]

TEXT, FLAG, ID = {"type": "string"}, {"type": "boolean"}, {"type": "string", "format": "uuid"}
COUNT = {"type": "integer", "minimum": 0}
PARAMETERS: Mapping[str, tuple[Described, str]] = {
    "search": (TEXT, "Words that must all be there, in any form."),
    "page": ({"type": "integer", "minimum": 1, "default": 1}, "Which page, from 1."),
    "per_page": (
        {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        "How many on a page.",
    ),
    "taxonomy_term_id": (ID, "Only services described by this term."),
    "taxonomy_id": (ID, "Only what uses this list of terms."),
    "organization_id": (ID, "Only services of this organisation."),
    "modified_after": (
        TEXT,
        "Only services changed at this moment or later: 2026-11-24, or 2026-11-24T09:30:00Z.",
    ),
    "minimal": (FLAG, "Only ids and the moment of the last change, on one page."),
    "full": (FLAG, "Everything that is published of each service."),
    "format": ({"type": "string", "enum": list(FORMATS)}, "ndjson gives every service, one on each line."),
    "parent_id": (ID, "Only terms below this one."),
}
PAGED = ("page", "per_page")
SERVICES = (
    "search",
    *PAGED,
    "taxonomy_term_id",
    "taxonomy_id",
    "organization_id",
    "modified_after",
    "minimal",
    "full",
    "format",
)
LISTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "services": ("Service", "Services by name.", SERVICES),
    "organizations": ("Organization", "Organisations that provide a service.", ("search", *PAGED)),
    "taxonomies": ("Taxonomy", "The lists of terms that describe services.", PAGED),
    "taxonomy_terms": (
        "TaxonomyTerm",
        "The terms of one list, or of all.",
        (*PAGED, "taxonomy_id", "parent_id"),
    ),
    "service_at_locations": (
        "ServiceAtLocation",
        "Places of services: we list areas, so there are none.",
        PAGED,
    ),
}
SCHEMAS: Mapping[str, tuple[Mapping[str, Described], tuple[str, ...]]] = {
    "Service": (
        {
            "id": ID,
            "organization_id": ID,
            "name": TEXT,
            "status": {"type": "string", "enum": ["active", "inactive", "defunct", "temporarily closed"]},
            "description": TEXT,
            "url": {"type": "string", "format": "uri"},
            "last_modified": {"type": "string", "format": "date-time"},
            "wm_amount_offered": {
                "type": "object",
                "description": "Ours alone: the money that a business can be given, in pounds and pence as text.",
            },
        },
        ("id", "name", "status"),
    ),
    "Organization": ({"id": ID, "name": TEXT, "description": TEXT}, ("id", "name", "description")),
    "Taxonomy": ({"id": ID, "name": TEXT, "description": TEXT}, ("id", "name", "description")),
    "TaxonomyTerm": (
        {"id": ID, "name": TEXT, "description": TEXT, "taxonomy_id": ID},
        ("id", "name", "description"),
    ),
    "ServiceAtLocation": ({"id": ID}, ("id",)),
}
PAGE: Described = {
    **dict.fromkeys(("total_items", "total_pages", "page_number", "size"), COUNT),
    **dict.fromkeys(("first_page", "last_page", "empty"), FLAG),
}


def described(address: str) -> Described:
    """The whole description, for the feed at this address."""
    paths: Described = {"/": {"get": _answer("Which version of the standard this is.", {"type": "object"})}}
    for name, (shape, words, parameters) in LISTS.items():
        paths[f"/{name}"] = {"get": _answer(words, _page_of(shape), parameters=parameters)}
        if name == "service_at_locations":
            continue
        paths[f"/{name}/{{id}}"] = {
            "parameters": [{"in": "path", "name": "id", "required": True, "schema": ID}],
            "get": _answer(f"One of them: {words[0].lower()}{words[1:]}", _shape(shape)),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Support for creative businesses in the West Midlands", "version": "3.0"},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": {name: _schema(*parts) for name, parts in SCHEMAS.items()}},
    }


def _schema(properties: Mapping[str, Described], required: tuple[str, ...]) -> Described:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def _shape(name: str) -> Described:
    return {"$ref": f"#/components/schemas/{name}"}


def _page_of(name: str) -> Described:
    contents = {"contents": {"type": "array", "items": _shape(name)}}
    return {"type": "object", "properties": PAGE | contents, "required": [*PAGE, "contents"]}


def _answer(words: str, shape: Described, *, parameters: tuple[str, ...] = ()) -> Described:
    asked = [
        {"in": "query", "name": name, "schema": PARAMETERS[name][0], "description": PARAMETERS[name][1]}
        for name in parameters
    ]
    found = {"description": words, "content": {"application/json": {"schema": shape}}}
    return {"summary": words, "parameters": asked, "responses": {"200": found}}
