"""Being in a syndicate: joined on a version of its terms, confirmed on another, named by choice, left at will."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.pitches.views.reading import LEDGER, not_shown_page
from crm.angels.syndicates.forms import ConfirmForm, JoinForm, NamingForm
from crm.angels.syndicates.models import Syndicate, SyndicateMember
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.service import joining as service
from crm.angels.syndicates.views.showing import warned
from crm.angels.syndicates.workflow import MEMBERS, Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("syndicate_members", __name__)
permit = permits(POLICY)
PAGE = "syndicates.syndicate"
HERE = "/syndicate-members/<uuid:member_id>"


def _mark(found: Syndicate) -> str:
    return service.mark_of(found.agreed) if found.agreed is not None else ""


def _why_not_joined(found: Syndicate) -> str | None:
    return service.why_not_joined_by(found, current_actor())


@blueprint.route("/syndicates/<uuid:syndicate_id>/join", methods=["GET", "POST"])
@permit(
    Act.JOIN,
    audience=Audience.PROMOTION,
    load=queries.syndicate,
    unless=_why_not_joined,
    leaves_trace=LEDGER,
)
def join(found: Syndicate) -> ResponseReturnValue:
    """Join on the version that is agreed."""
    form = JoinForm.of_request(seen=_mark(found))
    return answer(
        form,
        page=lambda: not_shown_page(form, found.pitch) or _join_page(form, found),
        act=lambda: service.join(found, form.chosen(), seen=form.seen.data, by=current_actor()),
        then=lambda _: saved(
            "You have joined. We have told the lead and the business.", PAGE, syndicate_id=found.id
        ),
    )


def _join_page(form: Form, found: Syndicate) -> str:
    return render_template("angels/syndicates/join.html", form=form, syndicate=found, **_terms(found))


def _confirm_page(form: Form, found: SyndicateMember) -> str:
    about = found.syndicate
    before = next((each for each in about.terms if each.id == found.terms_id), None)
    shown = _terms(about) | {"before": before}
    return render_template("angels/syndicates/confirm.html", form=form, syndicate=about, **shown)


def _terms(found: Syndicate) -> dict[str, Any]:
    """The version that is agreed, with the warning that the law wants with it."""
    return {"terms": found.agreed, "labels": labels, "warning": warned(found)}


@blueprint.route(f"{HERE}/confirm", methods=["GET", "POST"])
@permit(
    Act.CONFIRM,
    audience=Audience.MEMBER,
    load=queries.member,
    machine=MEMBERS,
    unless=service.why_not_confirmed,
    leaves_trace=LEDGER,
)
def confirm(found: SyndicateMember) -> ResponseReturnValue:
    """Confirm one's place on the version that is agreed now."""
    about = found.syndicate
    form = ConfirmForm.of_request(seen=_mark(about))
    return answer(
        form,
        page=lambda: _confirm_page(form, found),
        act=lambda: service.confirm(found, seen=form.seen.data, by=current_actor()),
        then=lambda _: saved(
            "Confirmed. We have told the lead and the business.", PAGE, syndicate_id=about.id
        ),
    )


@blueprint.route(f"{HERE}/naming", methods=["GET", "POST"])
@permit(Act.NAME, audience=Audience.MEMBER, load=queries.member, unless=service.why_not_named)
def naming(found: SyndicateMember) -> ResponseReturnValue:
    """Choose who sees one's name."""
    form = NamingForm.of_request(naming=found.naming.value)
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/naming.html", form=form, member=found),
        act=lambda: service.name(found, form.chosen(), by=current_actor()),
        then=lambda _: saved("Saved.", PAGE, syndicate_id=found.syndicate_id),
    )


@blueprint.route(f"{HERE}/leave", methods=["GET", "POST"])
@permit(Act.LEAVE, audience=Audience.MEMBER, load=queries.member, machine=MEMBERS)
def leave(found: SyndicateMember) -> ResponseReturnValue:
    """Leave a syndicate, having read what stays."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/syndicates/leave.html", form=form, member=found),
        act=lambda: service.leave(found, by=current_actor()),
        then=lambda _: saved("You have left the syndicate.", PAGE, syndicate_id=found.syndicate_id),
    )
