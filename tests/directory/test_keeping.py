"""The directory is kept through its pages: a service is added, edited, confirmed, doubted, closed and retired."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.directory import queries
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus as S
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

NEW = {
    "service_id": "quiet_loom_grant",
    "name": "Quiet Loom grant",
    "provider": "Quiet Loom Trust",
    "description": "Money",
    "cost_type": "",
    "source": "Their page",
}


@pytest.fixture
def manager(client: ConformingClient, cast: Cast) -> ConformingClient:
    return client.sign_in(cast.hub_manager)


def ends(client: ConformingClient, path: str, said: str, data: dict[str, str]) -> None:
    answer = client.post(path, data=data)
    assert answer.status_code == 303, re.findall(r"error-message.*?</p>", answer.text, re.DOTALL)
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert said in page.text


def test_a_service_is_added_and_edited(manager: ConformingClient, db: Session) -> None:
    assert manager.get("/directory/new").status_code == 200
    ends(manager, "/directory/new", "Quiet Loom grant added.", NEW | {"opens_on-day": "1 jan 26"})
    made = queries.service("quiet_loom_grant")
    assert made is not None
    assert (made.status, str(made.opens_on)) == (S.CHECK, "2026-01-01")
    where = "/directory/services/quiet_loom_grant"
    assert manager.get(f"{where}/edit").status_code == 200
    ends(manager, f"{where}/edit", "Changes saved.", NEW | {"name": "Quiet Loom\nloan"})
    db.expire_all()
    assert manager.get(f"{where}").status_code == 200
    again = queries.service("quiet_loom_grant")
    assert again is not None
    assert again.name == "Quiet Loom loan"


@pytest.mark.parametrize(
    ("act", "from_", "to", "said"),
    [
        ("confirm", S.CHECK, S.OPEN, "open."),
        ("doubt", S.OPEN, S.CHECK, "to be checked."),
        ("close", S.OPEN, S.CLOSED, "closed."),
        ("retire", S.OPEN, S.HISTORIC, "no longer runs."),
    ],
)
def test_a_service_is_checked_by_whoever_keeps_it(
    manager: ConformingClient, db: Session, act: str, from_: S, to: S, said: str
) -> None:
    made = factories.service(from_)
    where = f"/directory/services/{made.service_id}"
    assert manager.get(f"{where}/check").status_code == 200
    ends(manager, f"{where}/{act}", said, {"source": "Rang them"})
    db.expire_all()
    assert db.get_one(Service, made.id).status is to


def test_k23_the_history_of_a_service_is_told_in_words(manager: ConformingClient) -> None:
    made = factories.service(S.CHECK)
    made.checked_on = date(2023, 3, 1)
    where = f"/directory/services/{made.service_id}"
    ends(manager, f"{where}/confirm", "open.", {"source": "Rang them today"})
    told = re.sub(r"\s+", " ", manager.get(where).text)
    assert "Status: To be checked → Open" in told
    assert "Checked: 1 March 2023 → " in told


def test_k12_an_invented_service_is_not_checked_and_says_so_before_the_form(
    manager: ConformingClient, db: Session
) -> None:
    made = factories.service(S.ILLUSTRATIVE)
    assert manager.get(f"/directory/services/{made.service_id}/check").status_code == 409


def test_a_service_is_found_by_its_row_too_for_links_from_the_audit_log(
    manager: ConformingClient, db: Session
) -> None:
    made = factories.service()
    page = manager.get(f"/directory/services/{made.id}")
    assert page.status_code == 200
    assert made.name in page.text


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(("exporting", "Abroad 7"), ("exports", "Abroad 7"), ("Selling abroad", "Abroad 7")),
        *(("trade marks", "Marks 7"), ("trademark", "Marks 7"), ("R&D", "Lab 7"), ("r and d", "Lab 7")),
        ("Research and Development", "Lab 7"),
    ],
)
def test_the_page_finds_any_form_of_a_word(
    manager: ConformingClient, db: Session, words: str, name: str
) -> None:
    factories.service(name="Abroad 7", description="Advice for exporters 7", needs=("export",))
    factories.service(name="Marks 7", description="Your trade mark 7", needs=("ip_basics",))
    factories.service(name="Lab 7", description="Days in a lab 7", needs=("r_and_d",))
    page = manager.get("/directory", query_string={"q": f"{words} 7"}).text
    assert re.findall(r">(\w+ 7)<", page) == [name]


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_invented_examples_are_offered_as_a_filter_in_a_demonstration_alone(
    client: ConformingClient, monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    known = client.application.extensions["settings"]
    monkeypatch.setitem(client.application.extensions, "settings", replace(known, environment=environment))

    assert ("Invented example" in client.get("/directory").text) is (environment == "demo")
    assert client.get("/directory?status=open").status_code == 200
