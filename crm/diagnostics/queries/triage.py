"""Reads of question sets and diagnoses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.diagnostics.models import Diagnosis, QuestionSet
from crm.diagnostics.workflow import DiagnosisStatus

SHIPPED = ("triage",)
STATUS = Diagnosis.__table__.c.status


@cache
def shipped_set(name: str) -> Mapping[str, Any]:
    """A question set as it comes with the product."""
    text = files("crm.diagnostics").joinpath(f"reference/{name}.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def question_sets() -> Sequence[QuestionSet]:
    """Every version of every set, the newest of each first."""
    query = select(QuestionSet).order_by(QuestionSet.name, QuestionSet.version.desc())
    return session().scalars(query.limit(200)).all()


def question_set(set_id: UUID) -> QuestionSet | None:
    """One version of one set."""
    return session().get(QuestionSet, set_id)


def newest_set(name: str) -> QuestionSet | None:
    """The version of a set that is asked today."""
    query = select(QuestionSet).where(QuestionSet.name == name).order_by(QuestionSet.version.desc()).limit(1)
    return session().scalar(query)


def set_of_version(name: str, version: int) -> QuestionSet | None:
    """One version of a set by its number."""
    return session().scalar(
        select(QuestionSet).where(QuestionSet.name == name, QuestionSet.version == version)
    )


def _whole() -> Select[Diagnosis]:
    return select(Diagnosis).options(
        joinedload(Diagnosis.question_set),
        joinedload(Diagnosis.business).undefer(Business.shared),
        joinedload(Diagnosis.finished_by),
    )


def diagnosis(diagnosis_id: UUID) -> Diagnosis | None:
    """One diagnosis with its questions and its business."""
    return session().scalar(_whole().where(Diagnosis.id == diagnosis_id))


def diagnoses_of(business_id: UUID) -> Sequence[Diagnosis]:
    """The diagnoses of a business, the newest first."""
    query = _whole().where(Diagnosis.business_id == business_id)
    return session().scalars(query.order_by(Diagnosis.begun_at.desc(), Diagnosis.id).limit(20)).all()


def open_diagnosis(business_id: UUID) -> Diagnosis | None:
    """The diagnosis that a business has begun and not finished."""
    query = _whole().where(Diagnosis.business_id == business_id, STATUS == DiagnosisStatus.OPEN)
    return session().scalar(query.order_by(Diagnosis.begun_at.desc()).limit(1))


def latest_finished(business_id: UUID) -> Diagnosis | None:
    """What was last found that a business needs."""
    query = _whole().where(Diagnosis.business_id == business_id, STATUS == DiagnosisStatus.FINISHED)
    return session().scalar(query.order_by(Diagnosis.finished_at.desc()).limit(1))
