"""What the privacy notice says of how long data is kept, and who is responsible, is what is done and set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.config import Settings
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import now
from crm.privacy import rules
from crm.privacy.queries.retention import lines_of
from tests import factories
from tests.client import ConformingClient
from tests.starting import SOUND

MANIFESTS = [each.retention for each in FEATURES]


def words(client: ConformingClient) -> str:
    return " ".join(client.get("/privacy").text.split())


def test_the_notice_has_every_kind_with_the_period_by_which_it_is_deleted(
    reference: None, client: ConformingClient
) -> None:
    page = words(client)

    for line in lines_of(rules.kinds_in(MANIFESTS)):
        assert line.kind.what in page
        assert f"{line.period} {line.kind.since}" in page, line.kind.name
    for each in rules.lasting_in(MANIFESTS):
        assert each.what in page


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("retention.contact_months", "7", "7 months after the day on which they left"),
        ("enquiry.draft_days", "9", "deleted after 9 days without a change"),
        ("retention.complaint_months", "80", "80 months after the complaint was answered"),
    ],
)
def test_a_changed_figure_changes_the_notice_and_what_is_due_on_the_same_day(
    reference: None, db: Session, client: ConformingClient, name: str, value: str, said: str
) -> None:
    assert said not in words(client)
    given = {"name": name, "value": value, "valid_from": date(2026, 11, 20), "decided_at": now()}
    factories.figure(FigureStatus.APPROVED, **given)

    assert said in words(client)
    [line] = [each for each in lines_of(rules.kinds_in(MANIFESTS)) if each.kind.period == name]
    assert line.period.startswith(value)


def test_the_controller_and_its_officer_are_settings(app: Flask, client: ConformingClient) -> None:
    known = app.extensions["settings"]
    assert f"The controller of your personal data is {known.service_name}." in words(client)
    assert f"mailto:{known.contact_email}" in words(client)
    told = {"controller": "Made Combined Authority, 16 Made Street", "privacy_email": "officer@made.example"}

    app.extensions["settings"] = replace(known, **told)
    try:
        page = words(client)
    finally:
        app.extensions["settings"] = known

    assert "is Made Combined Authority, 16 Made Street." in page
    assert page.count("mailto:officer@made.example") == 2


def test_the_settings_are_read_from_the_environment() -> None:
    told = {"CRM_CONTROLLER": " Made Authority ", "CRM_PRIVACY_EMAIL": "officer@made.example"}

    found = Settings.from_environment(SOUND | told)

    assert (found.controller, found.privacy_email) == ("Made Authority", "officer@made.example")
