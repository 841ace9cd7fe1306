"""A member stops the emails that they can do without, on their own profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crm.angels.investors.models import Angel
from crm.angels.year.policy import POLICY
from crm.angels.year.queries.members import choice_of
from crm.angels.year.service import choosing
from crm.angels.year.workflow import Act
from crm.kernel.permissions import Actor, Audience
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("network_emails", __name__)
permit = permits(POLICY)


def load_choice(_actor: Actor, found: Angel) -> Mapping[str, Any] | None:
    """Whether a member gets the emails that they can do without."""
    choice = choice_of(found.account_id) if found.account_id else None
    return {"is_stopped": choice is not None and choice.is_stopped}


@blueprint.post("/angels/mine/stop-emails")
@permit(Act.STOP_EMAILS, audience=Audience.MEMBER)
def stop_emails() -> ResponseReturnValue:
    """Stop them."""
    choosing.stop_emails(by=current_actor())
    return done(
        saved("Stopped. You still get emails about your membership and your requests.", "network.mine")
    )


@blueprint.post("/angels/mine/resume-emails")
@permit(Act.RESUME_EMAILS, audience=Audience.MEMBER)
def resume_emails() -> ResponseReturnValue:
    """Take them again."""
    choosing.resume_emails(by=current_actor())
    return done(saved("You get the network’s emails again.", "network.mine"))
