"""The product started as a process of its own, with settings that are sound but for what a test changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET = "b6f1e09c4d7a4f0e8c21d95a37be60418f3c5d2e7a9b4610"
SOUND = {
    "CRM_ENV": "production",
    "CRM_DATA": "/nonexistent",
    "DATABASE_URL": "postgresql://crm@127.0.0.1:1/crm",
    "CRM_SECRET_KEY": SECRET,
    "CRM_BASE_URL": "https://support.example.org",
    "CRM_MAIL_URL": "smtp://mail.example.org",
    "CRM_MAIL_FROM": "no-reply@support.example.org",
    "CRM_CONTACT_EMAIL": "hello@support.example.org",
    "CRM_TRUSTED_PROXIES": "1",
}
KEPT = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
Done = subprocess.CompletedProcess[str]


def started(*words: str, settings: Mapping[str, str]) -> Done:
    """What one of the product's commands said and how it ended, with these settings and no others."""
    around = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return _done(command, {**around, **settings})


def served(settings: Mapping[str, str]) -> Done:
    """The same of the server, which is not told where to listen: it must not come so far."""
    around = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", "--workers", "2"]
    return _done([*command, "--no-control-socket", "--log-level", "critical"], {**around, **settings})


def _done(command: list[str], environment: dict[str, str]) -> Done:
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def refusal_of(done: Done) -> str:
    """Why it did not start: the second of three lines, none of which is of a traceback, and nothing else was said."""
    lines = done.stderr.splitlines()
    assert done.returncode == 4, done
    assert len(lines) == 3, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return lines[1].removeprefix("- ")
