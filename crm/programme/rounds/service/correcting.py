"""Correcting what applicants read beside a question of a published round: old and new stay, and applicants are told."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.states import refuse_if, require_as_shown
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.rounds.models import RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.workflow import Act, RoundStatus

Asked = RoundSection | RoundQuestion


def why_not_corrected(asked: Asked) -> str | None:
    """Why a hint cannot be corrected here: a draft is changed as it is."""
    if asked.round.status is RoundStatus.PUBLISHED:
        return None
    return "Only a hint of a published round is corrected here. Those of a draft can be changed as they are."


def correct(asked: Asked, hint: str, *, reason: str, version: int | None, by: Actor) -> None:
    """Correct the hint of a question or a section. What is asked, and how it is answered, stays as it was published."""
    POLICY.require(by, Act.CORRECT, asked)
    refuse_if(why_not_corrected(asked))
    require_reason(reason)
    require_as_shown(asked, version)
    changes = amend(asked, hint=hint)
    if not changes:
        raise Invalid("This is what the hint says already", field="hint")
    about = asked.label if isinstance(asked, RoundQuestion) else asked.title
    audit.record(
        Act.CORRECT, asked.round, {"about": (None, about)} | changes | {"why": (None, reason)}, by=by
    )
    follow(Act.CORRECT, asked, by=by)
