"""What the words of this room are called on pages, and the wordings that businesses consent to."""

from __future__ import annotations

from crm.businesses.workflow import Ambition, ConnectionKind, ConsentPurpose, HeadcountMeasure, NameKind

AMBITIONS = {
    Ambition.STEADY: "Stay about the same size",
    Ambition.GROW: "Grow steadily",
    Ambition.SCALE: "Grow fast: by a fifth or more each year",
}
CONNECTIONS = {
    ConnectionKind.DIRECTOR: "director",
    ConnectionKind.ADVISER: "adviser",
    ConnectionKind.INVESTOR: "investor",
    ConnectionKind.ASSESSOR_INTEREST: "an assessor's declared interest",
}
MEASURES = {
    HeadcountMeasure.HEADCOUNT: "people",
    HeadcountMeasure.FULL_TIME_EQUIVALENT: "full-time equivalent",
}
NAME_KINDS = {NameKind.TRADING: "Trades as", NameKind.PREVIOUS: "Earlier name"}
PURPOSES = {
    ConsentPurpose.KEEP_IN_TOUCH: "Staying in touch",
    ConsentPurpose.SHARE_WITH_PROVIDERS: "Passing you on",
    ConsentPurpose.EVALUATION: "Learning what works",
    ConsentPurpose.NEWS: "News and events",
}
WORDINGS: dict[ConsentPurpose, dict[str, str]] = {
    ConsentPurpose.KEEP_IN_TOUCH: {
        "2026-11": "You may contact me from time to time to ask how the business is getting on.",
    },
    ConsentPurpose.SHARE_WITH_PROVIDERS: {
        "2026-11": "You may pass what I told you to organisations that can help me. "
        "You tell me which one before you do.",
    },
    ConsentPurpose.EVALUATION: {
        "2026-11": "You may use what I told you, and match my company number with official statistics, "
        "to find out whether this support works.",
    },
    ConsentPurpose.NEWS: {"2026-11": "You may send me news and events for creative businesses by email."},
}
"""Every wording that anybody was ever shown, by purpose and version. A version never changes: a new one is added."""


def current_version(purpose: ConsentPurpose) -> str:
    """The version of the wording that is shown today."""
    return max(WORDINGS[purpose])


def wording(purpose: ConsentPurpose, version: str) -> str:
    """What somebody agreed to, word for word."""
    return WORDINGS[purpose][version]
