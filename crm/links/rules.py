"""What one-time links are for, how long each lives, and how a secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

TOKEN_BYTES = 32


class Purpose(StrEnum):
    """What the holder of a link may do with it: once, or for those that open one thing, as often as they come back."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"  # noqa: S105 a purpose, no password
    ENQUIRY_DRAFT = "enquiry_draft"
    ENQUIRY = "enquiry"
    PLAN = "plan"
    HOURS = "hours"
    REPLY = "reply"
    HELPED = "helped"
    TOLD = "told"
    SERVICES = "services"
    WORKSHOP = "workshop"
    INVITATION = "invitation"
    FIGURES = "figures"
    RENEWALS = "renewals"
    NIGHT = "night"
    NIGHT_CALENDAR = "night_calendar"


LIFETIME = {
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.SET_PASSWORD: timedelta(days=3),
    Purpose.ENQUIRY_DRAFT: timedelta(days=14),
    Purpose.ENQUIRY: timedelta(days=180),
    Purpose.PLAN: timedelta(days=365),
    Purpose.HOURS: timedelta(days=30),
    Purpose.REPLY: timedelta(days=30),
    Purpose.HELPED: timedelta(days=60),
    Purpose.TOLD: timedelta(days=60),
    Purpose.SERVICES: timedelta(days=30),
    Purpose.WORKSHOP: timedelta(days=365),
    Purpose.INVITATION: timedelta(days=14),
    Purpose.FIGURES: timedelta(days=180),
    Purpose.RENEWALS: timedelta(days=3_650),
    Purpose.NIGHT: timedelta(days=365),
    Purpose.NIGHT_CALENDAR: timedelta(days=3_650),
}
DEAD = "This link has been used, has expired or was replaced by a newer one."
ANSWERED = "If you have already answered, there is nothing more to do. If not, "
ONWARD = {
    Purpose.SIGN_IN: "A sign-in link works once, within 30 minutes. Ask for a new one on the sign-in page.",
    Purpose.SET_PASSWORD: "Ask for a sign-in link on the sign-in page. Once you are in, set your password under your account.",
    Purpose.ENQUIRY_DRAFT: "If you have sent your enquiry, use the link in the email that confirms it. If not, start again.",
    Purpose.ENQUIRY: "Contact us and give the reference of your enquiry.",
    Purpose.PLAN: "Use the link in the newest email about your plan, or ask your adviser to send it again.",
    Purpose.HOURS: f"{ANSWERED}use the link in the newest email about your hours, or sign in and confirm them on the "
    "page of your business. Your adviser can send the email again.",
    Purpose.REPLY: "If you have replied, the link for the next step is in a newer email. If not, ask the person "
    "who referred the business to you for a new link.",
    Purpose.HELPED: f"{ANSWERED}tell your adviser whether the referral helped.",
    Purpose.TOLD: f"{ANSWERED}tell your adviser at once what you think of the referral.",
    Purpose.SERVICES: f"{ANSWERED}contact us and tell us what has changed.",
    Purpose.WORKSHOP: "Use the link in the newest email about the workshop, or contact us.",
    Purpose.INVITATION: "Ask the person who invited you to send a new invitation.",
    Purpose.FIGURES: "Use the link in the newest email about your figures, or contact us.",
    Purpose.RENEWALS: "Sign in and ask for a new calendar address on the page of your rights.",
    Purpose.NIGHT: "Use the link in the newest email about the pitch night, or sign in and open Events.",
    Purpose.NIGHT_CALENDAR: "Sign in and ask for a new calendar address under Events.",
}
"""What the reader of a link that no longer works does now."""
LIVE_AT_ONCE = {Purpose.SIGN_IN: 3}
"""How many of the newest links about one subject work; one, unless told. A stranger who asks for a sign-in link in
somebody's name does not end the one that its owner is about to use."""
READ = frozenset({Purpose.RENEWALS, Purpose.NIGHT_CALENDAR})
"""Links that a calendar program reads by itself, as often as it likes: looking changes nothing."""
LASTING = frozenset(
    {
        *(Purpose.ENQUIRY_DRAFT, Purpose.ENQUIRY, Purpose.PLAN, Purpose.WORKSHOP, Purpose.FIGURES),
        *(Purpose.NIGHT, *READ),
    }
)
"""Links that open one thing as often as its reader comes back to it: on the press of a button, but for those in `READ`."""


def path_of(purpose: Purpose, token: str) -> str:
    """Where a link leads, within the product's own address."""
    where = "" if purpose is Purpose.REPLY else "/links"
    return f"{where}/{purpose.value.replace('_', '-')}/{token}"


def new_token() -> str:
    """A secret of 256 bits, as text that fits an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. The token is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
