"""Measure browsing among 10,000 published pitches, and the alerts of 5,000 saved searches of 5,000 angels, on PostgreSQL."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event, func, insert, select

from bench.__main__ import cpu_ms
from bench.programme import analyzed, furnished, wall_ms
from crm.accounts.models import Account, RoleGrant
from crm.accounts.workflow import AccountStatus
from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.rules.certifying import until
from crm.angels.investors.workflow import AngelStatus, CheckOutcome, Ground, Instrument
from crm.angels.pitches.jobs.alerting import alert_daily
from crm.angels.pitches.models import Pitch, SavedSearch
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.workflow import PitchStatus, Relief
from crm.billing.models import MembershipPeriod
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.money import Money
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from tests import network
from tests.engines import start_cluster
from tests.faults.together import browser
from tests.houses import database

PITCHES, ANGELS = 10_000, 5_000
KINDS = (Instrument.EQUITY, Instrument.LOAN_NOTE, Instrument.CONVERTIBLE)
FILTERED = "/pitches?groups=crafts&stages=growth&ticket=10000"


def pitched() -> None:
    """So many published pitches, each of a business of its own."""
    groups, stages, leps = tuple(DCMS_GROUPS), tuple(STAGES), tuple(LEPS)
    owners, rows, moment = [], [], now()
    for number in range(PITCHES):
        name = f"Invented Studio {number:05}"
        owner = {"id": uuid4(), "name": name, "sort_name": name.lower(), "match_name": name.lower()}
        owners.append(owner | {"source": "invented", "created_at": moment})
        rows.append(
            {
                "business_id": owner["id"],
                "reference": f"P-{number:06}",
                "status": PitchStatus.PUBLISHED,
                "number": 1,
                "headline": f"Invented pitch number {number:05}",
                "instrument": KINDS[number % 3],
                "amount": Money.pounds(50_000 + number),
                "min_ticket": Money.pounds(1_000 * (number % 25)),
                "summary": "Invented words. " * 20,
                "groups": (groups[number % len(groups)],),
                "stage": stages[number % len(stages)],
                "leps": (leps[number % len(leps)],),
                "eis": Relief.INTENDED if number % 2 else Relief.NO,
                "begun_at": moment,
                "published_at": moment,
            }
        )
    session().execute(insert(Business), owners)
    session().execute(insert(Pitch.__table__), [{"id": uuid4(), **defaults(), **each} for each in rows])  # type: ignore[arg-type]


def defaults() -> dict[str, Any]:
    """What a pitch has that none of these name."""
    texts = dict.fromkeys(
        ("terms", "use_of_funds", "team", "market", "slate", "video_url", "contact", "reason"), ""
    )
    sums = dict.fromkeys(("seis_raised", "eis_raised", "eis_year", "raised"), Money(0))
    return texts | sums | {"seis": Relief.NO, "is_ni_trade": False, "version": 1}


def invested() -> UUID:
    """So many angels who may see them, each with a search; the id of one."""
    accounts = [
        {"id": uuid4(), "email": f"angel{number}@made.example", "name": f"Invented Angel {number}"}
        for number in range(ANGELS)
    ]
    day, moment, wording = today(), now(), network.wording().id
    common = [{"account_id": each["id"]} for each in accounts]
    session().execute(
        insert(Account.__table__),  # type: ignore[arg-type]
        [each | {"status": AccountStatus.ACTIVE, "created_at": moment, "version": 1} for each in accounts],
    )
    granted = {"role": Role.ANGEL, "scope": Scope.EVERYWHERE, "valid_from": day, "granted_at": moment}
    session().execute(insert(RoleGrant), [each | granted for each in common])
    place = {"referees": [], "applied_at": moment, "decided_at": moment, "status": AngelStatus.ACCEPTED}
    place |= {
        "check_outcome": CheckOutcome.NOT_REQUIRED,
        "wants_seis": False,
        "wants_eis": False,
        "version": 1,
    }
    place |= dict.fromkeys(
        ("phone", "about", "reason", "conduct_version", "checked_by", "check_note", "references_note"), ""
    )
    place |= dict.fromkeys(("groups", "stages", "instruments", "leps"), ())
    session().execute(
        insert(Angel.__table__),  # type: ignore[arg-type]
        [
            {"id": uuid4(), "account_id": each["id"], "email": each["email"], "name": each["name"], **place}
            for each in accounts
        ],
    )
    signed = {"ground": Ground.HIGH_NET_WORTH, "wording_id": wording, "signed_at": moment, "signed_on": day}
    signed |= {"valid_until": until(day), "signed_name": "Invented", "particulars": {}, "text": "Invented"}
    signed |= {"sha256": "0" * 64, "ip": "192.0.2.1", "device": "Firefox on Linux"}
    session().execute(insert(Certification), [each | signed for each in common])
    paid = {
        "starts_on": day,
        "ends_on": day,
        "way": Way.INVOICE,
        "amount": Money.pounds(1),
        "recorded_at": moment,
    }
    session().execute(insert(MembershipPeriod), [each | paid for each in common])
    return searched(common)


def searched(common: list[dict[str, Any]]) -> UUID:
    """A search of three filters for each, last looked at before anything was published."""
    groups, stages = tuple(DCMS_GROUPS), tuple(STAGES)
    before = now() - timedelta(days=1)
    session().execute(
        insert(SavedSearch),
        [
            each
            | {
                "name": "Invented",
                "criteria": Search(
                    groups=(groups[number % len(groups)],),
                    stages=(stages[number % len(stages)],),
                    ticket=Money.pounds(1_000 * (number % 30)),
                ).as_json(),
                "has_alerts": True,
                "made_at": before,
                "alerted_at": before,
            }
            for number, each in enumerate(common)
        ],
    )
    found = common[0]["account_id"]
    assert isinstance(found, UUID)
    return found


def main() -> None:
    """Print what a page of pitches costs, with filters and without, and what the alerts take."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app, statements = furnished(cluster.address, folder), []
            with database(app).transaction():
                network.basis()
                network.signed_off()
                pitched()
                angel = invested()
            analyzed(app)
            engine = database(app).engine
            event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
            client = browser(app, angel)
            print(f"{'page':<60}{'statements':>12}{'ms, median':>12}{'CPU ms':>10}")
            for where in ("/pitches", FILTERED):
                statements.clear()
                assert client.get(where).status_code == 200
                count = len(statements)
                wall = wall_ms(lambda _, where=where: client.get(where))
                cpu = cpu_ms(lambda where=where: client.get(where), rounds=10)
                print(f"{where:<60}{count:>12}{wall:>12.0f}{cpu:>10.0f}")
            _alerts(app)
            engine.dispose()
    finally:
        cluster.stop()


def _alerts(app: Flask) -> None:
    began = time.perf_counter()
    with database(app).transaction():
        alert_daily()
    taken = time.perf_counter() - began
    with database(app).transaction():
        letters = session().scalar(select(func.count()).select_from(Letter))
    print(f"alerts of {ANGELS:,} saved searches: {taken:.1f} s, {letters:,} letters")


if __name__ == "__main__":
    main()
