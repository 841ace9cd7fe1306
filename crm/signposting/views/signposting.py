"""Find support: one question at a time, then the services that match, and why. Nothing is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.directory.workflow import ServiceStatus
from crm.kernel.permissions import Audience
from crm.places.rules import ATTRIBUTION
from crm.signposting.forms.finding import FORMS, told
from crm.signposting.policy import POLICY
from crm.signposting.queries import finding as queries
from crm.signposting.rules.finding import (
    ASKED,
    Answers,
    Question,
    answered,
    cut,
    lay_out,
    question,
    question_after,
    settling,
)
from crm.signposting.workflow import Act
from crm.web.forms import Form, answer, done
from crm.web.parts import standings_of
from crm.web.permit import permits

blueprint = Blueprint("signposting", __name__)
permit = permits(POLICY)


def _load(question_name: str) -> Question | None:
    return question(question_name)


def _address(asked: Question | None, answers: Answers, *, is_change: bool = False) -> str:
    """The address of a question, or of the results, with the answers so far."""
    where = url_for("signposting.ask", question_name=asked.name) if asked else url_for("signposting.results")
    pairs = answers.as_query() + ([("change", "yes")] if is_change else [])
    return f"{where}?{urlencode(pairs)}" if pairs else where


@blueprint.get("/find-support")
@permit(Act.FIND_SUPPORT, audience=Audience.PUBLIC)
def start() -> ResponseReturnValue:
    """What the finder does, and the button that begins."""
    return render_template("signposting/start.html", first=_address(ASKED[0], Answers()), asked=ASKED)


@blueprint.route("/find-support/<string:question_name>", methods=["GET", "POST"])
@permit(Act.FIND_SUPPORT, audience=Audience.PUBLIC, load=_load, records=False)
def ask(asked: Question) -> ResponseReturnValue:
    """One question; the answers so far travel in the address."""
    answers = Answers.of(request.args)
    form = FORMS[asked.name].of_request(**told(answers, asked.name))
    following = None if "change" in request.args else question_after(asked.name)
    if "skip" in request.form:
        return done(_address(following, _skipping(answers, asked)))
    return answer(
        form,
        page=lambda: _ask_page(form, asked, answers),
        act=lambda: answers.having(asked.name, form.value()),
        then=lambda answered: _address(following, answered),
    )


def _skipping(answers: Answers, asked: Question) -> Answers:
    """The answers without one to this question."""
    return answers.having(asked.name, type(getattr(answers, asked.name))())


@blueprint.get("/find-support/results")
@permit(Act.FIND_SUPPORT, audience=Audience.PUBLIC)
def results() -> ResponseReturnValue:
    """The services that match, best first, and why; with ``show=all`` every service with its verdict."""
    answers = Answers.of(request.args)
    found = queries.results_for(answers)
    shown = {"found": found, "query": urlencode(answers.as_query()), "attribution": ATTRIBUTION}
    shown["answers"] = [(each, words, _change(each, answers)) for each, words in answered(answers)]
    if request.args.get("show") == "all":
        ours = [
            each.service.id for each in found.matches if each.service.status is ServiceStatus.ILLUSTRATIVE
        ]
        runs_here = standings_of("service", ours) if ours else {}
        return _all_page(back=_address(None, answers), runs_here=runs_here, **shown)
    return render_template("signposting/results.html", **shown, **_groups(found, answers))


def _all_page(**shown: Any) -> str:
    return render_template("signposting/all.html", **shown)


def _change(asked: Question, answers: Answers) -> str:
    return _address(asked, answers, is_change=True)


def _groups(found: queries.Results, answers: Answers) -> dict[str, Any]:
    """The groups of the results page, and the questions that would settle more."""
    layout = lay_out(found.matches, needs_told=bool(answers.needs))
    cuts = {name: cut(getattr(layout, name), needs_told=bool(answers.needs)) for name in layout.IN_FULL}
    settle = [
        (each, _change(each.question, answers)) for each in settling(layout.possible, answers) if each.alone
    ]
    return {"layout": layout, **cuts, "settle": settle}


def _ask_page(form: Form, asked: Question, answers: Answers) -> str:
    names = [each.name for each in ASKED]
    step = names.index(asked.name) + 1 if asked.name in names else None
    is_change = "change" in request.args
    before = None if is_change or not step or step == 1 else ASKED[step - 2]
    back = url_for("signposting.start") if step == 1 and not is_change else _address(before, answers)
    shown = {"step": step, "total": len(ASKED), "back": back, "action": request.full_path.rstrip("?")}
    shown["attribution"] = ATTRIBUTION
    return render_template("signposting/ask.html", form=form, asked=asked, is_change=is_change, **shown)
