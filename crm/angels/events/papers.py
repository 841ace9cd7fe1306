"""A QR code as a picture that a phone's camera reads."""

from __future__ import annotations

from io import BytesIO

import segno

SCALE, BORDER = 8, 4
"""Pixels for each square of the code, and the quiet squares around it that the standard asks for (ISO/IEC 18004)."""


def qr_svg(text: str) -> bytes:
    """A QR code of an address, as SVG: black on white also where the page is dark, as cameras need it."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=SCALE, border=BORDER, light="#fff", xmldecl=False, title="QR code"
    )
    return out.getvalue()
