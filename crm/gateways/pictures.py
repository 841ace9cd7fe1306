"""Pictures of telephones and of the web turned into JPEG, by Pillow and libheif: loaded only where one comes."""

from __future__ import annotations

import io
import warnings
from functools import cache
from typing import Any

MOST_PIXELS = 60_000_000
QUALITY = 88


class NoPicture(Exception):
    """The bytes cannot be opened as a picture, or are one that is too large to open."""


def to_jpeg(data: bytes) -> bytes:
    """The picture as a JPEG, upright, and nothing but the picture: no place, camera or time. Raises `NoPicture`."""
    image = _library()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with image.open(io.BytesIO(data), formats=("HEIF", "WEBP")) as found:
                return _as_jpeg(found)
    except Exception as fault:
        raise NoPicture from fault


@cache
def _library() -> Any:
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    return Image


def _as_jpeg(found: Any) -> bytes:
    from PIL import Image, ImageOps

    if found.width * found.height > MOST_PIXELS:
        raise NoPicture
    upright = ImageOps.exif_transpose(found).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    made = io.BytesIO()
    paper.convert("RGB").save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
