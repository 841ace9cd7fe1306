"""Vendors the design system's stylesheet and script, without the marks that are not ours to wear.

The design system may be used by anyone, except its branding: the crown, the royal crest, the GDS
Transport typeface and the GOV.UK name and header. This takes an unpacked `govuk-frontend` package and
writes what remains, leaving out the components this service does not use.

    npm pack govuk-frontend@6.3.0 && tar xzf govuk-frontend-6.3.0.tgz
    python tools/vendor_govuk.py package crm/static/vendor
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Branding first, then components that no page of ours has.
LEFT_OUT = (
    "header",
    "generic-header",
    "footer",
    "logo-dot",
    "cookie-banner",
    "exit-this-page",
    "accordion",
    "accordion-nav",
    "tabs",
    "phase-banner",
    "service-navigation",
    "file-upload-button",
    "drop-zone",
    "file-upload-wrapper",
    "character-count",
    "breadcrumbs--inverse",
    "back-link--inverse",
    "button--inverse",
    "link--inverse",
    "summary-card",
    "link-image",
    "exit-this-page-overlay",
    "exit-this-page-hide-content",
    "link--muted",
    "link--no-visited-state",
    "link--text-colour",
)
TYPEFACE = re.compile(r"font-family:(GDS Transport,arial,)?sans-serif")
CLASS_NAME = re.compile(r"\.govuk-([A-Za-z0-9_\\!-]+)")
BANNED = ("GDS Transport", "crest", "crown", "data:", "url(", "Calvert", "sourceMappingURL")

LICENCE = """\
govuk-frontend {version}, adapted by tools/vendor_govuk.py (branding and unused components left out).

The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Each top-level rule of a minified stylesheet as its prelude and its block."""
    # No string in this stylesheet holds a brace, so counting braces is enough to read it.
    start = 0
    while start < len(css):
        opening = css.find("{", start)
        if opening < 0:
            return
        depth, end = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[start:opening], css[opening + 1 : end - 1]
        start = end


def is_wanted(selector: str) -> bool:
    """Whether no class of this selector belongs to a component left out."""
    blocks = (name.split("__")[0] for name in CLASS_NAME.findall(selector))
    return not any(block in LEFT_OUT or block.split("--")[0] in LEFT_OUT for block in blocks)


def split_selectors(prelude: str) -> list[str]:
    """The selectors of a rule, split at the commas that are not inside brackets."""
    return re.split(r",(?![^(]*\))", prelude)


def stripped(css: str) -> str:
    """The stylesheet without the rules that are branding or belong to unused components."""
    kept = []
    for prelude, block in rules(css):
        if prelude.startswith("@font-face"):
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = stripped(block)
            kept += [f"{prelude}{{{inner}}}"] if inner else []
            continue
        selectors = [one for one in split_selectors(prelude) if is_wanted(one)]
        if selectors:
            kept.append(f"{','.join(selectors)}{{{block}}}")
    return "".join(kept)


def stylesheet(source: str) -> str:
    """The stylesheet to ship, its typeface a custom property that the theme sets."""
    css = re.sub(r"/\*.*?\*/", "", source.replace('@charset "UTF-8";', ""), flags=re.DOTALL)
    css = TYPEFACE.sub("font-family:var(--font-body,system-ui,sans-serif)", css.replace("\n", ""))
    css = stripped(css)
    found = [word for word in BANNED if word in css]
    if found:
        raise SystemExit(f"The stylesheet still holds {', '.join(found)}: look at what changed upstream.")
    return css + "\n"


def main(package: Path, target: Path) -> None:
    """Write the stylesheet, the script and their licence into `target`."""
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    built = package / "dist" / "govuk"
    script = (built / "govuk-frontend.min.js").read_text(encoding="utf-8")
    script = re.sub(r"//# sourceMappingURL=.*", "", script).replace("GOV.UK Frontend", "govuk-frontend")
    target.mkdir(parents=True, exist_ok=True)
    css = stylesheet((built / "govuk-frontend.min.css").read_text(encoding="utf-8"))
    (target / "govuk-frontend.min.css").write_text(css, encoding="utf-8")
    (target / "govuk-frontend.min.js").write_text(script.rstrip() + "\n", encoding="utf-8")
    (target / "LICENCE.govuk-frontend.txt").write_text(LICENCE.format(version=version), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("Usage: python tools/vendor_govuk.py PACKAGE_FOLDER TARGET_FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
