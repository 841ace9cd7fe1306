"""The field that takes a file."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from crm.documents.rules import LARGEST
from crm.documents.service import Upload
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
        """One has to be chosen."""
        if field.data is None:
            field.errors = [*field.errors, "Choose a file"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether a file was chosen."""
        return super().validate(extra_validators) and not self.file.errors
