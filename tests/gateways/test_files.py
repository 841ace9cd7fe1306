"""An S3-compatible store is reached in its region, by the authority that is named, and not for ever."""

from __future__ import annotations

import time

import pytest

from crm.gateways.files import FilesUnavailable, Reach, files_from_url
from tests.gateways.stands import AUTHORITY, bucket_server

pytestmark = pytest.mark.loopback


def test_a_store_is_asked_in_its_region_by_a_private_authority() -> None:
    with bucket_server() as (bucket, url):
        files = files_from_url(url, Reach("secret", region="eu-west-2", ca_file=str(AUTHORITY)))
        files.put("shelf/one", b"kept")
        assert files.get("shelf/one") == b"kept"
        assert bucket.held == {"/files/shelf/one": b"kept"}
        files.delete("shelf/one")

    assert bucket.held == {}
    assert all("/eu-west-2/s3/aws4_request" in each for each in bucket.signed)


def test_an_authority_that_is_not_named_is_not_trusted() -> None:
    with bucket_server() as (bucket, url), pytest.raises(FilesUnavailable):
        files_from_url(url, Reach("secret", seconds=2)).put("shelf/one", b"kept")

    assert bucket.held == {}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_store_that_does_not_answer_is_given_up_in_time(is_there: bool) -> None:
    with bucket_server() as (bucket, url):
        bucket.seconds = 3.0
        address = url if is_there else "s3://KEY@127.0.0.1:1/files"
        files = files_from_url(address, Reach("secret", ca_file=str(AUTHORITY), seconds=2))
        began = time.perf_counter()
        with pytest.raises(FilesUnavailable):
            files.put("shelf/one", b"kept")
        assert time.perf_counter() - began < 4
