"""Whether an applicant was written to, in words: by how many letters were queued."""

from __future__ import annotations

NOBODY = "We have not written to the applicant, because no one at the business has an account here. Tell them yourself."


def written(letters: int, what: str = "") -> str:
    """That the applicant was written to, and ``what`` with; or that there is no one to write to."""
    return f"We have written to the applicant{f' {what}' if what else ''}." if letters else NOBODY
