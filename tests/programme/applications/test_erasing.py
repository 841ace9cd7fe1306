"""What came to nothing is erased once its time is over: words, names and files; that it was, and its sum, stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry, AuditErasure, AuditValue
from crm.documents.models import Document
from crm.kernel.money import Money
from crm.programme.applications.models import Application, QueriedQuestion, SectionAnswers
from crm.programme.applications.queries.applications import counts_by_status
from crm.programme.applications.service import erasing, submitting
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Score
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.programme.judging import handed_in

DAYS = 365


def withdrawn(cast: Cast) -> Application:
    """Answered, with a file, scored, asked about, and taken back with a reason."""
    found = rounds.filled_in(handed_in(declared_by="Ann Cast"))
    rounds.file(found)
    rounds.scored(rounds.whole_application(found), 4)
    rounds.query(found)
    whole = rounds.whole_application(found)
    submitting.withdraw(whole, reason="Ann is ill", by=cast.founder.actor)
    return rounds.whole_application(found)


def test_p52_what_came_to_nothing_is_erased_on_its_day_and_counts_and_sums_stay(
    cast: Cast, client: ConformingClient, db: Session, clock: Clock
) -> None:
    found = withdrawn(cast)
    over = found.round.assess_until + timedelta(days=DAYS)
    clock.move_to(over - timedelta(minutes=1))
    assert erasing.erase_old() == 0
    clock.move_to(over + timedelta(minutes=1))
    assert erasing.erase_old() == 1
    assert erasing.erase_old() == 0

    again = rounds.whole_application(found)
    assert db.scalar(select(func.count()).select_from(SectionAnswers)) == 0
    assert (again.declared_by, again.withdrawn_reason, again.asked_for) == ("", "", Money(500_000))
    assert counts_by_status(again.round_id) == {"withdrawn": 1}
    assert [each.rationale for each in db.scalars(select(Score))] == [""]
    assert [each.before for each in db.scalars(select(QueriedQuestion))] == [None]
    (file,) = db.scalars(select(Document))
    assert file.removed_at is not None
    assert "made" not in file.name
    lines = select(AuditEntry.id).where(AuditEntry.thing_id == str(again.id))
    left = db.scalars(select(AuditValue).where(AuditValue.entry_id.in_(lines))).all()
    assert [sorted(each.changes) for each in left] == [["erased_at"]]
    assert db.scalar(select(func.count()).select_from(AuditErasure)) == 2
    page = client.sign_in(cast.programme_manager).get(f"/applications/{again.id}").text
    assert "were deleted on" in page
    assert "Ann" not in page.replace("Announce", "")


@pytest.mark.parametrize("status", [ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSED])
@pytest.mark.usefixtures("cast")
def test_p52_what_still_counts_is_kept(clock: Clock, status: ApplicationStatus) -> None:
    found = handed_in()
    over = found.round.assess_until + timedelta(days=3 * DAYS)
    rounds.application(found.business, status=status)
    clock.move_to(over)
    assert erasing.erase_old() == 0
