"""Bulk invented businesses, for measuring how the product does with many."""

from __future__ import annotations

import time
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, text

from crm.accounts.queries import hubs_serving
from crm.businesses.rules.inventing import invent
from crm.businesses.service.bulk import write_invented
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.places.queries import authorities, known_sectors

SEED = 6


@click.command("seed")
@click.option(
    "--businesses", "count", type=click.IntRange(1, 1_000_000), required=True, help="How many to invent."
)
@click.option("--seed", default=SEED, show_default=True, help="The same number invents the same businesses.")
@with_appcontext
def seed_command(count: int, seed: int) -> None:
    """Invent so many businesses with all that belongs to them. Refused where people are real."""
    if current_app.extensions["settings"].environment == "production":
        raise click.ClickException("invented businesses have no place where people are real")
    began = time.perf_counter()
    with current_app.extensions["database"].transaction():
        written = sow(count, seed=seed)
    _tidy(current_app.extensions["database"].engine)
    click.echo(f"Invented {written:,} businesses in {time.perf_counter() - began:.1f} seconds.")


def _tidy(engine: Engine) -> None:
    """What a database in use does by itself: so many rows at once are read from the index alone only after it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


def sow(count: int, *, seed: int) -> int:
    """Write so many invented businesses in the transaction that is open."""
    on = today()
    hubs: dict[str, UUID] = {}
    for authority in authorities():
        serving = hubs_serving(authority.code, on=on)
        if serving:
            hubs[authority.name] = serving[0].id
    made = invent(count, known_sectors(), seed=seed, on=on)
    written = write_invented(made, hubs, at=now())
    session().expire_all()
    return written
