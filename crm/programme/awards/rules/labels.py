"""The words for the states and strands of awards."""

from __future__ import annotations

STATUSES = {
    "prepared": "Offer being prepared",
    "offered": "Offer sent",
    "accepted": "Accepted",
    "declined": "Declined",
    "lapsed": "Not answered in time",
    "withdrawn": "Withdrawn",
    "ended": "Ended early",
    "completed": "Completed",
}
FOR_APPLICANTS = {
    "offered": "Offered",
    "accepted": "Awarded",
    "declined": "Declined",
    "lapsed": "Not answered in time",
    "withdrawn": "Award withdrawn",
    "ended": "Ended early",
    "completed": "Completed",
}
"""How an award is said in lists of applications, once its offer was sent."""
LETTERS = {
    "award_offer": "Email with the offer",
    "award_offer_again": "Email with the offer, sent again",
    "award_reminder": "Email to remind of the offer",
    "award_accepted": "Email that the offer was accepted",
    "award_declined": "Email that the offer was declined",
    "award_lapsed": "Email that the offer has ended",
    "award_ended": "Email that the award ended early",
    "award_completed": "Email that the award is complete",
}
COLOURS = {
    "prepared": "grey",
    "offered": "blue",
    "accepted": "green",
    "declined": "orange",
    "lapsed": "orange",
    "withdrawn": "red",
    "ended": "red",
    "completed": "turquoise",
}
CLOSING_KINDS = {"end": "End early", "complete": "Complete"}
