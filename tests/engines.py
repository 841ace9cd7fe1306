"""The two database engines that the tests run on: SQLite, and a private PostgreSQL cluster of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

ENGINES = ("sqlite", "postgresql")
# Seconds until the tests give up waiting for something. A wait ends by what happens; this is for what never will,
# and is so long that no machine is too slow for it.
PATIENCE = 600.0
ATTEMPTS = 3  # another program may take the free port between our finding it and using it
SETTINGS = {
    # Its data are thrown away: speed before safety.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Tables without statistics seem large to its planner: it would compile queries and divide them for a dozen rows.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class NoPostgreSQL(RuntimeError):
    """The tests' PostgreSQL cannot be had; the message says what to do. Never a reason to skip."""


@dataclass
class Cluster:
    """A PostgreSQL cluster in a folder of its own, on a free port of loopback, gone when the tests end."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast: open connections are closed, not waited for
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def programs() -> Path:
    """The folder of PostgreSQL's server programs, the newest version first."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]), reverse=True
    )
    found = shutil.which("postgres")
    if versions:
        return versions[0].parent
    if found:
        return Path(found).resolve().parent
    raise NoPostgreSQL("PostgreSQL's server is not installed: apt-get install postgresql (`make test` does)")


def start_cluster() -> Cluster:
    """Make a cluster and start it. As root its programs run as the user postgres, since they refuse root."""
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="crm-postgresql-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(
        [
            *(*_as_postgres(), str(bin_folder / "initdb"), "--pgdata", str(folder / "data")),
            *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--no-sync", "--no-instructions"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise NoPostgreSQL(f"initdb failed: {made.stderr.decode(errors='replace')}")
    for _attempt in range(ATTEMPTS):
        cluster = _started(bin_folder, folder)
        if _answers(cluster):
            return cluster
    raise NoPostgreSQL(f"the private PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _as_postgres() -> list[str]:
    """What a command is run under: another user when we are root, and never outliving the tests."""
    ending = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return ending
    return [*ending, "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


def _started(bin_folder: Path, folder: Path) -> Cluster:
    port = free_port()
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(*_as_postgres(), str(bin_folder / "postgres"), "-D", str(folder / "data")),
                *("-p", str(port), *options),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for the tests, which stop the cluster when they have cleaned up.
            start_new_session=True,
        )
    return Cluster(folder, port, process)


def _answers(cluster: Cluster) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and cluster.process.poll() is None:
        try:
            psycopg.connect(f"{cluster.address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def make_database(address: str, name: str) -> str:
    """An empty database of this name, in place of any before it; its URL."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{address}/{name}"


def copy_database(address: str, source: str, name: str) -> str:
    """A database of this name with all that the source holds, which nobody may be connected to; its URL."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'.encode())
    return f"{address}/{name}"
