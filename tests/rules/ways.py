"""One browser for the whole cast, and what each door has answered so far."""

from __future__ import annotations

from collections import Counter

from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.rules.samples import Case

# An empty form comes back to everybody alike. What cannot be done now may be another's to do, as where makers do not check.
COUNTS = {422: 2, 409: 1}
ENOUGH = 2


class Ways:
    """One browser in which each of the cast has signed in once; they are themselves again at every knock."""

    def __init__(self, client: ConformingClient, cast: Cast) -> None:
        self.client = client
        self.cookies = {each.part: dict(client.sign_in(each)._cookies or {}) for each in cast}
        self.well: set[Case] = set()
        self.again: Counter[Case] = Counter()

    def of(self, member: Member) -> ConformingClient:
        self.client._cookies, self.client.sender = dict(self.cookies[member.part]), member.id
        return self.client

    def note(self, case: Case, status: int) -> None:
        """Note that something was posted well, that a form was shown again, or that it cannot be done now."""
        if case.method == "POST" and status < 400:
            self.well.add(case)
        if case.method == "POST":
            self.again[case] += COUNTS.get(status, 0)

    def has_answered(self, case: Case) -> bool:
        """Whether another who is let in would see no more: it was done, the empty form came back, or two were told why not.

        What a button does may depend on who presses it; what an empty form lacks does not, and each of them has opened
        its page.
        """
        return case in self.well or self.again[case] >= ENOUGH
