"""One's own membership and, for the network's staff, all memberships."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.billing import queries
from crm.billing.forms import MembersForm, PeriodForm, VoidForm
from crm.billing.models import MembershipPeriod
from crm.billing.policy import POLICY
from crm.billing.rules import WAYS, next_free
from crm.billing.service import applying
from crm.billing.service import periods as service
from crm.billing.views.card import about_card, own_account, seen_by_staff
from crm.billing.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on, standings_of
from crm.web.permit import permits

blueprint = Blueprint("billing", __name__)
permit = permits(POLICY)


@blueprint.get("/membership")
@permit(Act.VIEW_OWN, audience=Audience.MEMBER)
def membership() -> ResponseReturnValue:
    """One's own membership, and what it is made of."""
    found = own_account()
    shown: dict[str, Any] = {"membership": queries.membership_of(found.id, on=today()), "ways": WAYS}
    shown |= {"parts": parts_on("billing.membership", found), "card": about_card(found), "Act": Act}
    shown |= {"stand": standings_of("member", [found.id]).get(found.id)}
    return render_template("billing/membership.html", periods=queries.periods_of(found.id), **shown)


@blueprint.get("/memberships")
@permit(Act.LIST, audience=Audience.INTERNAL)
def memberships() -> ResponseReturnValue:
    """Who is a member, and until when; found by name or email."""
    filters = as_offered(MembersForm(request.args))
    page = page_of(queries.members(filters.q.data or "", cursor=cursor()))
    ids = [each.id for each in page.rows]
    shown = {"standing": queries.memberships_of(ids, on=today()), "left": standings_of("member", ids)}
    return render_template("billing/memberships.html", page=page, filters=filters, **shown)


@blueprint.get("/memberships/<uuid:account_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=account)
def one_membership(found: Account) -> ResponseReturnValue:
    """One membership with all its periods."""
    shown: dict[str, Any] = {"periods": queries.periods_of(found.id), "ways": WAYS}
    shown |= {"membership": queries.membership_of(found.id, on=today())}
    shown |= {"parts": parts_on("billing.one_membership", found)}
    shown |= {"stand": standings_of("member", [found.id]).get(found.id)}
    shown |= {"may_record": POLICY.allows(current_actor(), Act.RECORD, found), "card": seen_by_staff(found)}
    return render_template("billing/one_membership.html", account=found, **shown)


@blueprint.route("/memberships/<uuid:account_id>/record", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL, load=account)
def record(found: Account) -> ResponseReturnValue:
    """Record a period: a year from the day after the last one, unless another is typed."""
    free = next_free(queries.membership_of(found.id, on=today()), on=today())
    form = PeriodForm.of_request(starts_on=free.starts_on, ends_on=free.ends_on)
    return answer(
        form,
        page=lambda: _record_page(form, found),
        act=lambda: applying.record_by_hand(found, form.details(), by=current_actor()),
        then=lambda _: saved("Period recorded.", "billing.one_membership", account_id=found.id),
    )


def _record_page(form: Form, found: Account) -> str:
    return render_template("billing/record.html", form=form, account=found)


@blueprint.route("/memberships/<uuid:account_id>/periods/<uuid:period_id>/void", methods=["GET", "POST"])
@permit(Act.VOID, audience=Audience.INTERNAL, load=queries.period_of, unless=service.why_not_void)
def void(found: MembershipPeriod) -> ResponseReturnValue:
    """Cancel a period that was recorded by mistake."""
    form = VoidForm.of_request()
    return answer(
        form,
        page=lambda: _void_page(form, found),
        act=lambda: service.void(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Period cancelled.", "billing.one_membership", account_id=found.account_id),
    )


def _void_page(form: Form, found: MembershipPeriod) -> str:
    return render_template("billing/void.html", form=form, period=found)
