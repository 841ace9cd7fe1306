"""Beginning again: what a business answered before is copied into a new application, where the question is still asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.states import refuse_if
from crm.documents.models import Document
from crm.documents.service import Stored
from crm.kernel.errors import Changed
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.rules.repeating import carried, same_questions
from crm.programme.applications.service import filling
from crm.programme.applications.workflow import Act
from crm.programme.rounds.models import RoundQuestion, RoundSection

NOTHING = "There is no earlier application whose answers fit these questions."
BEGUN = "This application already has answers, so the earlier ones would overwrite them."


@dataclass(frozen=True)
class Offer:
    """What an earlier application answers of a new one: the answers by section, and the files by question."""

    source: Application
    answers: Mapping[RoundSection, Mapping[str, Any]]
    files: tuple[tuple[RoundQuestion, Document], ...]

    @property
    def count(self) -> int:
        """How many answers and files it is."""
        return sum(len(each) for each in self.answers.values()) + len(self.files)


def offer_for(found: Application) -> Offer | None:
    """What an earlier application of the business answers of this one: the one withdrawn from the same round or else the
    latest; None where that is nothing.
    """
    for source in queries.earlier_than(found):
        offer = _offer(found, source)
        if offer.count:
            return offer
    return None


def _offer(found: Application, source: Application) -> Offer:
    same = same_questions(found.round.questions, source.round.questions)
    before, files = queries.latest_by_question(source.id), queries.files_of(source.id)
    answers = {
        each: told
        for each in found.round.sections
        if (told := carried(each.questions, same=same, answers=before))
    }
    kept = [
        (each, one.document)
        for each in found.round.questions
        for one in files.get(same.get(each.id, found.id), [])
    ]
    return Offer(source, answers, tuple(kept))


def why_not_taken_over(found: Application) -> str | None:
    """Why earlier answers cannot be copied into an application."""
    if filling.why_not(found):
        return filling.why_not(found)
    if queries.latest_answers(found.id) or queries.files_of(found.id):
        return BEGUN
    return None if offer_for(found) else NOTHING


def files_offered(found: Application) -> list[Document]:
    """The files of an earlier application that can be copied into this one: their bytes are copied first."""
    offer = offer_for(found)
    return [each for _, each in offer.files] if offer else []


def take_over(found: Application, copies: Mapping[UUID, Stored], *, by: Actor) -> int:
    """Copy earlier answers and files into a new application, to be checked section by section; return how many.

    ``copies`` are those of the earlier files that were made in the store, by the id of the file.
    """
    POLICY.require(by, Act.TAKE_OVER, found)
    queries.hold(found, share=True)
    refuse_if(why_not_taken_over(found))
    offer = offer_for(found)
    assert offer is not None
    for section, answers in offer.answers.items():
        filling.save(found, filling.Saved(section, answers, 0), by=by)
    if any(document.id not in copies for _, document in offer.files):
        raise Changed
    for question, document in offer.files:
        filling.attach(found, copies[document.id], question=question, by=by)
    told = {"from": (None, offer.source.reference), "answers": (None, offer.count)}
    audit.record(Act.TAKE_OVER, found, told, by=by)
    return offer.count
