"""Counting outcomes: once for each business, programme and indicator, with proof, against a baseline."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.documents.queries import documents_about
from crm.evidence import queries
from crm.evidence.models import Baseline, Indicator, Output
from crm.evidence.policy import POLICY
from crm.evidence.rules import COUNTED_BY_ITSELF, JobFacts, jobs_created
from crm.evidence.workflow import OUTPUTS, Act, Unit, why_not_correct_output
from crm.kernel.clock import now, today
from crm.kernel.errors import BadInput, Invalid
from crm.kernel.permissions import Actor

SHIPPED = Path(__file__).parent.parent / "reference" / "indicators.csv"
PROGRAMME = "growth_hub"
WHOLE = 100
FILES_CHANGED = (
    "The files were changed after you opened the page, so nothing was saved. Look at them, then count it."
)
ONCE = "This is counted for the business already: each counts once in a programme"


@dataclass(frozen=True)
class OutputDetails:
    """Something that help came to. ``amount`` is in hundredths; of jobs created it is worked out from ``jobs``."""

    indicator_code: str
    happened_on: date
    amount: int | None = None
    proof: str = ""
    jobs: JobFacts | None = None
    programme: str = PROGRAMME
    baseline_version: int | None = None


@dataclass(frozen=True)
class BaselineDetails:
    """How many people a business employed before it was helped, in hundredths of a full-time equivalent."""

    fte_hundredths: int
    measured_on: date
    source: str


@dataclass(frozen=True)
class Shown:
    """What the page showed of an outcome when somebody decided: its version, and the ids of its files."""

    version: int | None = None
    files: frozenset[str] | None = None


NOTHING_SHOWN = Shown()


def why_baseline_stays(business: Any) -> str | None:
    """A baseline on which something is counted is not changed."""
    if not queries.counts_on_baseline(business.id):
        return None
    return "Jobs are already counted against this baseline, so it cannot be changed."


def set_baseline(
    business: Business, details: BaselineDetails, *, version: int | None = None, by: Actor
) -> Baseline:
    """Record how many people a business employed before it was helped. Once jobs are counted on it, it stays."""
    POLICY.require(by, Act.SET_BASELINE, business)
    require_in_use(business)
    if details.measured_on > today():
        raise Invalid("The day must be today or earlier", field="measured_on")
    fields = fields_of(details)
    found = queries.baseline_of(business.id)
    if found is not None:
        refuse_if(why_baseline_stays(business))
        require_as_shown(found, version)
        audit.record(Act.SET_BASELINE, found, amend(found, **fields), by=by)
        return found
    made = Baseline(business_id=business.id, **fields)
    session().add(made)
    session().flush()
    audit.record(Act.SET_BASELINE, made, created(**fields), by=by)
    return made


def record(business: Business, details: OutputDetails, *, by: Actor) -> Output:
    """Record an outcome. It is counted once a manager has seen the proof."""
    POLICY.require(by, Act.RECORD_OUTPUT, business)
    require_in_use(business)
    if details.happened_on > today():
        raise Invalid("The day must be today or earlier", field="happened_on")
    indicator = queries.indicator_on(details.indicator_code, on=details.happened_on)
    if details.indicator_code in COUNTED_BY_ITSELF:
        raise Invalid(
            "This is counted from what the business confirmed, and not by hand", field="indicator_code"
        )
    if indicator is None:
        raise Invalid("Choose something that was defined on that day", field="indicator_code")
    if queries.output_of(business.id, details.indicator_code, programme=details.programme) is not None:
        raise Invalid(ONCE, field="indicator_code")
    return _keep(business, details, indicator, by=by)


def _keep(business: Business, details: OutputDetails, indicator: Indicator, *, by: Actor) -> Output:
    fields: dict[str, Any] = {
        "programme": details.programme,
        "indicator_code": indicator.code,
        "amount": _amount(business, details, indicator),
        "happened_on": details.happened_on,
        "proof": details.proof,
    }
    made = Output(business_id=business.id, indicator_id=indicator.id, **fields, _status=OUTPUTS.start)
    made.recorded_at, made.recorded_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.RECORD_OUTPUT, made, created(**fields), by=by)
    return made


def _amount(business: Business, details: OutputDetails, indicator: Indicator) -> int:
    """A business is one; jobs created are the increase over the baseline; the rest is as it was told."""
    if indicator.unit is Unit.BUSINESS:
        return WHOLE
    if indicator.needs_baseline:
        return _jobs(business, details)
    if not details.amount:
        raise Invalid("Enter how many", field="amount")
    return details.amount


def _jobs(business: Business, details: OutputDetails) -> int:
    baseline = queries.baseline_of(business.id)
    if baseline is None:
        raise Invalid("Record the baseline first: how many people there were before the help", field="now")
    require_as_shown(baseline, details.baseline_version)
    if details.jobs is None:
        raise Invalid("Enter how many people there are now", field="now")
    try:
        return jobs_created(details.jobs, baseline_hundredths=baseline.fte_hundredths)
    except BadInput as fault:
        raise Invalid(str(fault), field="now") from fault


def count_once(business: Business, indicator_code: str, *, proof: str, by: Actor) -> Output | None:
    """Keep and claim what the product itself has seen, such as hours confirmed; nothing where it is kept already."""
    if queries.output_of(business.id, indicator_code, programme=PROGRAMME) is not None:
        return None
    indicator = queries.indicator_on(indicator_code, on=today())
    if indicator is None:
        return None
    details = OutputDetails(indicator_code, today(), proof=proof)
    made = _keep(business, details, indicator, by=by)
    audit.record(Act.CLAIM_OUTPUT, made, advance(OUTPUTS, made, Act.CLAIM_OUTPUT), by=by)
    return made


def count_no_more(business: Business, indicator_code: str, *, reason: str, by: Actor) -> None:
    """Take out what the product had counted by itself, once that holds no more; nothing where it was not counted."""
    found = queries.output_of(business.id, indicator_code, programme=PROGRAMME)
    if found is not None:
        changes = advance(OUTPUTS, found, Act.WITHDRAW_OUTPUT) | amend(found, reason=reason)
        audit.record(Act.WITHDRAW_OUTPUT, found, changes, by=by)


def claim(output: Output, *, proof: str, shown: Shown = NOTHING_SHOWN, by: Actor) -> None:
    """Count an outcome in what is reported: a manager has seen how it is known, and these files and no others."""
    POLICY.require(by, Act.CLAIM_OUTPUT, output)
    require_as_shown(output, shown.version)
    refuse_if(None if shown.files in (None, files_of(output)) else FILES_CHANGED)
    if not proof.strip():
        raise Invalid("Say how it is known", field="proof")
    changes = amend(output, proof=proof) | advance(OUTPUTS, output, Act.CLAIM_OUTPUT)
    audit.record(Act.CLAIM_OUTPUT, output, changes, by=by)


def files_of(output: Output) -> frozenset[str]:
    """The ids of the files that show how an outcome is known."""
    return frozenset(str(each.id) for each in documents_about("output", output.id))


def correct(output: Output, amount: int, *, reason: str, shown: Shown = NOTHING_SHOWN, by: Actor) -> None:
    """Correct an amount, with a reason; what was counted before stays in the history."""
    POLICY.require(by, Act.CORRECT_OUTPUT, output)
    refuse_if(why_not_correct_output(output))
    require_as_shown(output, shown.version)
    if amount <= 0:
        raise Invalid("Enter more than 0, or remove the outcome", field="amount")
    changes = amend(output, amount=amount)
    if not changes:
        raise Invalid("This is the amount already recorded", field="amount")
    changes["reason"] = (None, reason)
    audit.record(Act.CORRECT_OUTPUT, output, changes, by=by)


def withdraw(output: Output, *, reason: str, shown: Shown = NOTHING_SHOWN, by: Actor) -> None:
    """Remove an outcome from what is counted, with the reason."""
    POLICY.require(by, Act.WITHDRAW_OUTPUT, output)
    require_as_shown(output, shown.version)
    changes = advance(OUTPUTS, output, Act.WITHDRAW_OUTPUT) | amend(output, reason=reason)
    audit.record(Act.WITHDRAW_OUTPUT, output, changes, by=by)


@cache
def shipped_indicators() -> tuple[dict[str, Any], ...]:
    """The definitions that come with the product."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: dict[str, str]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    return row | days | {"needs_baseline": row["needs_baseline"] == "yes", "unit": Unit(row["unit"])}


def load_indicators() -> dict[str, int]:
    """Add the definitions that come with the product, where they are missing."""
    known = queries.known_indicators()
    missing = [each for each in shipped_indicators() if (each["code"], each["valid_from"]) not in known]
    session().add_all(Indicator(**each) for each in missing)
    session().flush()
    return {"indicators": len(missing)}
