"""Which exemption from the ban on public offers a raise relies on: asked before its pitch is published."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.angels.deals.models import RaiseExemption
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import exemptions as queries
from crm.angels.deals.queries.reliefs import recorded_before
from crm.angels.deals.rules.exemptions import Exemption, why_not_exempt
from crm.angels.deals.workflow import Act
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.service.screening import require_no_tie
from crm.angels.pitches.workflow import OVER
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class ExemptionDetails:
    """What a raise relies on, and what counts besides what the network knows itself."""

    kinds: tuple[Exemption, ...]
    raised_before: Money = NO_MONEY
    people_before: int = 0
    note: str = ""


def why_not_exempted(found: Pitch) -> str | None:
    """Why no exemption can be recorded for a raise: it is over."""
    return "This raise has ended." if found.status in OVER else None


def record_exemption(
    found: Pitch, details: ExemptionDetails, *, version: int | None = None, by: Actor
) -> RaiseExemption:
    """Record which exemptions a raise relies on; any one that holds is enough for it to be shown."""
    POLICY.require(by, Act.RECORD_EXEMPTION, found)
    refuse_if(why_not_exempted(found))
    require_no_tie(found, by)
    _require_sound(details)
    pitch_queries.hold(found)
    made = queries.exemption_of(found.id) or RaiseExemption(pitch_id=found.id)
    if made.version is not None:
        require_as_shown(made, version)
    fields = {"kinds": details.kinds, "raised_before": details.raised_before}
    fields |= {"people_before": details.people_before, "note": details.note.strip()}
    changes = amend(made, **fields, recorded_at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD_EXEMPTION, made, {"pitch_id": (None, found.id), **changes}, by=by)
    return made


def _require_sound(details: ExemptionDetails) -> None:
    if not details.kinds:
        raise Invalid("Choose at least one exemption", field="kinds")
    if Exemption.QUALIFIED in details.kinds and not details.note.strip():
        raise Invalid("Say how you know that only qualified investors are offered it", field="note")


def why_not_published(pitch_id: UUID) -> str | None:
    """Why a pitch may not be shown: no exemption that its offer relies on holds, or it states too little raised before."""
    found = session().get(Pitch, pitch_id)
    if found is None:
        return None
    return why_not_exempt(queries.counters_of(found)) or _why_too_little_stated(found)


def _why_too_little_stated(found: Pitch) -> str | None:
    """That a pitch promises more room under a tax relief than our own records of its business leave."""
    recorded = recorded_before(found) if found.reliefs else {}
    if all(getattr(found, field) >= least for field, least in recorded.items()):
        return None
    return "The pitch states less raised under SEIS or EIS before than the investments recorded here. Send it back."
