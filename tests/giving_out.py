"""How tests are given out to workers: by file, what takes longest first, and together what stands on one stage."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# The demonstration is loaded, and the browser started, by the one worker that needs it.
TOGETHER = {
    "tests/browser/": "the browser",
    **dict.fromkeys(
        (
            "tests/rules/test_crawl.py",
            "tests/rules/test_demo.py",
            "tests/rules/test_marks.py",
            "tests/rules/test_numbers.py",
            "tests/rules/test_read_aloud.py",
            "tests/rules/test_values_in_words.py",
            "tests/rules/test_verbs.py",
        ),
        "the demonstration",
    ),
    # Each of these reads the source of the whole product first, and parses it.
    **dict.fromkeys(
        (
            f"tests/rules/test_{name}.py"
            for name in ("laws", "sizes", "templates", "trail", "follows", "docs")
        ),
        "the source",
    ),
}
# What of them runs on PostgreSQL, another worker can have.
BY_ENGINE = {"tests/rules/test_doors.py", "the demonstration"}
# What is begun with, the slowest first; all else follows as it comes. Where this is out of date, the end is a little less even.
FIRST = (
    "the browser",
    "tests/rules/test_doors.py",
    "the demonstration",
    "tests/rules/test_doors.py on PostgreSQL",
    "the demonstration on PostgreSQL",
    "the source",
    "tests/faults/test_workers.py",
    "tests/rules/",
    "tests/faults/",
)


class ByFile(LoadScopeScheduling):
    """Gives out whole files. A worker that has done its own takes the next that nobody has begun."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        stage = next((stage for start, stage in TOGETHER.items() if file.startswith(start)), file)
        return f"{stage} on PostgreSQL" if stage in BY_ENGINE and "[postgresql" in nodeid else stage

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = min(self.workqueue, key=rank)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def rank(scope: str) -> int:
    """The place of a scope among those that are begun with."""
    if scope in FIRST:
        return FIRST.index(scope)
    return next((place for place, start in enumerate(FIRST) if scope.startswith(start)), len(FIRST))
