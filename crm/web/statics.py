"""Static files: kept for ever under an address that changes with them, compressed beforehand, and without a cookie.

One hash of all files stands in the path, so that what a style sheet or a script names beside itself has it too.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, Response, current_app, url_for
from whitenoise import WhiteNoise
from whitenoise.compress import main as compress

from crm.web.headers import FOR_EVER

BUILD = re.compile(r"[0-9a-f]{12}/")
log = logging.getLogger("crm.statics")


@cache
def build_of(folder: Path) -> str:
    """Twelve hexadecimal digits that change with any file in the folder, by its name or its bytes."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("static", filename=f"{build_of(_folder(current_app))}/{name}")


def _folder(app: Flask) -> Path:
    assert app.static_folder is not None
    return Path(app.static_folder)


def install(app: Flask, *, headers: Mapping[str, str], kept: Path | None) -> None:
    """Answer for static files before anything else looks at a request.

    ``headers`` go with each of them. In the folder ``kept`` they lie compressed, made at the first start after a change;
    where there is none they are sent as they are. A page from before a change still finds its files, as they are now.
    """
    folder = _folder(app)
    build = build_of(folder)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(_compressed(folder, kept / build) if kept else folder),
        prefix=f"{app.static_url_path}/{build}/",
        allow_all_origins=False,
        add_headers_function=lambda sent, _path, _url: _add(sent, headers),
    )
    app.view_functions["static"] = _of_any_build
    app.add_template_global(asset)


def _add(sent: Headers, headers: Mapping[str, str]) -> None:
    for name, value in {**headers, "Cache-Control": FOR_EVER}.items():
        sent[name] = value


def _of_any_build(filename: str) -> Response:
    return current_app.send_static_file(BUILD.sub("", filename, count=1))


def _compressed(folder: Path, target: Path) -> Path:
    """A copy of the folder with each file compressed beside it. Made whole or not at all: several processes start at once."""
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=target.parent))
        shutil.copytree(folder, made, dirs_exist_ok=True)
        compress(["--quiet", str(made)])
        _put(made, target)
    except OSError as error:
        log.warning("Static files are sent uncompressed: %s", error.strerror)
        return folder
    return target


def _put(made: Path, target: Path) -> None:
    """Put a folder in its place, where no other process was sooner."""
    try:
        made.rename(target)
    except OSError:
        shutil.rmtree(made)
        if not target.is_dir():
            raise
