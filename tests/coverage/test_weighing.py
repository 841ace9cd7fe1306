"""The emptiest places are weighed by a published figure with its source: brought in as a file, looked through, put to use."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.coverage.models import CoverageCount, CoverageGap, DistrictFigures
from crm.coverage.queries.counting import is_due
from crm.coverage.queries.parts import outcodes
from crm.coverage.rules.bands import Band
from crm.coverage.rules.weighing import read_counts
from crm.kernel.clock import now
from crm.kernel.errors import BadInput
from crm.kernel.roles import Role
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient, errors_of
from tests.coverage.test_pages import counted_now

PAGES = "/coverage/businesses"
FILE = 'District,Businesses\nb12,40\nCV1,"1,200"\nSW1A,9\n'


def send(client: ConformingClient, text: str | bytes = FILE, **more: str) -> Any:
    data = {"source": "Companies House, free company data", "as_of-day": "1", "as_of-month": "10"}
    body = text if isinstance(text, bytes) else text.encode()
    sent = {**data, "as_of-year": "2026", "file": (io.BytesIO(body), "counts.csv")} | more
    return client.post(f"{PAGES}/bring", data=sent)


def test_an_administrator_brings_in_a_figure_with_its_source_looks_through_it_and_the_map_is_weighed_by_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    for _ in range(3):
        factories.business(trading_outcode="B13", dcms_groups=("crafts",))
    counted_now()
    assert db.scalars(select(CoverageGap.outcode).where(CoverageGap.position == 1)).first() == "B13"
    assert "No published figure is in use" in " ".join(client.get("/coverage").text.split())
    client.sign_in(cast.administrator)
    led_to = send(client).headers["Location"]
    seen = " ".join(client.get(led_to).text.split())
    for words in ("1,240 creative businesses in 2 of the 158 districts", "Not used yet", "Not in the file"):
        assert words in seen
    assert not is_due(), "nothing changes before it is used"
    assert client.post(f"{led_to}/use").status_code == 303
    assert is_due()
    counted_now()
    assert db.scalars(select(CoverageGap.outcode).where(CoverageGap.position == 1)).first() == "CV1"
    client.sign_out()
    told = " ".join(client.get("/coverage").text.split())
    assert "Companies House, free company data, as of 1 October 2026, 1,240 in the region" in told
    assert "1,200 creative businesses there" in told, "what is published is told to everybody"
    assert "asked in vain" not in told.replace("asked for it in vain", "")


def test_what_is_removed_gives_way_to_the_figures_before_it_and_then_to_the_businesses_we_know(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    first = send(client).headers["Location"]
    client.post(f"{first}/use")
    db.scalars(select(DistrictFigures)).one().used_at = now() - timedelta(days=1)
    db.flush()
    second = send(client, "district;businesses\nB1;7\n", source="A later count").headers["Location"]
    client.post(f"{second}/use")
    assert client.post(f"{first}/use").status_code == 409
    for path, said in ((None, "A later count"), (second, "Companies House, free company data"), (first, "")):
        if path:
            assert client.post(f"{path}/remove").status_code == 303
        counted_now()
        assert db.scalars(select(CoverageCount.source)).one() == said
    assert db.scalar(select(DistrictFigures.id)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("district,businesses\nB12,many\n", "Line 2: “many” is not a whole number of businesses"),
        ("district,businesses\nB12,-4\nB13,1.5\n", "Line 2: “-4” is not a whole number"),
        ("district,businesses\nB12,-4\nB13,1.5\n", "Line 3: “1.5” is not a whole number"),
        ("district,businesses\nB12,\n", "Line 2: businesses is empty"),
        ("district,businesses\nB12,1\nB 12,2\n", "Line 3: B12 is in line 2 already"),
        ("district,businesses\nBrum,1\n", "Line 2: “Brum”: This is not a postcode district"),
        ("district,businesses\nB12,100001\n", "Line 2: a district has at most 100,000 businesses"),
        ("district,businesses\nB12,٣\n", "Line 2: “٣” is not a whole number"),
        ("district,businesses\nB12\n", "Line 2: this line has 1 cell"),
        ("district,number\nB12,1\n", "Missing: businesses"),
        ("district,businesses\nSW1A,5\n", "counts no business in any district"),
        ("district,businesses\nB12,0\n", "counts no business in any district"),
        ("", "the file is empty"),
        (b"PK\x03\x04xx", "it is a workbook"),
        (b"district,businesses\nB12,\x81\n", "encoding is not certain"),
        ("district,businesses\n" + "B12,1\n" * 5_001, "too many rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_line_and_nothing_is_saved(
    client: ConformingClient, cast: Cast, db: Session, text: str | bytes, said: str
) -> None:
    client.sign_in(cast.administrator)
    answer = send(client, text)

    assert answer.status_code == 422
    assert said.casefold() in " ".join(errors_of(answer)).casefold()
    assert 'value="Companies House, free company data"' in answer.text
    assert db.scalar(select(DistrictFigures.id)) is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": " "}, "Enter who published the figures"),
        ({"as_of-year": "2062"}, "must be"),
        ({"as_of-day": "", "as_of-month": "", "as_of-year": ""}, "Enter the day that the figures are of"),
    ],
)
def test_a_figure_without_its_source_and_day_is_refused(
    client: ConformingClient, cast: Cast, more: dict[str, str], said: str
) -> None:
    client.sign_in(cast.administrator)
    answer = send(client, **more)

    assert answer.status_code == 422
    assert said in " ".join(errors_of(answer))


def test_a_file_is_bounded() -> None:
    with pytest.raises(BadInput, match="too large: the most is 1 megabytes"):
        read_counts(b"x" * 1_000_001, outcodes())


def test_the_first_faults_of_many_are_named_and_the_rest_counted() -> None:
    with pytest.raises(BadInput, match=r"^Line 2: .*Line 11: .*; and 20 more$"):
        read_counts(b"district,businesses\n" + b"B12,x\n" * 30, outcodes())


def test_only_an_administrator_brings_figures_and_a_funder_reads_no_number_of_ours(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    led_to = send(client).headers["Location"]
    assert "Known to us" in client.get(led_to).text
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    for part in (cast.adviser, cast.auditor, funder):
        client.sign_in(part)
        assert client.get(PAGES).status_code == 200
        assert client.post(f"{led_to}/use").status_code == 403
        assert client.post(f"{led_to}/remove").status_code == 403
        assert send(client).status_code == 403
    assert "Known to us" not in client.get(led_to).text
    client.sign_in(cast.founder)
    assert client.get(PAGES).status_code in (403, 404)


def test_an_imagined_service_says_whose_figure_it_serves(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    client.post(f"{send(client).headers['Location']}/use")
    counted_now()
    page = " ".join(client.get(f"/coverage/what-if?need=labs&band={Band.MICRO}").text.split())

    assert "creative businesses that have nothing now and would have this" in page
    assert "Companies House, free company data, as of 1 October 2026" in page
