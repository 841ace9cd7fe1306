"""What `make demo` does while it waits: as long as the server still works, on however slow a machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools import demo


class Clock:
    """A clock that goes on by ten seconds with every look at it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 10
        return self.seconds

    def sleep(self, _seconds: float) -> None:
        """No time is lost by waiting here."""


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def clock_of_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "time", Clock())


def test_the_demo_waits_for_a_server_that_still_works_and_says_so(
    clock_of_demo: None,
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    looks = iter(range(2_000))
    monkeypatch.setattr(demo, "work_of", lambda _pid: next(looks))
    monkeypatch.setattr(demo, "answers", lambda: next(looks) > 1_900)

    demo.wait_until_it_answers(sleeper)

    assert "Still starting after 9000 seconds" in capsys.readouterr().out


def test_the_demo_gives_up_where_nothing_happens_any_more(
    clock_of_demo: None,
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(demo, "work_of", lambda _pid: 7)
    monkeypatch.setattr(demo, "answers", lambda: False)

    with pytest.raises(SystemExit):
        demo.wait_until_it_answers(sleeper)

    assert "has done nothing for 300 seconds" in capsys.readouterr().err


def test_a_server_that_ended_is_not_waited_for(
    clock_of_demo: None,
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(demo, "answers", lambda: False)
    sleeper.kill()
    sleeper.wait()

    with pytest.raises(SystemExit):
        demo.wait_until_it_answers(sleeper)

    assert "ended before it answered" in capsys.readouterr().err


def test_the_work_of_a_process_is_that_of_all_it_started() -> None:
    listed = [
        ("10", "1", "00:00:07"),
        ("11", "10", "00:01:00"),
        ("12", "11", "1-00:00:01"),
        ("13", "1", "00:09:00"),
    ]
    told = "".join("  ".join(each) + "\n" for each in listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "PROCESSES", ("printf", "%s", told))
        assert demo.work_of(10) == 7 + 60 + 86_401


@pytest.mark.parametrize(
    ("clock", "seconds"), [("00:00:07", 7), ("1-02:03:04", 93_784), ("0:07.52", 7), ("61:00", 3_660)]
)
def test_what_ps_prints_is_read_as_seconds(clock: str, seconds: int) -> None:
    assert demo.seconds_of(clock) == seconds
