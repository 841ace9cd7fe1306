"""Samples of requests about personal data and of erasures, and their CHECKs, each with a change that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from crm.businesses.models import Business
from crm.kernel.calendar import add_months
from crm.kernel.clock import now, today
from crm.kernel.references import new_reference
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.workflow import ErasureStatus, RequestKind
from tests import factories


def a_request(**fields: Any) -> DataRequest:
    """A request for erasure that came today, from a person with an email address."""
    on = fields.get("received_on", today())
    given = {"reference": new_reference("D"), "kind": RequestKind.ERASURE, "name": "Ann Reader"}
    given |= {"email": "ann@reader.example", "said": "Delete what you hold about me", "recorded_at": now()}
    given |= {"received_on": on, "due_on": add_months(on, 1)}
    made: DataRequest = factories.kept(DataRequest(**(given | fields)))
    return made


def an_erasure(request: DataRequest | None = None, *, by: UUID | None = None, **fields: Any) -> PersonErasure:
    """A proposal to erase a person at a business."""
    given: dict[str, Any] = {"request_id": (request or a_request()).id, "reason": "They asked", "told": []}
    given |= {"proposed_at": now(), "proposed_by_id": by}
    if "_status" not in fields:
        address = f"{new_reference('x').lower()}@made.example"
        known = factories.person(factories.business(), name="Ann Reader", email=address)
        given |= {"subject_table": "person", "subject_id": known.id}
    made: PersonErasure = factories.kept(PersonErasure(**(given | fields)))
    return made


def _refused(by: UUID | None = None) -> PersonErasure:
    decided = {"decided_at": now(), "refusal": "It was not they who asked", "is_unread": True}
    return an_erasure(by=by, _status=ErasureStatus.REFUSED, **decided)


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "data_request_id": lambda _cast, _values: (a_request().id,),
    "copies.make_copy data_request_id": lambda _cast, _values: (a_request(kind=RequestKind.ACCESS).id,),
    "erasure_id": lambda _cast, _values: (an_erasure().id,),
    "erasures.withdraw erasure_id": lambda cast, _values: (an_erasure(by=cast.administrator.id).id,),
    "erasures.read erasure_id": lambda _cast, _values: (_refused().id,),
}
CHECKS = {
    "ck_data_request_something_was_asked": "UPDATE data_request SET said = ''",
    "ck_data_request_email_in_lower_case": "UPDATE data_request SET email = 'ANN@made.example'",
    "ck_data_request_somebody_to_answer": "UPDATE data_request SET email = NULL",
    "ck_data_request_days_in_order": "UPDATE data_request SET due_on = '2018-06-01'",
    "ck_data_request_extended_with_reason": "UPDATE data_request SET extension_reason = 'made'",
    "ck_data_request_answered_with_its_moment": "UPDATE data_request SET status = 'answered', answer = 'made'",
    "ck_data_request_answered_with_words": "UPDATE data_request SET status = 'answered', answered_at = recorded_at",
    "ck_person_erasure_decided_if_not_proposed": "UPDATE person_erasure SET decided_at = proposed_at",
    "ck_person_erasure_refused_with_reason": "UPDATE person_erasure SET status = 'refused', decided_at = proposed_at",
    "ck_person_erasure_unread_if_decided": "UPDATE person_erasure SET is_unread = true",
    "ck_person_erasure_confirmed_by_another": "UPDATE person_erasure SET status = 'confirmed', decided_at = proposed_at, "
    "known_as = 'made', subject_id = NULL, proposed_by_id = (SELECT id FROM account LIMIT 1), "
    "decided_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_person_erasure_with_reason": "UPDATE person_erasure SET reason = ''",
    "ck_person_erasure_somebody_if_proposed": "UPDATE person_erasure SET subject_id = NULL",
    "ck_person_erasure_nobody_if_confirmed": "UPDATE person_erasure SET status = 'confirmed', decided_at = proposed_at, "
    "known_as = 'made'",
    "ck_person_erasure_pseudonym_if_confirmed": "UPDATE person_erasure SET known_as = 'made'",
}


def rows(_made: Business) -> None:
    """A proposal to erase somebody, with its request."""
    an_erasure()
