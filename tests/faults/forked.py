"""Processes forked from one that has imported the product: each is a process of its own, and starts at once."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["crm.app"])


@dataclass
class Forked:
    """Such a process, asked as one of ``subprocess`` is."""

    process: Any

    def wait(self, patience: float) -> int:
        """How it ended, which it must within so many seconds; below zero, by which signal."""
        self.process.join(patience)
        code = self.process.exitcode
        assert isinstance(code, int), f"it did not end in {patience:.0f} seconds"
        return code

    def send_signal(self, number: int) -> None:
        os.kill(self.process.pid, number)


@contextmanager
def forked(words: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[Forked]:
    """What ``python`` does with these words, ``-m module …`` or ``-c code``, as a process of its own; ended in the end."""
    made = FORKS.Process(target=become, args=(words, dict(environment)))
    made.start()
    try:
        yield Forked(made)
    finally:
        made.kill()
        made.join()
        made.close()


def become(words: tuple[str, ...], environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    how, what, *more = words
    sys.argv = [what, *more]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<a test>", "exec"), {"__name__": "__main__"})  # noqa: S102 a test wrote it
