"""One subsidy with its papers, in the order the law sets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.policy import is_theirs
from crm.funding.subsidy import queries
from crm.funding.subsidy.forms import ConfirmationForm, PublicationForm
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.rules import KINDS, REGIMES, SubsidyKind
from crm.funding.subsidy.service import by_hand, giving
from crm.funding.subsidy.service.telling import contacts_of, readers_of
from crm.funding.subsidy.views.showing import standing_for
from crm.funding.subsidy.workflow import MACHINE, Act, SubsidyStatus
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.text import series
from crm.kernel.workflow import first_reason
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import kind_of
from crm.web.permit import open_acts, open_address, permits
from crm.web.reasons import ReasonForm

blueprint = Blueprint("subsidy_papers", __name__)
permit = permits(POLICY)
NOTIFIED = "Business notified by email. It confirms the subsidy next."
NOBODY = (
    "Recorded as notified, but nobody was emailed. Write to the business on paper: the page says to whom."
)
PAGE, HERE = "subsidy_papers.subsidy", "/subsidies/<uuid:subsidy_id>"


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.subsidy)
def subsidy(found: Subsidy) -> ResponseReturnValue:
    """One subsidy: its papers so far, and the next one."""
    return _subsidy_page(found)


def _subsidy_page(found: Subsidy, **refused: Form) -> str:
    shown = _to_do(found) | {"Act": Act, "about": _about(found)}
    shown |= {"kinds": KINDS, "regimes": REGIMES, "trail": entries_about(found), "is_own": _is_own(found)}
    shown |= {"forms": _forms(found) | refused, "form": next(iter(refused.values()), None)}
    shown |= {"by_hand_to": _by_hand_to(found), "confirmation": giving.confirmation_of(found)}
    shown["standing"] = _standing(found) if Act.CONFIRM in shown["acts"] else None
    return render_template("funding/subsidy/subsidy.html", subsidy=found, **shown)


def _to_do(found: Subsidy) -> dict[str, Any]:
    """What this person can do about the papers now, and what keeps them from it."""
    also = () if giving.why_not_published(found) else (Act.PUBLISH,)
    why_not = by_hand.why_not(found)
    acts = open_acts(found, policy=POLICY, machine=None if why_not else MACHINE, also=also)
    past = None if why_not else _why_past_limit(found)
    is_ready = found.status is SubsidyStatus.CONFIRMED and not why_not
    return {
        "acts": acts - {Act.NOTIFY, Act.CONFIRM} if past else acts,
        "why_not_by_hand": why_not,
        "why_past_limit": past,
        "why_not_given": giving.why_not_given(found) if is_ready else None,
    }


def _why_past_limit(found: Subsidy) -> str | None:
    """Why this person neither sends nor signs the papers now."""
    return by_hand.why_past_limit(found, by=current_actor())


def _by_hand_to(found: Subsidy) -> str | None:
    """To whom the papers go on paper: nobody at the business can be emailed. None where somebody can, or nothing is to be sent."""
    if _is_own(found):
        return None
    if (
        found.kind is not SubsidyKind.OURS
        or found.status is SubsidyStatus.CANCELLED
        or readers_of(found.business_id)
    ):
        return None
    people = [each.name for each in contacts_of(found.business_id)]
    return series(people[:3]) if people else f"the address of {found.business.name}"


def _standing(found: Subsidy) -> queries.Standing:
    """What counts on the day on which it is to be given, this subsidy included."""
    return standing_for(current_actor(), found.business_id, on=max(today(), found.given_on))


def _about(found: Subsidy) -> tuple[str, str] | None:
    """What the subsidy is given for, such as an award: what it is called, and its page."""
    href = open_address(found.about_table, found.about_id, to=current_actor())
    return (kind_of(found.about_table), href) if href else None


def _is_own(found: Subsidy) -> bool:
    return is_theirs(current_actor(), found)


def _forms(found: Subsidy) -> dict[str, Form]:
    confirmation = ConfirmationForm().signed_by(is_own=_is_own(found))
    return {"confirmation": confirmation, "reason": ReasonForm(), "publication": PublicationForm()}


WHY_NOT_SIGNED = first_reason(by_hand.why_not, _why_past_limit)


@blueprint.post(f"{HERE}/notify")
@permit(Act.NOTIFY, audience=Audience.INTERNAL, load=queries.subsidy, machine=MACHINE, unless=WHY_NOT_SIGNED)
def notify(found: Subsidy) -> ResponseReturnValue:
    """Notify the business by email."""
    told = by_hand.notify(found, by=current_actor())
    return done(saved(NOTIFIED if told else NOBODY, PAGE, subsidy_id=found.id))


@blueprint.post(f"{HERE}/confirm")
@permit(Act.CONFIRM, audience=Audience.MEMBER, load=queries.subsidy, machine=MACHINE, unless=WHY_NOT_SIGNED)
def confirm(found: Subsidy) -> ResponseReturnValue:
    """Record the written confirmation of the business."""
    form = ConfirmationForm.of_request().signed_by(is_own=_is_own(found))
    return answer(
        form,
        page=lambda: _subsidy_page(found, confirmation=form),
        act=lambda: by_hand.confirm(found, confirmed_by=form.confirmed_by.data, by=current_actor()),
        then=lambda _: saved("Confirmation recorded.", PAGE, subsidy_id=found.id),
    )


@blueprint.post(f"{HERE}/give")
@permit(
    Act.GIVE, audience=Audience.INTERNAL, load=queries.subsidy, machine=MACHINE, unless=by_hand.why_not_given
)
def give(found: Subsidy) -> ResponseReturnValue:
    """Record that the subsidy is given today."""
    by_hand.give(found, by=current_actor())
    return done(saved("Recorded as given today. Issue the confirmation next.", PAGE, subsidy_id=found.id))


@blueprint.post(f"{HERE}/issue")
@permit(Act.ISSUE, audience=Audience.INTERNAL, load=queries.subsidy, machine=MACHINE, unless=by_hand.why_not)
def issue(found: Subsidy) -> ResponseReturnValue:
    """Issue the confirmation by email."""
    by_hand.issue(found, by=current_actor())
    return done(
        saved("Confirmation issued. The people of the business get it by email.", PAGE, subsidy_id=found.id)
    )


@blueprint.post(f"{HERE}/cancel")
@permit(Act.CANCEL, audience=Audience.MEMBER, load=queries.subsidy, machine=MACHINE, unless=by_hand.why_not)
def cancel(found: Subsidy) -> ResponseReturnValue:
    """Cancel papers before anything was given, or a record that was a mistake."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _subsidy_page(found, reason=form),
        act=lambda: by_hand.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Subsidy cancelled.", PAGE, subsidy_id=found.id),
    )


@blueprint.post(f"{HERE}/publish")
@permit(Act.PUBLISH, audience=Audience.INTERNAL, load=queries.subsidy, unless=giving.why_not_published)
def publish(found: Subsidy) -> ResponseReturnValue:
    """Record the entry in the national database."""
    form = PublicationForm.of_request()
    return answer(
        form,
        page=lambda: _subsidy_page(found, publication=form),
        act=lambda: giving.publish(found, reference=form.reference.data, by=current_actor()),
        then=lambda _: saved("Publication recorded.", PAGE, subsidy_id=found.id),
    )
