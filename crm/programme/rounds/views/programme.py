"""The programme and its rounds, as everybody sees them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.clock import moment_in_words, now
from crm.kernel.eligibility import Facts, weigh
from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules import labels
from crm.programme.rounds.rules.asking import check_in_words
from crm.programme.rounds.rules.timing import Standing
from crm.programme.rounds.workflow import Act
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.permit import permits

blueprint = Blueprint("programme", __name__)
permit = permits(POLICY)


@blueprint.get("/programme")
@permit(Act.SEE_PROGRAMME, audience=Audience.PUBLIC)
def programme() -> ResponseReturnValue:
    """What the programme is, the rounds that are open or coming, and for staff all of them."""
    actor = current_actor()
    shown: dict[str, Any] = {
        "groups": _by_standing(queries.public_rounds()),
        "every": [each for each in _every() if POLICY.allows(actor, Act.VIEW_ROUND, each)],
        "can_prepare": POLICY.allows(actor, Act.PREPARE),
        "labels": labels,
    }
    return render_template("programme/rounds/programme.html", **shown)


def _every() -> Any:
    """All rounds, for those who may see how some are made."""
    may = {role for each in POLICY.rules if each.act == Act.VIEW_ROUND for role in each.roles}
    return queries.rounds() if current_actor().has(*may) else ()


def _by_standing(rounds: Any) -> dict[Standing, list[Round]]:
    groups: dict[Standing, list[Round]] = {Standing.OPEN: [], Standing.COMING: [], Standing.OVER: []}
    for each in rounds:
        groups[each.window.standing(now())].append(each)
    return groups


@blueprint.get("/programme/rounds/<uuid:round_id>")
@permit(Act.SEE_ROUND, audience=Audience.PUBLIC, load=queries.round_)
def one_round(found: Round) -> ResponseReturnValue:
    """What it is for, whom it is for, when it is open, how it is judged, and the button that begins."""
    actor = current_actor()
    shown: dict[str, Any] = {
        "standing": found.window.standing(now()),
        "strands": labels.strands_in_words(found.strands),
        "readings": weigh(found.terms, Facts()).readings,
        "labels": labels,
        "can_view": POLICY.allows(actor, Act.VIEW_ROUND, found),
        "changes": [each for each in queries.changes_of_criteria(found) if each.is_read],
        "checks": links_from("public_round", found.id),
    }
    return render_template("programme/rounds/one_round.html", round=found, **shown)


@blueprint.get("/programme/rounds/<uuid:round_id>/questions")
@permit(Act.SEE_ROUND, audience=Audience.PUBLIC, load=queries.round_)
def questions(found: Round) -> ResponseReturnValue:
    """Every question of it, to be printed and thought over."""
    names = {each.id: each.label for each in found.questions}
    checks = [check_in_words(each, names) for each in found.checks]
    return render_template(
        "programme/rounds/questions.html",
        round=found,
        labels=labels,
        names=names,
        checks=checks,
        standing_in_words=_standing_in_words(found),
    )


def _standing_in_words(found: Round) -> str:
    """When applications are taken, in a sentence that is true now."""
    standing = found.window.standing(now())
    if standing is Standing.COMING:
        return f"Applications open on {moment_in_words(found.opens_at)}."
    if standing is Standing.OPEN:
        return f"Open until {moment_in_words(found.deadline_at)}."
    return f"Closed on {moment_in_words(found.deadline_at)}."
