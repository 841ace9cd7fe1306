"""The terms of an award in plain words. A change of words is a new version: an offer keeps the version it was sent with."""

from __future__ import annotations

TERMS_VERSION = "2"
_SPEND = "Spend the grant only on what this letter says it is for, between the start and the end date."
_REST = (
    "Do not spend on the project before you accept this offer. Earlier spending cannot be claimed.",
    "You are paid after you claim: send the evidence of each milestone and your invoices.",
    "Tell us before you change what you do, when you do it or what you spend it on. We have to agree first.",
    "Tell us at once if your company is being wound up, sold or closed.",
    "Keep your records for six years. We and the funder may ask to see them.",
    "If you do not keep to these terms, we may stop payments or ask for money back.",
    "Tell us how your business is doing 6, 12 and 24 months after the award.",
)
_TERMS = {
    "1": (_SPEND, "Pay your own share of the project from other money, as this letter says.", *_REST),
    "2": (_SPEND, "Where this letter names a share of your own, pay it from other money.", *_REST),
}


def terms_of(version: str) -> tuple[str, ...]:
    """The terms of a version, each a sentence or two."""
    return _TERMS[version]
