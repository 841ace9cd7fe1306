"""Serve the demo: migrate, load the invented data, start the worker and the server, and say where it is.

Run by the Makefile with the environment's own Python: `demo.py serve` or `demo.py reset`. PORT is the port on
127.0.0.1, CRM_DATA the folder of the database, the stored files and the mailbox.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parent.parent
# All that the demo ever writes; a reset touches nothing else, whatever folder it was given.
FILES = ("crm.db", "crm.db-wal", "crm.db-shm", "crm.db-journal", "secret.key", "stripe.json")
FOLDERS = ("mailbox", "files")
PATIENCE = 300.0  # seconds without any sign of work until a server that does not answer is given up
BETWEEN_WORDS = 10.0  # seconds of waiting until it is said again that we wait, and for what
PROCESSES = ("ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "time=")
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def fail(message: str) -> NoReturn:
    print(f"\n{message}\n", file=sys.stderr)
    raise SystemExit(1)


def port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65526):
        fail(f"PORT must be a number from 1 to 65525, not {text!r}.")
    return int(text)


def data_folder() -> Path:
    folder = Path(os.environ.get("CRM_DATA") or "var").expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"CRM_DATA must be a folder that can be written to. {error}")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """The caller's settings, made those of a demo. A DATABASE_URL left over from elsewhere is not ours to fill."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CRM_MAIL_URL"}}
    # A caller with a test key of their own tries the real thing; else a stand-in takes the payments.
    stripe = {} if kept.get("CRM_STRIPE_KEY") else pretend_stripe()
    return {**kept, **stripe, "CRM_ENV": "demo", "CRM_DATA": str(folder), "PORT": str(port())}


def pretend_stripe() -> dict[str, str]:
    """The settings of the stand-in for Stripe, ten ports above the demo. It knows no secret that is worth one."""
    return {
        "CRM_STRIPE_KEY": "sk_test_pretend",
        "CRM_STRIPE_WEBHOOK_SECRET": "whsec_pretend",
        "CRM_STRIPE_PRICE": "price_pretend_yearly",
        "CRM_STRIPE_URL": f"http://127.0.0.1:{port() + 10}",
    }


def stand_in(folder: Path, env: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """The stand-in for Stripe, where the demo's payments go there."""
    if env["CRM_STRIPE_KEY"] != pretend_stripe()["CRM_STRIPE_KEY"]:
        return []
    told = (
        str(port() + 10),
        f"http://127.0.0.1:{port()}/stripe/events",
        env["CRM_STRIPE_WEBHOOK_SECRET"],
        str(folder / "stripe.json"),
    )
    command = [sys.executable, "-m", "crm.gateways.pretend_stripe", *told]
    return [subprocess.Popen(command, cwd=ROOT, env=env)]


def hold(folder: Path) -> TextIO:
    """Keep the folder to ourselves: two demos, or a reset under a running one, would spoil it."""
    held = (folder / ".demo.lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fail(f"A demo is running on {folder} already. Stop it first, or give another folder as CRM_DATA.")
    return held


def say(message: str) -> None:
    print(message, flush=True)


def flask(*words: str, env: dict[str, str]) -> None:
    done = subprocess.run([*FLASK, *words], cwd=ROOT, env=env, check=False)
    if done.returncode:
        fail(f"The demo could not be made ready: `flask {' '.join(words)}` failed (above).")


def prepare(env: dict[str, str]) -> None:
    say("Preparing the database …")
    flask("db", "upgrade", env=env)
    say("Loading the invented data (the first time this takes a while) …")
    flask("demo", "load", env=env)


def refuse_a_port_in_use() -> None:
    for number in (port(), port() + 10):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                fail(f"Port {number} cannot be used ({error.strerror}). Give another: make demo PORT=8123")


def server_command() -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port()}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
        # It would write into the home folder, which the demo leaves alone.
        *("--no-control-socket", "--log-level", "warning"),
    ]


def wait_until_it_answers(server: subprocess.Popen[bytes]) -> None:
    """Wait as long as the server still does something, however slow the machine is, and say that we wait."""
    say("Starting the server …")
    began = said_at = busy_at = time.monotonic()
    done = work_of(server.pid)
    while not answers():
        if server.poll() is not None:
            fail("The server ended before it answered (above).")
        moment = time.monotonic()
        if moment - said_at >= BETWEEN_WORDS:
            said_at, before, done = moment, done, work_of(server.pid)
            busy_at = busy_at if done == before else moment
            say(f"Still starting after {moment - began:.0f} seconds (it has worked for {done} of them) …")
        if moment - busy_at > PATIENCE:
            fail(f"The server does not answer and has done nothing for {PATIENCE:.0f} seconds.")
        time.sleep(0.1)


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port()}/healthz", timeout=5):
            return True
    except OSError:
        return False


def work_of(pid: int) -> int:
    """The seconds for which a process and those it started have worked so far. Without `ps` it counts as working."""
    try:
        told = subprocess.run(PROCESSES, capture_output=True, text=True, check=False).stdout
    except OSError:
        return int(time.monotonic())
    rows = [line.split() for line in told.splitlines()]
    ours, before = {str(pid)}, 0
    while len(ours) > before:
        before = len(ours)
        ours |= {own for own, parent, _ in rows if parent in ours}
    return sum(seconds_of(spent) for own, _, spent in rows if own in ours)


def seconds_of(clock: str) -> int:
    """Seconds from what `ps` prints: 00:00:07, 1-02:03:04, or 0:07.52 on a Mac."""
    days, _, rest = clock.rpartition("-")
    total = 0
    for part in rest.split(":"):
        total = total * 60 + int(float(part))
    return total + 86_400 * int(days or 0)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to finish, and end it where it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def serve() -> None:
    refuse_a_port_in_use()
    folder = data_folder()
    env = environment(folder)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    with hold(folder):
        prepare(env)
        others = stand_in(folder, env)
        worker = subprocess.Popen([*FLASK, "run-worker"], cwd=ROOT, env=env)
        server = subprocess.Popen(server_command(), cwd=ROOT, env=env)
        try:
            wait_until_it_answers(server)
            print(
                f"\nThe demo is at http://127.0.0.1:{port()} (its data is in {folder}; Ctrl-C stops it).\n",
                flush=True,
            )
            flask("demo", "sign-ins", env=env)
            for _ in others:
                say(f"Payments by card go to a stand-in for Stripe: {env['CRM_STRIPE_URL']}\n")
            code = server.wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            end(server)
            for each in (worker, *others):
                end(each)
    if code:
        fail(f"The server ended with code {code}.")


def reset() -> None:
    folder = data_folder()
    with hold(folder):
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
        for name in FOLDERS:
            if (folder / name).is_dir() and not (folder / name).is_symlink():
                shutil.rmtree(folder / name)
        prepare(environment(folder))
    print(f"The demo's data in {folder} is new. `make demo` serves it.")


if __name__ == "__main__":
    {"serve": serve, "reset": reset}[sys.argv[1]]()
