"""Versions of readiness question sets: read, copied to a draft, edited, published and retired."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.diagnostics.forms.editing import (
    ASKED_OF,
    BELOW,
    BandForm,
    PublishForm,
    question_form,
    results_form,
    rule_form,
)
from crm.diagnostics.forms.readiness import area_form
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import BOTH, SELLS, Circumstances, Gate, Question, read_set
from crm.diagnostics.rules.scoring import in_words
from crm.diagnostics.rules.telling import changes_between
from crm.diagnostics.rules.weighing import plain
from crm.diagnostics.service import composing, editing
from crm.diagnostics.service import sets as service
from crm.diagnostics.workflow import SETS, Act, SetStatus
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.folding import folded
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import spoken
from crm.web.feature import Hit
from crm.web.filtering import chosen
from crm.web.finding import first_of
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import SeenForm

blueprint = Blueprint("readiness_sets", __name__)
permit = permits(POLICY)
PAGE = "readiness_sets.readiness_set"
MOST_HITS = 5


class Composed:
    """One part or one result of a draft, by its key."""

    def __init__(self, question_set: ReadinessSet, key: str, *, name: str) -> None:
        self.question_set, self.key, self.name = question_set, key, name


def _area(version_id: UUID, area_key: str) -> Composed | None:
    return _composed(version_id, area_key, among="areas")


def _band(version_id: UUID, band_key: str) -> Composed | None:
    return _composed(version_id, band_key, among="bands")


def _composed(version_id: UUID, key: str, *, among: str) -> Composed | None:
    found = queries.version(version_id)
    names = {each["id"]: each["name"] for each in found.content[among]} if found is not None else {}
    return Composed(found, key, name=names[key]) if found is not None and key in names else None


def _why_not_edit_part(found: Composed) -> str | None:
    return editing.why_not_edit(found.question_set)


@blueprint.get("/question-sets/readiness/<uuid:version_id>")
@permit(Act.VIEW_QUESTIONS, audience=Audience.INTERNAL, load=queries.version)
def readiness_set(found: ReadinessSet) -> ResponseReturnValue:
    """One version with scores, weights and rules, each question folded unless ``show=all`` asks for the whole."""
    also = (Act.EDIT_SET,) if found.status is SetStatus.DRAFT else (Act.DRAFT_SET,)
    acts = open_acts(found, machine=SETS, policy=POLICY, also=also)
    shown = {"asked": read_set(found.content), "groups": DCMS_GROUPS, "in_words": in_words, "plain": plain}
    shown |= {"asked_of": ASKED_OF, "below": BELOW, "is_whole": bool(chosen("show", {"all"}))}
    return render_template("diagnostics/readiness_set.html", found=found, acts=acts, **shown)


@blueprint.get("/question-sets/readiness/<uuid:version_id>/preview")
@permit(Act.VIEW_QUESTIONS, audience=Audience.INTERNAL, load=queries.version)
def preview(found: ReadinessSet) -> ResponseReturnValue:
    """One version as those who answer it see it; what is chosen here goes nowhere."""
    asked, sells = read_set(found.content), chosen("sells", SELLS, default=BOTH)
    of = Circumstances(sells=sells)
    questions = asked.for_circumstances(of)
    areas = [(area, [each for each in questions if each.area == area.key]) for area in asked.areas_asked(of)]
    shown = {"asked": asked, "areas": areas, "sells": sells, "ways": SELLS}
    return render_template("diagnostics/preview.html", found=found, form=area_form(questions, {}), **shown)


@blueprint.post("/question-sets/readiness/<uuid:version_id>/draft")
@permit(Act.DRAFT_SET, audience=Audience.INTERNAL, load=queries.version, unless=service.why_not_draft)
def draft(found: ReadinessSet) -> ResponseReturnValue:
    """Copy it to a draft, or go on with the draft that there is."""
    made = service.draft(found, by=current_actor())
    return done(saved(_drafted(made), PAGE, version_id=made.id))


def _drafted(made: ReadinessSet) -> str:
    """What is said of a draft: that it is somebody else's, where a colleague copied it before."""
    words = f"Version {made.number} is a draft. It is not asked until it is published."
    maker = account(made.made_by_id) if made.made_by_id else None
    if maker is None or maker.id == current_actor().account_id:
        return words
    return f"Version {made.number} is a draft already: {maker.name} copied it. What you change, you change in that draft."


@blueprint.route("/question-sets/readiness/<uuid:version_id>/publish", methods=["GET", "POST"])
@permit(Act.PUBLISH_SET, audience=Audience.INTERNAL, load=queries.version, unless=service.why_not_of_draft)
def publish(found: ReadinessSet) -> ResponseReturnValue:
    """Say what changes and for whom, and ask it from now on."""
    form = PublishForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _publish_page(form, found),
        act=lambda: service.publish(found, seen=form.version.data, by=current_actor()),
        then=lambda _: saved(f"Version {found.number} published.", PAGE, version_id=found.id),
    )


def _publish_page(form: Form, found: ReadinessSet) -> str:
    earlier = queries.asked_last(found.name)
    counts = queries.counts_of(found.name)
    changes = changes_between(earlier.content, found.content) if earlier else []
    if earlier and earlier.title != found.title:
        changes.insert(0, (f"Title: “{earlier.title}” becomes “{found.title}”", []))
    shown = {"earlier": earlier, "counts": counts, "changes": changes}
    return render_template("diagnostics/publish.html", form=form, found=found, **shown)


def _removed(
    version: ReadinessSet, what: str, verb: Callable[..., None], *, at: str = "", says: str = ""
) -> ResponseReturnValue:
    """Ask, then remove something from a draft; ``what`` names it, ``says`` what goes with it."""
    form = SeenForm.of_request(version=version.version)
    where = {"version_id": version.id}
    return answer(
        form,
        page=lambda: _remove_page(form, version, what, says),
        act=lambda: verb(seen=form.version.data, by=current_actor()),
        then=lambda _: f"{saved(f'{what[:1].upper()}{what[1:]} removed.', PAGE, **where)}{at}",
    )


def _remove_page(form: Form, version: ReadinessSet, what: str, says: str) -> str:
    told = [
        each for each in (says, "Only this draft changes. What businesses are asked today stays.") if each
    ]
    back = url_for(PAGE, version_id=version.id)
    return render_template(
        "diagnostics/remove.html", form=form, what=what, says=told, back=back, found=version
    )


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/areas/<string:area_key>/remove", methods=["GET", "POST"]
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_area, unless=_why_not_edit_part)
def remove_area(found: Composed) -> ResponseReturnValue:
    """Ask, then remove a part from a draft, with its questions."""
    count = sum(each.area == found.key for each in read_set(found.question_set.content).questions)
    says = f"Its {count} questions are removed with it." if count != 1 else "Its question is removed with it."
    verb = partial(composing.remove_area, found.question_set, found.key)
    return _removed(found.question_set, f"the part “{found.name}”", verb, says=says)


@blueprint.route("/question-sets/readiness/<uuid:version_id>/new-result", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=editing.why_not_edit)
def add_result(found: ReadinessSet) -> ResponseReturnValue:
    """Add a result to a draft."""
    form = BandForm.of_request(version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/add_result.html", form=form, found=found),
        act=lambda: composing.add_band(found, form.details(), **told),
        then=lambda _: f"{saved('Result added.', PAGE, version_id=found.id)}#results",
    )


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/results/<string:band_key>/remove", methods=["GET", "POST"]
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_band, unless=_why_not_edit_part)
def remove_result(found: Composed) -> ResponseReturnValue:
    """Ask, then remove a result from a draft."""
    verb = partial(composing.remove_band, found.question_set, found.key)
    return _removed(found.question_set, f"the result “{found.name}”", verb, at="#results")


@blueprint.route("/question-sets/readiness/<uuid:version_id>/retire", methods=["GET", "POST"])
@permit(Act.RETIRE_SET, audience=Audience.INTERNAL, load=queries.version, machine=SETS)
def retire(found: ReadinessSet) -> ResponseReturnValue:
    """Say what follows, and stop asking it."""
    form, counts = Form.of_request(), queries.counts_under(found)
    return answer(
        form,
        page=lambda: render_template("diagnostics/retire.html", form=form, found=found, counts=counts),
        act=lambda: service.retire(found, by=current_actor()),
        then=lambda _: saved(f"Version {found.number} retired. Its results stay.", PAGE, version_id=found.id),
    )


@blueprint.route("/question-sets/readiness/<uuid:version_id>/discard", methods=["GET", "POST"])
@permit(Act.DISCARD_SET, audience=Audience.INTERNAL, load=queries.version, unless=service.why_not_of_draft)
def discard(found: ReadinessSet) -> ResponseReturnValue:
    """Ask whether a draft is to be discarded, and discard it."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: render_template("diagnostics/discard.html", form=form, found=found),
        act=lambda: service.discard(found, by=current_actor()),
        then=lambda _: saved(f"Version {found.number} discarded.", "diagnostics.question_sets"),
    )


class Drafted:
    """One question of a draft."""

    def __init__(self, question_set: ReadinessSet, question: Question) -> None:
        self.question_set, self.question, self.asked = question_set, question, read_set(question_set.content)
        self.rules = [each for each in self.asked.gates if question.key in each.questions]


def _question(version_id: UUID, question_key: str) -> Drafted | None:
    found = queries.version(version_id)
    question = read_set(found.content).question(question_key) if found is not None else None
    return Drafted(found, question) if found is not None and question is not None else None


def _why_not_edit(found: Drafted) -> str | None:
    return editing.why_not_edit(found.question_set)


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/questions/<string:question_key>", methods=["GET", "POST"]
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_question, unless=_why_not_edit)
def edit_question(found: Drafted) -> ResponseReturnValue:
    """Change one question of a draft."""
    version, key = found.question_set, found.question.key
    form = question_form(found.asked, found.question, version=version.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/edit_question.html", form=form, found=found),
        act=lambda: editing.edit_question(version, key, details=form.details(), **told),
        then=lambda _: f"{saved('Question saved.', PAGE, version_id=version.id)}#{key}",
    )


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/questions/<string:question_key>/remove",
    methods=["GET", "POST"],
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_question, unless=_why_not_edit)
def remove_question(found: Drafted) -> ResponseReturnValue:
    """Ask, then remove one question from a draft."""
    says = "It is left out of the rules that name it." if found.rules else ""
    verb = partial(editing.remove_question, found.question_set, found.question.key)
    return _removed(found.question_set, f"the question “{found.question.text}”", verb, says=says)


@blueprint.route("/question-sets/readiness/<uuid:version_id>/new-question", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=editing.why_not_edit)
def add_question(found: ReadinessSet) -> ResponseReturnValue:
    """Add a question to a draft."""
    form = question_form(read_set(found.content), version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/add_question.html", form=form, found=found),
        act=lambda: editing.add_question(found, details=form.details(), **told),
        then=lambda key: f"{saved('Question added.', PAGE, version_id=found.id)}#{key}",
    )


@blueprint.route("/question-sets/readiness/<uuid:version_id>/results", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=editing.why_not_edit)
def edit_results(found: ReadinessSet) -> ResponseReturnValue:
    """Change the title, the introduction and the results of a draft."""
    form = results_form(found.title, read_set(found.content), version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/edit_results.html", form=form, found=found),
        act=lambda: editing.edit_results(found, form.details(), **told),
        then=lambda _: saved(
            "Saved. This version is not asked until it is published.", PAGE, version_id=found.id
        ),
    )


class Ruled:
    """One rule of a draft, by its place, counted from 1."""

    def __init__(self, question_set: ReadinessSet, place: int, rule: Gate) -> None:
        self.question_set, self.place, self.rule = question_set, place, rule


def _rule(version_id: UUID, rule_place: int) -> Ruled | None:
    found = queries.version(version_id)
    gates = read_set(found.content).gates if found is not None else ()
    is_there = 1 <= rule_place <= len(gates)
    return Ruled(found, rule_place, gates[rule_place - 1]) if found is not None and is_there else None


def _why_not_edit_rule(found: Ruled) -> str | None:
    return editing.why_not_edit(found.question_set)


def _edit_rule_page(form: Form, found: ReadinessSet, *, is_new: bool) -> str:
    return render_template("diagnostics/edit_rule.html", form=form, found=found, is_new=is_new)


@blueprint.route("/question-sets/readiness/<uuid:version_id>/new-rule", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=editing.why_not_edit)
def add_rule(found: ReadinessSet) -> ResponseReturnValue:
    """Add a rule to a draft."""
    form = rule_form(read_set(found.content), version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _edit_rule_page(form, found, is_new=True),
        act=lambda: editing.save_rule(found, None, details=form.details(), **told),
        then=lambda _: f"{saved('Rule added.', PAGE, version_id=found.id)}#rules",
    )


@blueprint.route("/question-sets/readiness/<uuid:version_id>/rules/<int:rule_place>", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_rule, unless=_why_not_edit_rule)
def edit_rule(found: Ruled) -> ResponseReturnValue:
    """Change a rule of a draft."""
    version = found.question_set
    form = rule_form(read_set(version.content), found.rule, version=version.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _edit_rule_page(form, version, is_new=False),
        act=lambda: editing.save_rule(version, found.place, details=form.details(), **told),
        then=lambda _: f"{saved('Rule saved.', PAGE, version_id=version.id)}#rules",
    )


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/rules/<int:rule_place>/remove", methods=["GET", "POST"]
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_rule, unless=_why_not_edit_rule)
def remove_rule(found: Ruled) -> ResponseReturnValue:
    """Ask, then remove a rule from a draft."""
    verb = partial(editing.remove_rule, found.question_set, found.place)
    return _removed(found.question_set, f"the rule “{found.rule.words}”", verb, at="#rules")


def find(actor: Actor, words: str) -> list[Hit]:
    """The versions of readiness question sets that are called so."""
    if not POLICY.allows(actor, Act.VIEW_QUESTIONS):
        return []
    hits = [_hit(each) for each in queries.listed() if _is_meant(each, words)]
    return first_of(hits, MOST_HITS, every=url_for("diagnostics.question_sets"))


def _is_meant(found: queries.Listed, words: str) -> bool:
    """Whether each word is in what a version is called."""
    called = folded(f"question sets {found.title} version {found.number}")
    return all(each in called for each in folded(words).split())


def _hit(found: queries.Listed) -> Hit:
    where = url_for(PAGE, version_id=found.id)
    return Hit(
        f"{found.title}, version {found.number}", "Question sets", where, spoken(found.status).capitalize()
    )
