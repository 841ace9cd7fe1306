"""The field that takes a file."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from crm.documents.rules import LARGEST, kind_of
from crm.documents.service import Upload
from crm.kernel.errors import BadInput
from crm.web.forms import Form


class UploadField(Field):
    """One file, read whole; None where none was chosen. It is never shown again: browsers keep no chosen file."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The name and the bytes, one more than are taken at most."""
        sent = valuelist[0] if valuelist else None
        if sent is None or not getattr(sent, "filename", ""):
            self.data = None
            return
        with sent.stream as stream:
            self.data = Upload(sent.filename, stream.read(LARGEST + 1))

    def _value(self) -> str:
        return ""


class UploadForm(Form):
    """A file to hand in."""

    file = UploadField("Choose a file")

    def validate_file(self, field: Any) -> None:
        """One has to be chosen, and be of a kind that is taken."""
        if field.data is None:
            raise BadInput("Choose a file")
        kind_of(field.data.name, field.data.data)
