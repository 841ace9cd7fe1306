"""The house put together: settings, database, web, then the rooms in floor order."""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from jinja2.environment import create_cache
from werkzeug.middleware.proxy_fix import ProxyFix

from crm.accounts.feature import FEATURE as ACCOUNTS
from crm.accounts.queries import actor_behind
from crm.angels.feature import FEATURE as ANGELS
from crm.audit.feature import FEATURE as AUDIT
from crm.audit.queries import last_act_on
from crm.backups.feature import FEATURE as BACKUPS
from crm.billing.feature import FEATURE as BILLING
from crm.businesses.feature import FEATURE as BUSINESSES
from crm.caseload.feature import FEATURE as CASELOAD
from crm.casework.feature import FEATURE as CASEWORK
from crm.complaints.feature import FEATURE as COMPLAINTS
from crm.config import STRIPE, Settings
from crm.coverage.feature import FEATURE as COVERAGE
from crm.db.following import Following, following
from crm.db.holding import Holds
from crm.db.migrating import db_commands
from crm.db.session import Database
from crm.desk.feature import FEATURE as DESK
from crm.diagnostics.feature import FEATURE as DIAGNOSTICS
from crm.directory.feature import FEATURE as DIRECTORY
from crm.documents.feature import FEATURE as DOCUMENTS
from crm.evidence.feature import FEATURE as EVIDENCE
from crm.exporting.feature import FEATURE as EXPORTING
from crm.feeds.feature import FEATURE as FEEDS
from crm.figures.feature import FEATURE as FIGURES
from crm.funding.feature import FEATURE as FUNDING
from crm.gateways.anchors import SignedFile
from crm.gateways.files import Reach, files_from_url
from crm.gateways.payments.facts import PAYMENT_PAGES
from crm.gateways.payments.stripe_api import payments_of
from crm.gateways.pretend_feeds import feeds_of
from crm.ip.feature import FEATURE as IP
from crm.kernel.text import stopped
from crm.links.feature import FEATURE as LINKS
from crm.lists.feature import FEATURE as LISTS
from crm.meetings.feature import FEATURE as MEETINGS
from crm.notices.feature import FEATURE as NOTICES
from crm.places.feature import FEATURE as PLACES
from crm.privacy.feature import FEATURE as PRIVACY
from crm.programme.feature import FEATURE as PROGRAMME
from crm.referrals.feature import FEATURE as REFERRALS
from crm.reports.feature import FEATURE as REPORTS
from crm.rights.feature import FEATURE as RIGHTS
from crm.signposting.feature import FEATURE as SIGNPOSTING
from crm.submissions.feature import FEATURE as SUBMISSIONS
from crm.submissions.feature import SENT_FORMS
from crm.throttles.feature import FEATURE as THROTTLES
from crm.watch.feature import FEATURE as WATCH
from crm.web import (
    errors,
    filters,
    headers,
    identity,
    landmarks,
    meanwhile,
    navigation,
    once,
    openly,
    statics,
    transaction,
)
from crm.web.feature import Feature, unfolded
from crm.web.permit import check_doors, door_of
from crm.web.sentences import OneFullStop

FEATURES: tuple[Feature, ...] = unfolded(
    (
        AUDIT,
        PLACES,
        LINKS,
        FIGURES,
        THROTTLES,
        SUBMISSIONS,
        DOCUMENTS,
        NOTICES,
        ACCOUNTS,
        BUSINESSES,
        COMPLAINTS,
        DIRECTORY,
        DIAGNOSTICS,
        BILLING,
        RIGHTS,
        CASELOAD,
        EVIDENCE,
        FEEDS,
        FUNDING,
        CASEWORK,
        MEETINGS,
        REFERRALS,
        SIGNPOSTING,
        PROGRAMME,
        ANGELS,
        IP,
        EXPORTING,
        COVERAGE,
        LISTS,
        REPORTS,
        BACKUPS,
        WATCH,
        PRIVACY,
        DESK,
    )
)
LARGEST_REQUEST, LARGEST_UPLOAD = 2 * 1024 * 1024, 64 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The application of these settings; without any, of the environment's. Raises `UnsafeSettings`."""
    known = settings or Settings.from_environment()
    app = Flask("crm", static_url_path="/static")
    _configure(app, known)
    app.extensions["settings"] = known
    site = {"service_name": known.service_name, "base_url": known.base_url}
    app.extensions["database"] = Database(known.database_url, site=site, seals=_seals(known), **_declared())
    app.extensions["features"] = FEATURES
    app.extensions["files"] = files_from_url(
        known.files_url,
        Reach(known.files_secret, known.files_region, known.ca_file, known.files_timeout),
    )
    app.before_request(_let_files_in)
    transaction.install(app)
    app.extensions["payments"] = payments_of(known)
    app.extensions["feeds"] = feeds_of(known.environment)
    openly.install(app, FEATURES)
    headers.install(app, is_https=known.is_https, forms_lead_to=_pages_to_pay(known))
    app.before_request(_refuse_what_is_too_large)
    tokens = CSRFProtect(app)
    identity.install(
        app,
        actor_behind,
        sources=[each.actor_facts for each in FEATURES if each.actor_facts],
        eyes=[each.eyes for each in FEATURES if each.eyes],
    )
    once.install(app, SENT_FORMS)
    meanwhile.install(app, last_act_on)
    errors.install(app)
    filters.install(app)
    landmarks.install(app, FEATURES)
    navigation.install(app)
    statics.install(app, headers=headers.ALWAYS, kept=None if app.testing else known.data / "static")
    _furnish(app)
    check_doors(app)
    _spare_machines(app, tokens)
    return app


def _seals(settings: Settings) -> SignedFile:
    """Where the seals of the audit log are told outside of the database, and what signs them there."""
    secret = settings.audit_key or settings.secret_key
    key = hmac.digest(secret.encode(), b"seals of the audit log", "sha256")
    return SignedFile(settings.data / "audit-seals.log", key)


def _declared() -> dict[str, Any]:
    """What the rooms have declared for the verbs of rooms below."""
    promises = tuple(each.promises for each in FEATURES if each.promises)
    declared = {"follows": _follows(), "holds": _holds(), "withholds": _withholds(), "promises": promises}
    return declared | {"rooms": FEATURES}


def _follows() -> Following:
    """What follows an act in the rooms above it, by act."""
    return following((each.act, each.verb) for room in FEATURES for each in room.follows)


def _holds() -> Holds:
    """What each room says of its rows before a room below changes something about them, by table."""
    return {table: hold for room in FEATURES for table, hold in room.holds.items()}


def _withholds() -> Holds:
    """Why a payment about a row may not be released now, as each room says of its own tables."""
    return {table: hold for room in FEATURES for table, hold in room.withholds.items()}


def _let_files_in() -> None:
    """Where a door takes files, a request may be much larger than one: what is too large is said at its field."""
    door = door_of(current_app, request.endpoint) if request.endpoint else None
    if door is not None and door.takes_files:
        request.max_content_length = LARGEST_UPLOAD


def _refuse_what_is_too_large() -> None:
    """What a machine sends has a limit of its own, which is checked before a byte of it is read."""
    door = door_of(current_app, request.endpoint) if request.endpoint else None
    if door is not None and door.most_bytes and (request.content_length or 0) > door.most_bytes:
        abort(Response("What was sent is too large.\n", 413, mimetype="text/plain"))


def _spare_machines(app: Flask, tokens: CSRFProtect) -> None:
    """What a machine sends carries its signature and no token of a form."""
    for endpoint, view in app.view_functions.items():
        door = door_of(app, endpoint)
        if door is not None and door.is_signed:
            tokens.exempt(view)


def _pages_to_pay(settings: Settings) -> tuple[str, ...]:
    """The origins of the pages to pay on, where membership can be paid by card."""
    if not settings.stripe_key:
        return ()
    return PAYMENT_PAGES if settings.stripe_url == STRIPE else (settings.stripe_url,)


def _configure(app: Flask, settings: Settings) -> None:
    prefix = "__Host-" if settings.is_https else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{prefix}crm",
        DEVICE_COOKIE_NAME=f"{prefix}crm-device",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=settings.session_lifetime),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=settings.session_lifetime,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.cache = create_cache(-1)  # every template stays: it would keep 400, and there are more
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.add_extension(OneFullStop)
    app.jinja_env.filters["stopped"] = stopped
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if settings.environment != "test":
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        logging.getLogger("alembic").setLevel(logging.WARNING)
        logging.getLogger("stripe").setLevel(logging.WARNING)  # it would log whom each request is about


def _furnish(app: Flask) -> None:
    """Let every room bring its pages and commands."""
    app.cli.add_command(db_commands)
    for room in app.extensions["features"]:
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
        for command in room.commands:
            app.cli.add_command(command)
