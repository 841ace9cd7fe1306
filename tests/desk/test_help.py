"""The page that says who can do what: by role, in words, folded."""

from __future__ import annotations

import re

from tests.client import ConformingClient


def test_who_can_do_what_is_said_by_role_in_words_and_folded(client: ConformingClient) -> None:
    page = client.get("/help/who-may-do-what").text
    roles = dict(re.findall(r"summary-text\">\s*([A-Z][a-z -]+): (\d+) things", page))

    assert {"Founder", "Adviser", "Finance officer", "Provider"} <= roles.keys()
    assert int(roles["Founder"]) > 50
    assert page.count("<details") > 40, "each role and each workflow is folded"
    assert not re.search(r">[^<]*[a-z]+_[a-z]+[^<]*<", page.partition("<main")[2]), "no code is shown raw"
    for said in ("Record an enquiry", "Add a bank holiday", "See their own desk", "Read the audit log"):
        assert said in page
    assert "Take down enquiry" not in page
    for wrong in (
        "a select",
        "Agree a with",
        "a maybe",
        "a leading",
        "delegate missing",
        "a several",
        "a wrong",
        "an after",
    ):
        assert wrong not in page
    assert "Record that a delegate did not go" in page
