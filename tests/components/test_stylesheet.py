"""The look: readable contrast, nothing fetched from elsewhere, no mark that is not ours, and light."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.components.oracle import CRM

STATIC = CRM / "static"
THEME = (STATIC / "theme.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--brand-([a-z-]+): (#[0-9a-f]{6});", THEME)) | {"white": "#ffffff"}

# (text, ground, least ratio): 4.5 for words; 3 for the edges and pictures that carry meaning.
PAIRS = (
    ("text", "white", 4.5),
    ("text", "paper", 4.5),
    ("text-quiet", "white", 4.5),
    ("text-quiet", "paper", 4.5),
    ("ink", "white", 4.5),
    ("ink", "paper", 4.5),
    ("ink", "accent", 4.5),
    ("ink", "accent-hover", 4.5),
    ("action", "white", 4.5),
    ("action", "paper", 4.5),
    ("action-hover", "white", 4.5),
    ("action-hover", "paper", 4.5),
    ("visited", "white", 4.5),
    ("visited", "paper", 4.5),
    ("accent-deep", "white", 4.5),
    ("error", "white", 4.5),
    ("error", "paper", 4.5),
    ("success", "white", 4.5),
    ("on-ink", "ink", 4.5),
    ("on-ink", "ink-soft", 4.5),
    ("on-ink-quiet", "ink", 4.5),
    ("text", "focus", 4.5),
    ("focus", "ink", 3.0),
    ("accent", "ink-soft", 3.0),
)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_words_can_be_read_on_their_ground(text: str, ground: str, least: float) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= least


def _sheets() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.rglob("*.css")))


def test_nothing_is_fetched_from_elsewhere_or_held_in_an_address() -> None:
    addresses = re.findall(r"url\(\s*[\"']?([^)\"']+)", _sheets())
    assert addresses
    assert [one for one in addresses if not (STATIC / one.partition("?")[0]).is_file()] == []
    assert "@import" not in _sheets()


@pytest.mark.parametrize("mark", ["crown", "crest", "GDS Transport", "GOV.UK", "Calvert", "opengraph"])
def test_no_mark_is_worn_that_is_not_ours(mark: str) -> None:
    texts = [_sheets(), *(path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js"))]
    assert not any(mark.lower() in text.lower() for text in texts)
    assert not any(mark.lower() in path.name.lower() for path in STATIC.rglob("*"))


def test_the_look_is_light() -> None:
    assert len(gzip.compress(_sheets().encode())) < 25_000
    assert sum(path.stat().st_size for path in STATIC.rglob("*.woff2")) < 60_000
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.rglob("*.js")) < 16_000


@pytest.mark.parametrize("kind", ["atkinson-hyperlegible-next", "bricolage-grotesque"])
def test_each_typeface_has_its_licence_beside_it(kind: str) -> None:
    assert "SIL Open Font License" in (STATIC / "fonts" / f"OFL.{kind}.txt").read_text(encoding="utf-8")
    assert list((STATIC / "fonts").glob(f"{kind}*.woff2"))


def test_what_the_stylesheet_names_lies_beside_it_so_that_its_address_changes_with_it() -> None:
    named = re.findall(r'url\("([a-z][^":]+)"\)', THEME)
    assert THEME.count("url(") == len(named) >= 3
    assert [name for name in named if not (STATIC / name).is_file()] == []
