"""Measure counting the region: all districts, needs and sizes, with the directory as shipped and with 10,000 services."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace

from bench.programme import furnished
from crm.coverage.queries.counting import count_region
from crm.coverage.queries.parts import parts
from crm.coverage.rules.counting import counted
from crm.coverage.service.counting import store
from crm.directory.queries import all_services
from crm.directory.rules.reading import read_services
from crm.kernel.clock import today
from tests.engines import start_cluster
from tests.faults.together import browser
from tests.houses import database
from tests.rules.house import ROOT

SHIPPED = ROOT / "crm" / "directory" / "reference" / "support_services.csv"
MANY = 10_000


def main() -> None:
    """Print what a count costs, what storing it costs on PostgreSQL, and how large the map's page is."""
    rows = read_services(SHIPPED.read_bytes(), today=today())
    many = [replace(rows[at % len(rows)], service_id=f"made-{at}", status="open") for at in range(MANY)]
    for label, offers in (("the directory as shipped", rows), (f"{MANY:,} services, all open", many)):
        began = time.process_time()
        cells = counted(offers, parts(), on=today())
        print(f"{label}: {len(cells):,} cells of four sizes in {time.process_time() - began:.2f} s of CPU")
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = furnished(cluster.address, folder)
            began, cpu = time.monotonic(), time.process_time()
            with database(app).transaction():
                print(f"services in the directory: {len(all_services())}")
                store(count_region())
            print(
                f"counted and stored: {time.monotonic() - began:.2f} s, {time.process_time() - cpu:.2f} s of CPU here"
            )
            page = browser(app, None).get("/coverage?need=grant")
            print(f"the map's page: {page.status_code}, {len(page.data):,} bytes")
            database(app).engine.dispose()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
