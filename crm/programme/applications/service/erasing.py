"""Erasing the words, names and files of applications that came to nothing, once their time is over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from crm.audit import service as audit
from crm.audit.queries import every_entry_about
from crm.db.following import follow
from crm.db.session import session
from crm.documents import service as documents
from crm.figures.queries import figure_on
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application, SectionAnswers
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries import querying
from crm.programme.applications.workflow import Act

GONE = "Erased, as its time was over"


def erase_old() -> int:
    """Erase what came to nothing so many days ago, by the dated figure; return how many. Counts and sums stay."""
    if not queries.came_to_nothing(before=now()):
        return 0
    before = now() - timedelta(days=int(figure_on("programme.keep_days", on=today())))
    found = queries.came_to_nothing(before=before)
    for each in found:
        _erase(each)
    return len(found)


def _erase(found: Application) -> None:
    """The answers, the files, and what people wrote about it. The trail keeps that it was, and by whom, without the words."""
    session().execute(delete(SectionAnswers).where(SectionAnswers.application_id == found.id))
    for files in queries.files_of(found.id).values():
        for each in files:
            each.document.name = GONE
            documents.remove(each.document)
    _erase_words(found)
    for entry in every_entry_about(found):
        audit.erase_values(entry, reason=GONE, by=SYSTEM)
    found.erased_at = now()
    audit.record(Act.ERASE, found, {"erased_at": (None, found.erased_at)}, by=SYSTEM)
    follow(Act.ERASE, found, by=SYSTEM)


def _erase_words(found: Application) -> None:
    found.declared_by = found.withdrawn_reason = ""
    found.readings = []
    found.ineligible_reason = GONE if found.ineligible_reason else ""
    found.extension_reason = GONE if found.extension_reason else ""
    if found.clearance is not None and found.clearance.reason:
        found.clearance.reason = GONE
    for summary in querying.queries_about(found.id):
        query = querying.query(summary.id)
        if query is not None:
            query.words, query.reply = GONE, ""
            for each in query.questions:
                each.before = each.after = None
