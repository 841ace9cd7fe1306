"""Evidence of showings is kept to the last day of its time and deleted on the next; the walls let nothing go before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from crm.angels.investors.models import BlockedPromotion, Certification, CertificationAttempt
from crm.angels.investors.workflow import Ground
from crm.angels.pitches.jobs.forgetting import end_evidence_daily
from crm.angels.pitches.models import EvidenceEnd, Promotion
from crm.angels.pitches.service.ending import end_evidence
from crm.audit.models import AuditEntry
from crm.db.session import session
from crm.documents.models import Document
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.permissions import SYSTEM
from tests import factories, network
from tests.angels.people import acting, rows
from tests.cast import Cast
from tests.programme.applicants import Clock

SIGNED, SHOWN = date(2020, 9, 1), date(2020, 11, 24)
LAST_KEPT, NEXT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC), datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
EVERY = (Promotion, Certification, CertificationAttempt, BlockedPromotion)


def evidence(*, shown_on: date = SHOWN) -> Any:
    """An investor of years ago, with a statement, its file, a showing, an attempt and a letter held back."""
    owner = network.investor()
    signed = network.certification(owner, signed_on=SIGNED)
    factories.document("certification", signed.id)
    moment = datetime(2020, 9, 1, 12, tzinfo=UTC)
    network.promotion(network.pitch(factories.business()), signed, shown_on=shown_on, shown_at=moment)
    tried = {"ground": Ground.HIGH_NET_WORTH, "particulars": {}, "reason": "Made", "ip": "192.0.2.1"}
    factories.kept(CertificationAttempt(account_id=owner.id, tried_at=moment, **tried))
    factories.kept(
        BlockedPromotion(account_id=owner.id, kind="pitch_alert", blocked_at=moment, reason="made")
    )
    return owner


def left(owner: Any) -> list[int]:
    """How many rows of each kind there still are of an investor."""
    return [sum(row.account_id == owner.id for row in rows(kind)) for kind in EVERY]


def test_it_is_kept_to_the_last_day_and_deleted_on_the_next_with_a_trace_of_how_much(
    cast: Cast, clock: Clock
) -> None:
    owner = evidence()
    clock.move_to(LAST_KEPT)
    end_evidence_daily()
    assert rows(EvidenceEnd) == []
    assert left(owner) == [1, 1, 1, 1]
    with pytest.raises(Conflict, match="still to be kept"):
        end_evidence(owner.id, by=SYSTEM)
    clock.move_to(NEXT)
    end_evidence_daily()
    end_evidence_daily()
    assert left(owner) == [0, 0, 0, 0]
    assert all(each.removed_at is not None for each in rows(Document))
    (kept,) = rows(EvidenceEnd)
    assert (kept.account_id, kept.last_on, kept.kept_until) == (owner.id, SHOWN, date(2026, 11, 24))
    assert (kept.showings, kept.statements, kept.attempts) == (1, 1, 1)
    assert [each.act for each in rows(AuditEntry)].count("end_evidence") == 1


def test_nothing_goes_while_an_investor_is_still_shown_pitches_and_of_no_other(
    cast: Cast, clock: Clock
) -> None:
    gone, stays = evidence(), evidence()
    again = network.certification(stays, signed_on=date(2026, 11, 1))
    network.promotion(network.pitch(factories.business()), again, shown_on=date(2026, 11, 2))
    clock.move_to(NEXT)
    end_evidence_daily()
    assert [each.account_id for each in rows(EvidenceEnd)] == [gone.id]
    assert (left(gone), left(stays)) == ([0, 0, 0, 0], [2, 2, 1, 1])


def test_no_person_deletes_evidence(cast: Cast, clock: Clock) -> None:
    owner = evidence()
    clock.move_to(NEXT)
    for each in (cast.administrator, cast.network_manager, cast.auditor, cast.angel):
        with pytest.raises(NotAllowed):
            end_evidence(owner.id, by=acting(each.account))
    assert left(owner) == [1, 1, 1, 1]


@pytest.mark.parametrize("kind", [Promotion, Certification])
def test_the_wall_lets_go_only_of_what_is_over_and_of_nothing_later(cast: Cast, kind: Any) -> None:
    owner = evidence()
    table = kind.__table__
    ended = {"kept_until": date(2026, 9, 1), "ended_on": date(2026, 11, 24)}
    counted = {"showings": 1, "statements": 1, "attempts": 1}
    factories.kept(EvidenceEnd(account_id=owner.id, last_on=date(2020, 8, 31), **ended, **counted))
    with pytest.raises(DBAPIError, match="append-only"), session().begin_nested():
        session().execute(delete(table).where(table.c.account_id == owner.id))
    assert left(owner) == [1, 1, 1, 1]
