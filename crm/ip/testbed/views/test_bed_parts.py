"""Businesses in test-bed projects: invited, taking part, declining, withdrawing, and named in a text or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.ip.testbed.forms import AgreeForm, AnswerForm, FindForm, InviteForm
from crm.ip.testbed.models import Naming, Project, ProjectPart
from crm.ip.testbed.policy import POLICY, SHARED
from crm.ip.testbed.queries import joining, reading, seeing
from crm.ip.testbed.rules import labels
from crm.ip.testbed.rules.masking import names_another
from crm.ip.testbed.service import leading, taking_part
from crm.ip.testbed.service import naming as consenting
from crm.ip.testbed.service.telling import has_account, readers_at
from crm.ip.testbed.workflow import (
    INVITED_ANEW,
    PARTS,
    Act,
    PartStatus,
    why_not_answer_naming,
    why_not_change,
    why_not_invite_yet,
    why_not_withdraw,
    why_part_over,
)
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.referrals.policy import POLICY as REFERRALS
from crm.referrals.workflow import Act as ReferralAct
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("test_bed_parts", __name__)
permit = permits(POLICY)
DRAFT = ReferralAct.DRAFT


@dataclass(frozen=True)
class Inviting:
    """A business that is about to be invited to a project."""

    project: Project
    invited: Business

    @property
    def is_archived(self) -> bool:
        """Whether the business is no longer in use."""
        return self.invited.is_archived


def _inviting(project_id: UUID, business_id: UUID) -> Inviting | None:
    found, owner = seeing.project(project_id), business(business_id)
    return Inviting(found, owner) if found is not None and owner is not None else None


def _why_not_invite(found: Inviting) -> str | None:
    return why_archived(found.invited) or taking_part.why_not_invite(found.project, found.invited)


@blueprint.get("/test-bed/businesses")
@permit(Act.EXTRACT, audience=Audience.INTERNAL)
def businesses() -> ResponseReturnValue:
    """The businesses that take part in a project now, each with its projects and the way to refer it."""
    rows, actor = joining.taking_part_now(), current_actor()
    can_refer = {each.id for each in rows if not each.is_archived and REFERRALS.allows(actor, DRAFT, each)}
    return render_template("ip/testbed/businesses.html", rows=rows, can_refer=can_refer)


@blueprint.get("/test-bed/<uuid:project_id>/find")
@permit(Act.INVITE, audience=Audience.INTERNAL, load=seeing.project, unless=why_not_invite_yet)
def find(found: Project) -> ResponseReturnValue:
    """Find the business to invite."""
    form = FindForm(request.args)
    rows = joining.businesses_like(form.q.data or "")
    there = {each.business_id for each in joining.parts_in(found.id) if each.status not in INVITED_ANEW}
    return render_template(
        "ip/testbed/find.html", form=form, project=found, rows=rows, there=there, most=seeing.MOST_FOUND
    )


@blueprint.route("/test-bed/<uuid:project_id>/invite/<uuid:business_id>", methods=["GET", "POST"])
@permit(Act.INVITE, audience=Audience.INTERNAL, load=_inviting, unless=_why_not_invite)
def invite(found: Inviting) -> ResponseReturnValue:
    """Invite a business: what it would do, and to whom the letter goes."""
    form, where, owner = InviteForm.of_request(), found.project, found.invited
    return answer(
        form,
        page=lambda: _invite_page(form, found),
        act=lambda: taking_part.invite(where, owner, does=form.does.data or "", by=current_actor()),
        then=lambda _: saved(f"{owner.name} invited.", "test_bed.project", project_id=where.id),
    )


def _invite_page(form: Form, found: Inviting) -> str:
    to = readers_at(found.invited.id)
    return render_template(
        "ip/testbed/invite.html", form=form, project=found.project, business=found.invited, to=to
    )


@blueprint.get("/test-bed/parts/<uuid:part_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=joining.part)
def part(found: ProjectPart) -> ResponseReturnValue:
    """One business's part: the project as the business sees it, what it would do, and the texts that name it."""
    actor, namings = current_actor(), reading.namings_in(found.id)
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "acts": _acts(found)}
    shown |= {"namings": namings, "texts": consenting.shown_to(namings), "trail": entries_about(found)}
    shown["lessons"] = reading.published_of(found.project_id)
    shown["sees_business"] = BUSINESSES.allows(actor, BusinessAct.VIEW, found.business)
    can_refer = not found.business.is_archived and REFERRALS.allows(actor, DRAFT, found.business)
    shown["can_refer"] = can_refer and found.status is PartStatus.TAKING_PART
    shown["planned_end"] = leading.planned_end(found.project)
    shown["is_over"] = bool(why_not_change(found.project))
    shown["is_own"] = _is_own(found)
    return render_template("ip/testbed/part.html", part=found, project=found.project, **shown)


def _acts(found: ProjectPart) -> frozenset[Any]:
    """What this person can record: nobody starts to take part once the trial has ended, or withdraws once all is over."""
    acts = open_acts(found, machine=PARTS, policy=POLICY) - {Act.INVITE}
    acts -= {Act.TAKE_PART} if why_part_over(found) else set()
    actor = current_actor()
    acts -= {each for each in SHARED if taking_part.why_not_record(found, each, actor=actor)}
    over = {Act.DECLINE, Act.WITHDRAW, Act.CANCEL_INVITATION}
    return acts - over if why_not_withdraw(found) else acts


def _saved(words: str, found: ProjectPart) -> str:
    return saved(words, "test_bed_parts.part", part_id=found.id)


def _answered(found: ProjectPart, act: Act, verb: Callable[..., None], *, words: str) -> ResponseReturnValue:
    """Ask once more before an answer is recorded; one of our staff says who told them."""
    form = AnswerForm.of_request().of_the_business(is_own=_is_own(found))
    return answer(
        form,
        page=lambda: (_withdraw_page if act is Act.WITHDRAW else _answer_page)(form, found, act),
        act=lambda: verb(found, told=form.words(), by=current_actor()),
        then=lambda _: _saved(words, found),
    )


def _answer_page(form: Form, found: ProjectPart, act: Act) -> str:
    return render_template("ip/testbed/answer.html", form=form, part=found, **_shown(found, act))


def _withdraw_page(form: Form, found: ProjectPart, act: Act) -> str:
    return render_template("ip/testbed/withdraw.html", form=form, part=found, **_shown(found, act))


def _shown(found: ProjectPart, act: Act) -> dict[str, Any]:
    shown: dict[str, Any] = {"act": act, "Act": Act, "is_own": _is_own(found)}
    return shown | {"to": readers_at(found.business_id)}


def _is_own(found: ProjectPart) -> bool:
    return current_actor().holds_for(found.business_id, Role.FOUNDER)


def _unless(act: Act) -> Callable[[ProjectPart], str | None]:
    """Why this person cannot record what a business says (see `taking_part.why_not_record`)."""
    return lambda found: taking_part.why_not_record(found, act, actor=current_actor())


@blueprint.route("/test-bed/parts/<uuid:part_id>/take-part", methods=["GET", "POST"])
@permit(
    Act.TAKE_PART, audience=Audience.MEMBER, load=joining.part, machine=PARTS, unless=_unless(Act.TAKE_PART)
)
def take_part(found: ProjectPart) -> ResponseReturnValue:
    """Agree to take part."""
    words = f"{found.business.name} takes part in this project."
    return _answered(found, Act.TAKE_PART, taking_part.take_part, words=words)


@blueprint.route("/test-bed/parts/<uuid:part_id>/decline", methods=["GET", "POST"])
@permit(Act.DECLINE, audience=Audience.MEMBER, load=joining.part, machine=PARTS, unless=_unless(Act.DECLINE))
def decline(found: ProjectPart) -> ResponseReturnValue:
    """Decline to take part."""
    return _answered(found, Act.DECLINE, taking_part.decline, words="Invitation declined.")


@blueprint.post("/test-bed/parts/<uuid:part_id>/cancel")
@permit(Act.CANCEL_INVITATION, audience=Audience.INTERNAL, load=joining.part, machine=PARTS)
def cancel_invitation(found: ProjectPart) -> ResponseReturnValue:
    """Cancel an invitation that was not answered yet."""
    taking_part.cancel_invitation(found, by=current_actor())
    return done(_saved(f"Invitation cancelled. We have told {found.business.name} by email.", found))


@blueprint.route("/test-bed/parts/<uuid:part_id>/withdraw", methods=["GET", "POST"])
@permit(
    Act.WITHDRAW, audience=Audience.MEMBER, load=joining.part, machine=PARTS, unless=_unless(Act.WITHDRAW)
)
def withdraw(found: ProjectPart) -> ResponseReturnValue:
    """Say what follows, and stop taking part."""
    name = found.business.name
    words = f"{name} no longer takes part in this project. Texts that name it are listed below."
    return _answered(found, Act.WITHDRAW, taking_part.withdraw, words=words)


@blueprint.get("/test-bed/namings/<uuid:naming_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=reading.naming)
def naming(found: Naming) -> ResponseReturnValue:
    """The text in full, and what the business says about being named in it."""
    return _naming_page(found, AgreeForm.of_request(seen=consenting.mark_shown(found)))


def _naming_page(found: Naming, form: Form) -> str:
    is_same = found.mark == consenting.mark_now(found.lesson)
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "is_same": is_same, "on": today()}
    shown |= {"is_over": bool(why_not_answer_naming(found)), "acts": _naming_acts(found, is_same=is_same)}
    shown |= {"trail": entries_about(found), "has_account": has_account(found.part)}
    read = consenting.shown_to([found])[found.id]
    shown |= {"shown": read, "names_another": names_another(read)}
    return render_template("ip/testbed/naming.html", naming=found, lesson=found.lesson, form=form, **shown)


def _naming_acts(found: Naming, *, is_same: bool) -> set[Act]:
    """What this person can say now: not what was said already, and no agreement to a text that was changed."""
    actor = current_actor()
    if why_not_answer_naming(found) or actor.seen_by:
        return set()
    said = {"agreed": Act.AGREE_NAMING, "refused": Act.REFUSE_NAMING}.get(found.status)
    left = {Act.AGREE_NAMING, Act.REFUSE_NAMING} - {said} - (set() if is_same else {Act.AGREE_NAMING})
    return {each for each in left if POLICY.allows(actor, each, found)}


@blueprint.post("/test-bed/namings/<uuid:naming_id>/agree")
@permit(Act.AGREE_NAMING, audience=Audience.MEMBER, load=reading.naming, unless=why_not_answer_naming)
def agree_naming(found: Naming) -> ResponseReturnValue:
    """Agree to be named in the text that the page shows."""
    form = AgreeForm.of_request(seen=consenting.mark_shown(found))
    return answer(
        form,
        page=lambda: _naming_page(found, form),
        act=lambda: consenting.agree_naming(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: saved(
            f"{found.business.name} agrees to be named in this text.",
            "test_bed_parts.naming",
            naming_id=found.id,
        ),
    )


@blueprint.post("/test-bed/namings/<uuid:naming_id>/refuse")
@permit(Act.REFUSE_NAMING, audience=Audience.MEMBER, load=reading.naming, unless=why_not_answer_naming)
def refuse_naming(found: Naming) -> ResponseReturnValue:
    """Refuse to be named, or withdraw consent."""
    consenting.refuse_naming(found, by=current_actor())
    words = f"{found.business.name} will not be named in this text."
    return done(saved(words, "test_bed_parts.naming", naming_id=found.id))
