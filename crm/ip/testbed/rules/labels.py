"""What is said of test-bed projects, of who takes part, and of lessons, in words."""

from __future__ import annotations

STAGES = {
    "proposed": "Proposed",
    "agreed": "Agreed",
    "running": "Running",
    "reporting": "Reporting",
    "finished": "Finished",
    "stopped": "Stopped",
}
STAGE_COLOURS = {
    "proposed": "yellow",
    "agreed": "blue",
    "running": "green",
    "reporting": "purple",
    "finished": "grey",
    "stopped": "red",
}
PART_WORDS = {
    "invited": "Invited",
    "cancelled": "Invitation cancelled",
    "taking_part": "Taking part",
    "declined": "Declined",
    "withdrawn": "Withdrew",
}
PART_COLOURS = {
    "invited": "yellow",
    "cancelled": "grey",
    "taking_part": "green",
    "declined": "grey",
    "withdrawn": "grey",
}
ONCE_OVER = {"invited": "Did not answer", "taking_part": "Took part"}
"""What is said of a business instead once the project is over."""
LESSON_WORDS = {
    "draft": "Draft",
    "submitted": "Waiting for approval",
    "published": "Published",
    "taken_back": "Taken back",
    "discarded": "Discarded",
}
LESSON_COLOURS = {
    "draft": "yellow",
    "submitted": "blue",
    "published": "green",
    "taken_back": "red",
    "discarded": "grey",
}
NAMING_WORDS = {
    "asked": "Not answered yet",
    "agreed": "Agreed to be named",
    "refused": "Does not agree to be named",
}
NAMING_COLOURS = {"asked": "yellow", "agreed": "green", "refused": "red"}
TOLD = {
    "title": "Name",
    "question": "The question",
    "hypothesis": "What is expected",
    "starts_on": "First day",
    "ends_on": "Last day",
    "partners": "Partners",
}
"""What the businesses of a project are told of it, in the words of the letter that says it has changed."""
LONGEST_TEXT, LONGEST_REASON = 10_000, 500


def said_part(status: str, *, is_over: bool) -> str:
    """How a business stands to a project, which may be over."""
    return ONCE_OVER.get(status, PART_WORDS[status]) if is_over else PART_WORDS[status]
