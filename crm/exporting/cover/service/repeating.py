"""A contract that is checked again: what was asked for and prepared from its earlier checks goes on from the newest one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from crm.casework.models import NextStep
from crm.casework.queries import steps_asked
from crm.casework.service import stepping
from crm.casework.service.stepping import Asked, StepDetails
from crm.db.changes import amend
from crm.db.session import session
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries.contracts import contract_told, earlier_checks
from crm.exporting.cover.rules.hanging import check_at, path_of
from crm.exporting.cover.rules.labels import STARTS
from crm.exporting.cover.rules.products import product
from crm.exporting.plans.rules.countries import in_sentence
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral
from crm.referrals.queries import open_to, sent_since
from crm.referrals.service import asking
from crm.referrals.service.preparing import LONGEST_SUBJECT
from crm.referrals.service.telling import stop_it
from crm.referrals.workflow import ReferralStatus

AGAIN = "This contract was checked again."


def subject_of(check: CoverCheck) -> str:
    """What a referral from a check is about, in a line that tells two contracts apart: to which product it goes stands beside it."""
    value = "" if check.value is None else f", {check.value.short()}"
    return f"A contract with a buyer in {in_sentence(check.country)}{value}"[:LONGEST_SUBJECT]


def referred_before(check: CoverCheck) -> dict[str, Referral]:
    """The latest referral of the contract from its earlier checks, for each product."""
    places = places_before(check)
    if not places:
        return {}
    rows = sent_since(check.business_id, earlier_checks(check)[-1].at).rows
    return {places[each.path]: each for each in rows if each.path in places}


def places_before(check: CoverCheck) -> dict[str, str]:
    """The places of products on the earlier checks of a contract, each with its product."""
    earlier = earlier_checks(check)
    return {path_of(one.id, each["product"]): each["product"] for one in earlier for each in one.findings}


def came_from(check: CoverCheck) -> Callable[[NextStep], CoverCheck | None]:
    """From which earlier check of the contract something was asked; None where it was asked from this one."""
    earlier = earlier_checks(check)

    def asked(step: NextStep) -> CoverCheck | None:
        before = (each for each in earlier if each.at <= step.created_at)
        return next(before, None) if step.created_at < check.at else None

    return asked


def carry_on(check: CoverCheck, *, of: CoverCheck | None, by: Actor) -> None:
    """Let what came of the earlier checks of a contract go on from a newer one, or end where it would say what holds no more.

    What the business asked for is asked from the newer check, and whoever answers is told. A draft is stopped, and so is what
    the business was told in other words than those of now: nothing leaves that has been put right since.
    """
    before = of or contract_told(check)
    if before is None:
        return
    amend(check, first_id=before.contract_id)
    session().flush()
    _carry_over(check, {each.id: each for each in earlier_checks(check)}, by=by)


def _carry_over(check: CoverCheck, earlier: Mapping[UUID, CoverCheck], *, by: Actor) -> None:
    for step in steps_asked(check.business_id):
        if check_at(step.path) in earlier:
            _restate(step, check, by=by)
    words = f"The contract was checked again on {day_in_words(day_of(check.at))}. Refer from the newer check."
    for each in open_to(check.business_id):
        source = check_at(each.path)
        before = earlier.get(source) if source else None
        if before is not None and each.sent_at is None and _is_out_of_date(each, before, check):
            stop_it(each, words)


def _is_out_of_date(referral: Referral, before: CoverCheck, check: CoverCheck) -> bool:
    return referral.status is ReferralStatus.DRAFT or before.told != check.told


def _restate(step: NextStep, check: CoverCheck, *, by: Actor) -> None:
    """Ask the same from the newer check, with what it says of the contract and of the product."""
    key = step.path.partition("#")[2]
    found = next((each for each in check.findings if each["product"] == key), None)
    known = product(key)
    if found is None or known is None or step.service is None:
        return
    day = day_in_words(day_of(check.at))
    because = "; and ".join(each["words"] for each in found["because"])
    said = f"{known.name}: {STARTS[found['outcome']]}{because}."
    note = f"The contract was checked again on {day}.\n\n{check.told['sentence']}.\n\n{said}"
    path, about = path_of(check.id, key), f"{subject_of(check)}, checked again on {day}"
    title = asking.title_of(asking.Wish(step.service, path, about, wanted=known.name))
    assignees = tuple(each.account_id for each in step.assignees)
    asked = Asked(step.service.id, note, path)
    stepping.restate(step, StepDetails(title, assignees, step.due_on, asked=asked), by=by)
