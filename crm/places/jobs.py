"""The command that says where a postcode lies; it needs no database."""

from __future__ import annotations

import json

import click

from crm.places import queries


@click.group("places")
def places() -> None:
    """Where postcodes lie."""


@places.command("locate", context_settings={"ignore_unknown_options": True})
@click.argument("postcode", nargs=-1, type=click.UNPROCESSED)
def locate(postcode: tuple[str, ...]) -> None:
    """Print as JSON where POSTCODE lies. Whatever is typed, JSON is printed and the exit code is 0."""
    click.echo(json.dumps(queries.locate(" ".join(postcode)).as_json(), ensure_ascii=False))
