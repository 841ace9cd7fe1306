"""The metrics, in the text format of Prometheus. They hold counts, moments and names of work, and nobody's data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from crm.notices.rules import WORKER
from crm.watch.rules import Fact, Seen, Work


def metrics(seen: Seen, *, works: Iterable[Work], facts: Iterable[Fact], at: datetime) -> bytes:
    """Each fact as a machine reads it. What cannot be known, as with a database that is away, is left out."""
    registry = CollectorRegistry()
    _gauge(registry, "crm_database_answers", "Whether the database answers.", seen.answers)
    _gauge(registry, "crm_data_disk_free_bytes", "Free bytes on the disk of the data folder.", seen.disk.free)
    wrong = Gauge(
        "crm_is_wrong",
        "Whether something needs an administrator: 1 where it does.",
        ["what"],
        registry=registry,
    )
    for each in facts:
        wrong.labels(each.name).set(each.is_wrong)
    if seen.answers:
        revision = Gauge(
            "crm_database_revision",
            "1 for the revision of the database.",
            ["revision", "expected"],
            registry=registry,
        )
        revision.labels(seen.revision, seen.expected).set(1)
    if seen.is_migrated:
        _of_database(registry, seen, works, at)
    return generate_latest(registry)


def _of_database(registry: CollectorRegistry, seen: Seen, works: Iterable[Work], at: datetime) -> None:
    lag = (at - seen.oldest).total_seconds() if seen.oldest else 0
    _gauge(registry, "crm_outbox_waiting", "Emails that wait to be sent.", seen.waiting)
    _gauge(registry, "crm_outbox_lag_seconds", "Age of the email that has waited longest.", lag)
    _gauge(registry, "crm_emails_failed", "Emails that could not be delivered.", seen.failed)
    beat = seen.signs.get(WORKER)
    if beat:
        _gauge(
            registry, "crm_worker_seen_timestamp_seconds", "When the worker was last seen.", beat.timestamp()
        )
    done = Gauge(
        "crm_timed_work_done_timestamp_seconds", "When timed work was last done.", ["work"], registry=registry
    )
    late = Gauge("crm_timed_work_is_late", "Whether timed work is late.", ["work"], registry=registry)
    for each in works:
        late.labels(each.name).set(each.is_late)
        if each.done:
            done.labels(each.name).set(each.done.timestamp())
    loaded = Gauge(
        "crm_reference_data_present", "Whether reference data is there.", ["kind"], registry=registry
    )
    for kind, is_there in seen.loaded.items():
        loaded.labels(kind).set(is_there)


def _gauge(registry: CollectorRegistry, name: str, told: str, value: float) -> None:
    Gauge(name, told, registry=registry).set(value)
