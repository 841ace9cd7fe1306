"""Making versions of readiness question sets: draft, publish, retire, discard; and loading those that are shipped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import read_set
from crm.diagnostics.service.editing import require_sound
from crm.diagnostics.workflow import SETS, Act, SetStatus
from crm.kernel.clock import now
from crm.kernel.errors import PREVIEWED, Changed, Conflict, Elsewhere
from crm.kernel.permissions import Actor

NOT_CONTENT = ("name", "version", "title", "source")


def draft(source: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Copy a version to a new draft. A set has one draft at most: that one is gone on with."""
    POLICY.require(by, Act.DRAFT_SET, source)
    refuse_if(why_not_draft(source))
    rows = queries.versions_of(source.name)
    there = _draft_of(source)
    if there is not None:
        return there
    number = max(each.number for each in rows) + 1
    fields = {"name": source.name, "number": number, "title": source.title}
    origin = f"{_copied_from(source)} {source.source}"[:500]
    kept = {"content": source.content, "source": origin, "made_at": now(), "made_by_id": by.account_id}
    made = ReadinessSet(**fields, **kept, _status=SETS.start)
    session().add(made)
    session().flush()
    audit.record(Act.DRAFT_SET, made, created(**fields, source=origin), by=by)
    return made


def _draft_of(source: ReadinessSet) -> ReadinessSet | None:
    """The draft of a set, whichever version it was copied from."""
    rows = queries.versions_of(source.name)
    return next((each for each in rows if each.status is SetStatus.DRAFT), None)


def _copied_from(source: ReadinessSet) -> str:
    return f"Copied from version {source.number}."


def why_not_draft(source: ReadinessSet) -> str | None:
    """Why a version cannot be copied: a draft of another version stands, and would be taken for this one."""
    there = _draft_of(source)
    if there is None or there.id == source.id or there.source.startswith(_copied_from(source)):
        return None
    words = f"Version {there.number} is a draft already, and it was not copied from version {source.number}."
    return Elsewhere(f"{words} Publish or discard it first.", there)


def why_not_of_draft(version: ReadinessSet) -> str | None:
    """Why a version can be neither published nor discarded: it is no draft any more, and which one that is."""
    if version.status is SetStatus.DRAFT:
        return None
    became = {SetStatus.DISCARDED: "was discarded", SetStatus.PUBLISHED: "was published already"}
    said = became.get(version.status, "was published, and retired since")
    return Elsewhere(f"Version {version.number} of {version.title} {said}.", version)


def publish(version: ReadinessSet, *, seen: int | None = None, by: Actor) -> ReadinessSet:
    """Ask a draft from now on. The version asked before is retired; assessments begun under it can be finished."""
    POLICY.require(by, Act.PUBLISH_SET, version)
    refuse_if(why_not_of_draft(version))
    if seen is not None and seen != version.version:
        raise Changed(PREVIEWED)
    require_sound(version.content)
    earlier = queries.published_set(version.name)
    if earlier is not None:
        retire(earlier, by=by)
        session().flush()
    changes = advance(SETS, version, Act.PUBLISH_SET) | amend(version, published_at=now())
    audit.record(Act.PUBLISH_SET, version, changes, by=by)
    return version


def retire(version: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Stop asking a version. Assessments begun under it can be finished."""
    POLICY.require(by, Act.RETIRE_SET, version)
    changes = advance(SETS, version, Act.RETIRE_SET) | amend(version, retired_at=now())
    audit.record(Act.RETIRE_SET, version, changes, by=by)
    return version


def discard(version: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Discard a draft. It is asked of nobody, and the next draft starts from a published version again."""
    POLICY.require(by, Act.DISCARD_SET, version)
    refuse_if(why_not_of_draft(version))
    audit.record(Act.DISCARD_SET, version, advance(SETS, version, Act.DISCARD_SET), by=by)
    return version


def load_shipped() -> dict[str, int]:
    """Publish the readiness sets that come with the product, where there is no version of them yet.

    Where there is, a newer one becomes a draft for people to look at: what was finished keeps its own version, and what
    they changed here is not overwritten. A draft that is there, or was discarded, is left alone.
    """
    added = 0
    for name in queries.SHIPPED_SETS:
        wanted = queries.shipped_set(name)
        content = {key: value for key, value in wanted.items() if key not in NOT_CONTENT}
        read_set(content)
        there = {each.number: each for each in queries.versions_of(name)}
        known = there.get(wanted["version"])
        if known is not None and known.source == wanted["source"] and known.content != content:
            raise Conflict(f"The question set {name} was changed without a new version.")
        if not there or _is_newer(wanted["version"], there.values()):
            session().add(_shipped(wanted, content, is_first=not there))
            added += 1
    return {"readiness question sets": added}


def _is_newer(number: int, there: Collection[ReadinessSet]) -> bool:
    """Whether a version that comes with the product is newer than all that are there, none of which is a draft."""
    return all(each.number < number and each.status is not SetStatus.DRAFT for each in there)


def _shipped(wanted: Mapping[str, Any], content: Mapping[str, Any], *, is_first: bool) -> ReadinessSet:
    told = {"name": wanted["name"], "number": wanted["version"], "title": wanted["title"]}
    return ReadinessSet(
        **told,
        content=dict(content),
        source=wanted["source"]
        if is_first
        else f"Came with an update of the product. {wanted['source']}"[:500],
        made_at=now(),
        published_at=now() if is_first else None,
        _status=SetStatus.PUBLISHED if is_first else SETS.start,
    )
