"""A real browser on the real demo: what `make demo` serves, in Chromium, with axe on every page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Response,
    expect,
    sync_playwright,
)

from tests.browser.entering import DEMO
from tests.engines import PATIENCE, free_port
from tools.demo import work_of

ROOT = Path(__file__).resolve().parents[2]
PHONE = (390, 844)
DESK = (1280, 900)
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    # It would look up its maker's hosts at every start.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # What a test draws does not depend on the machine's memory for shared files.
    "--disable-dev-shm-usage",
    # All pages are of one site: one process draws them all.
    *("--renderer-process-limit=1", "--disable-site-isolation-trials", "--in-process-gpu"),
)
# The browser without windows comes first: it needs two thirds of the work of the whole one.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
without_script: set[BrowserContext] = set()
BETWEEN_LOOKS = 10.0  # seconds until it is looked whether a demo that does not answer yet still works
IN_A_PAGE = 120.0
"""Seconds for which a page is watched for what it should show: no machine is that slow, and a wrong word is told some time."""
expect.set_options(timeout=IN_A_PAGE * 1000)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# What a page does well need not be described.
AXE = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
# Every page is given axe when it is opened, and unpacks it when it is asked: to send it each time takes longer.
GIVE_AXE = f"window.__unpack_axe = () => {{ {AXE_SCRIPT} }}"
# How a page is built: each element by its name, its classes and whatever else says how it looks and what it is, and
# whether it has words of its own; and in which colours, on which grounds, its words stand.
DRAWN = """() => {
  const plain = /^(id|for|name|value|href|action|content|src|srcset|headers|datetime|title|d|points|x|y|width|height|style)$/;
  const nameless = text => text.replace(/[0-9a-f-]{36}|[0-9]+/g, "#");
  const built = [], inks = new Set();
  const walk = (node, above) => {
    const told = [...node.attributes].filter(each => !plain.test(each.name))
      .map(each => `${each.name}=${nameless(each.value)}`).sort().join();
    const words = [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    built.push(node.localName, "[", told, "]", words ? "w" : "", "(");
    const look = getComputedStyle(node);
    const hides = look.backgroundColor.startsWith("rgb(") && look.backgroundImage === "none" && look.opacity === "1";
    const ground = (hides ? "" : above) + [look.backgroundColor, look.backgroundImage, look.opacity];
    if (words || node.value) inks.add([look.color, look.fontSize, look.fontWeight, look.textShadow, ground].join());
    for (const child of node.children) walk(child, ground);
    built.push(")");
  };
  walk(document.documentElement, "");
  return [built.join(""), [...inks]];
}"""
RUN_AXE = "options => { window.__unpack_axe(); return axe.run(options).then(found => found.violations) }"


# ---------------------------------------------------------------- the server


@pytest.fixture(scope="package")
def demo_folder() -> Iterator[Path]:
    """The folder of the demo's data: its database, its mailbox, its files."""
    folder = Path(tempfile.mkdtemp(prefix="crm-demo-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def live_server(demo_folder: Path) -> Iterator[str]:
    """The address of a running demo: migrated, loaded, with its worker, as `make demo` serves it."""
    port = free_port()
    env = {**os.environ, "CRM_DATA": str(demo_folder), "PORT": str(port)}
    log = demo_folder / "demo.log"
    with log.open("wb") as output:
        demo = subprocess.Popen(
            [sys.executable, "tools/demo.py", "serve"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(demo, address, log)
        DEMO[address] = demo_folder
        yield address
    finally:
        DEMO.clear()
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=PATIENCE)


def _wait(demo: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait as long as the demo still works: to load its data takes as long as a busy machine lets it."""
    done, looks_in_vain = 0, 0
    while demo.poll() is None and looks_in_vain * BETWEEN_LOOKS < PATIENCE:
        until = time.monotonic() + BETWEEN_LOOKS
        while time.monotonic() < until and demo.poll() is None:
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        before, done = done, work_of(demo.pid)
        looks_in_vain = looks_in_vain + 1 if done == before else 0
    pytest.fail(f"the demo did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture
def mailbox(live_server: str, demo_folder: Path) -> Path:
    """The folder where the demo's worker puts the letters it sends."""
    return demo_folder / "mailbox"


# ---------------------------------------------------------------- the browser


def chromium_path() -> str:
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("Chromium is not installed: apt-get install chromium (`make test` does)")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield opened
        opened.close()


@dataclass
class Complaints:
    """What the browser complained of: script errors, refused styles and scripts, things not found."""

    pages: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))

    def _response(self, response: Response) -> None:
        # The browser also reports a page answered 404 or 422 as something not loaded: a test may mean that.
        if response.request.is_navigation_request():
            self.pages.add(response.url.split("#")[0])
        elif response.status >= 400:
            self.said.append(f"{response.status} for {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        is_the_page = (
            message.text.startswith("Failed to load resource") and message.location["url"] in self.pages
        )
        if message.type in {"error", "warning"} and not is_the_page:
            self.said.append(f"{message.type}: {message.text} ({message.location['url']})")


@pytest.fixture
def no_tries(live_server: str, demo_folder: Path) -> None:
    """Forget the tries of the tests before: they share one demo, and its limits count them as one visitor's."""
    with closing(sqlite3.connect(demo_folder / "crm.db", timeout=PATIENCE)) as database, database:
        database.execute("DELETE FROM throttle_count")


@pytest.fixture
def open_context(
    browser: Browser, live_server: str, no_tries: None
) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser of one's own, with no cookies: `open_context(size=PHONE, script=True)`.

    Whatever it complains of fails the test, when the test has ended.
    """
    opened: list[BrowserContext] = []
    complaints = Complaints()

    def open_one(*, size: tuple[int, int] = PHONE, script: bool = True) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(IN_A_PAGE * 1000)
        context.on("page", complaints.listen)
        opened.append(context)
        if script:
            context.add_init_script(GIVE_AXE)
        else:
            without_script.add(context)
        return context

    yield open_one
    for context in opened:
        without_script.discard(context)
        context.close()
    assert complaints.said == [], "the browser complained"


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone, 390 pixels wide. A picture of its last page is kept where CRM_SCREENSHOTS names a folder."""
    opened = open_context(size=PHONE).new_page()
    yield opened
    keep_picture(opened, request.node.name)


@pytest.fixture
def wide_page(open_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A desk, 1280 pixels wide."""
    opened = open_context(size=DESK).new_page()
    yield opened
    keep_picture(opened, f"{request.node.name}-wide")


@pytest.fixture
def page_without_js(
    open_context: Callable[..., BrowserContext], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    opened = open_context(size=PHONE, script=False).new_page()
    yield opened
    keep_picture(opened, f"{request.node.name}-without-script")


def keep_picture(page: Page, name: str) -> None:
    """Save the whole page as a picture, where CRM_SCREENSHOTS names a folder; else nothing."""
    folder = os.environ.get("CRM_SCREENSHOTS")
    if folder and page.url != "about:blank":
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(
            path=str(Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"), full_page=True
        )


# ---------------------------------------------------------------- what a page owes


BEING_REPLACED = ("reading 'documentElement'", "Execution context was destroyed", "frame was detached")
"""What a script is told whose page went away under it: it was right about neither page."""


def in_a_whole_page(page: Page, look: Callable[[], Any]) -> Any:
    """What `look` sees once the page has arrived; asked again where a click's answer replaced the page meanwhile."""
    deadline = time.monotonic() + IN_A_PAGE
    while True:
        page.locator("main").wait_for()
        page.wait_for_load_state()
        try:
            return look()
        except Error as gone:
            if time.monotonic() > deadline or not any(words in gone.message for words in BEING_REPLACED):
                raise


@dataclass
class Judged:
    """What axe has passed: pages by how they are built, at each width, and the inks of words on their grounds."""

    pages: set[tuple[int, bytes]] = field(default_factory=set)
    inks: set[str] = field(default_factory=set)

    def knows(self, page: Page, built: str) -> bool:
        """Whether such a page was passed before; it is from now on, since a test ends where axe finds anything."""
        key = page.viewport_size["width"], sha256(built.encode()).digest()  # type: ignore[index]
        known = key in self.pages
        self.pages.add(key)
        return known

    def options(self, inks: list[str]) -> dict[str, Any]:
        """What axe is asked: to measure contrast takes half of its time, so only where an ink or a ground is new."""
        is_new = not self.inks.issuperset(inks)
        self.inks.update(inks)
        return AXE if is_new else {**AXE, "rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Fail with everything that axe finds on a page (WCAG 2.2 A and AA, and its best practices).

    A page built as one before, but for its words, numbers and addresses, is passed with it: the ids and labels of every
    page are judged by the conforming client, too.
    """
    judged = Judged()

    def check(page: Page) -> None:
        assert page.context not in without_script, "axe is a script: it would wait for ever in a page without"
        built, inks = in_a_whole_page(page, lambda: page.evaluate(DRAWN))
        if judged.knows(page, built):
            return
        options = judged.options(inks)
        violations = in_a_whole_page(page, lambda: page.evaluate(RUN_AXE, options))
        found = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    "
            + "\n    ".join(node["html"] for node in rule["nodes"])
            for rule in violations
        ]
        assert found == [], f"axe on {page.url}:\n" + "\n".join(found)

    return check


@pytest.fixture(scope="session")
def assert_fits() -> Callable[[Page], None]:
    """Fail where a page scrolls sideways."""

    def check(page: Page) -> None:
        wide = in_a_whole_page(page, lambda: page.evaluate("document.documentElement.scrollWidth"))
        assert wide <= page.viewport_size["width"], f"{page.url} is {wide} pixels wide"

    return check
