"""Home, the public pages, the desk, help and health."""

from __future__ import annotations

from itertools import chain
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.desk import queries, service
from crm.desk.forms import ContactForm
from crm.desk.policy import POLICY, Act
from crm.desk.rules import EVERYDAY, MOST_WORDS, areas_of, by_kind, by_urgency, steps_of, tables_by_role
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role, Scope
from crm.places.queries import authorities
from crm.places.rules import ATTRIBUTION
from crm.privacy.queries.retention import periods_of
from crm.privacy.rules import kinds_in, lasting_in
from crm.signposting.rules.finding import answered
from crm.web.feature import Hit
from crm.web.forms import answer
from crm.web.identity import current_actor
from crm.web.menu import pages_called
from crm.web.navigation import features, settings
from crm.web.permit import permits
from crm.web.references import hits_of

blueprint = Blueprint("desk", __name__)
permit = permits(POLICY)


@blueprint.get("/")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """What this is, for whom, and one button each."""
    shown = {"areas": areas_of(authorities()), "listed": queries.listed(), "attribution": ATTRIBUTION}
    return render_template("desk/home.html", **shown)


@blueprint.get("/desk")
@permit(Act.VIEW_DESK, audience=Audience.MEMBER)
def desk() -> ResponseReturnValue:
    """What needs me now."""
    actor = current_actor()
    waits = (wait for room in features() for wait in room.waits if actor.has(*wait.roles))
    todos = [each for wait in waits for each in wait.find(actor)]
    numbers = [each for room in features() if room.numbers for each in room.numbers(actor)]
    homes = sorted((each for room in features() for each in room.homes), key=lambda each: each.order)
    loaded = [(each, shown) for each in homes if (shown := each.load(actor)) is not None]
    shown = {"waiting": by_urgency(todos, on=today()), "is_folded": actor.has(Role.FOUNDER)}
    return render_template("desk/desk.html", **shown, numbers=numbers, actor=actor, homes=loaded)


@blueprint.get("/search")
@permit(Act.SEARCH, audience=Audience.INTERNAL)
def search() -> ResponseReturnValue:
    """What every room has under these words."""
    words = request.args.get("q", "").strip()[:MOST_WORDS]
    hits = _found(words) if any(sign.isalnum() for sign in words) else []
    own = any(each.scope is Scope.HUB for each in current_actor().grants)
    return render_template("desk/search.html", words=words, groups=by_kind(hits), sees_own_hub=own)


def _found(words: str) -> list[Hit]:
    """What has this reference, the pages called so, and what each room finds."""
    actor = current_actor()
    pages = pages_called(words, actor, rooms=features(), also=EVERYDAY)
    found = (room.finder(actor, words) for room in features() if room.finder)
    return [*hits_of(words, actor), *pages, *chain.from_iterable(found)]


@blueprint.get("/accessibility")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The statement of the 2018 Regulations."""
    return render_template("desk/accessibility.html")


@blueprint.get("/privacy")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is kept, why and for how long: each period is the one by which it is deleted."""
    manifests = [each.retention for each in features()]
    kinds, known = kinds_in(manifests), settings()
    shown = {"kinds": kinds, "periods": periods_of(kinds), "lasting": lasting_in(manifests)}
    shown |= {"controller": known.controller or known.service_name}
    shown |= {"officer": known.privacy_email or known.contact_email}
    return render_template("desk/privacy.html", **shown)


@blueprint.get("/cookies")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def cookies() -> ResponseReturnValue:
    """Which cookies there are: those that signing in and forms need."""
    return render_template("desk/cookies.html")


@blueprint.get("/help/who-may-do-what")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def who_may_do_what() -> ResponseReturnValue:
    """The policy tables themselves, in words and by role, and what may follow what."""
    roles, steps = tables_by_role(features()), steps_of(features())
    return render_template("desk/who_may_do_what.html", roles=roles, steps=steps)


@blueprint.route("/contact", methods=["GET", "POST"])
@permit(Act.WRITE_TO_US, audience=Audience.PUBLIC)
def contact() -> ResponseReturnValue:
    """Write to us."""
    form = ContactForm.of_request(
        answers=request.args.get("answers", "")[:2000],
        text=request.args.get("text", "")[:200],
        **_who_writes(),
    )
    return answer(
        form,
        page=lambda: _contact_page(form),
        act=lambda: service.write_to_us(form.details(), _desk(), by=current_actor()),
        then=lambda _: url_for("desk.contact_sent"),
    )


@blueprint.get("/contact/sent")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def contact_sent() -> ResponseReturnValue:
    """It is on its way."""
    return render_template("desk/contact_sent.html")


@blueprint.get("/theme.css")
@permit(Act.VISIT, audience=Audience.PUBLIC)
def theme() -> ResponseReturnValue:
    """The colours of this installation."""
    lines = "".join(f"  --brand-{name}: {value};\n" for name, value in sorted(settings().theme.items()))
    return Response(f":root {{\n{lines}}}\n", mimetype="text/css")


@blueprint.get("/healthz")
@permit(Act.ASK_HEALTH, audience=Audience.PUBLIC)
def healthz() -> ResponseReturnValue:
    """The process is alive."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@permit(Act.ASK_HEALTH, audience=Audience.PUBLIC)
def readyz() -> ResponseReturnValue:
    """Whether this process may be sent requests: the database answers, is migrated and holds its reference data."""
    checks = queries.readiness()
    is_ready = all(checks.values()) and "missing" not in checks
    return jsonify(status="ok" if is_ready else "not ready", **checks), 200 if is_ready else 503


def _who_writes() -> dict[str, str]:
    """The name and address of a person who is signed in, so that they need not type them."""
    actor = current_actor()
    own = account(actor.account_id) if actor.account_id and actor.seen_by is None else None
    return {"name": own.name, "email": own.email} if own else {}


def _contact_page(form: ContactForm) -> str:
    answers = form.told()
    told = [(each.short, words) for each, words in answered(answers)] if answers.as_query() else []
    return render_template("desk/contact.html", form=form, told=told, query=urlencode(answers.as_query()))


def _desk() -> service.Desk:
    known = settings()
    return service.Desk(
        contact_email=known.contact_email,
        service_name=known.service_name,
        address=request.remote_addr or "unknown",
        secret=known.secret_key,
    )
