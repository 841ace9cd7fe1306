"""The field that takes a file."""

from __future__ import annotations

from collections.abc import Sequence
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


class UploadsField(Field):
    """Some files, read whole; an empty list where none was chosen."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The names and the bytes, of each file one more than are taken at most."""
        self.data = []
        for sent in valuelist:
            if getattr(sent, "filename", ""):
                with sent.stream as stream:
                    self.data.append(Upload(sent.filename, stream.read(LARGEST + 1)))

    def _value(self) -> str:
        return ""


def require_taken(uploads: Sequence[Upload]) -> None:
    """Refuse a file of a kind that is not taken, by its name where there are several."""
    for each in uploads:
        try:
            kind_of(each.name, each.data)
        except BadInput as fault:
            raise BadInput(str(fault) if len(uploads) == 1 else f"{each.name}: {fault}") from fault


class UploadsForm(Form):
    """Some files to hand in at once."""

    file = UploadsField("Choose files")

    def validate_file(self, field: Any) -> None:
        """One at least has to be chosen, and each be of a kind that is taken."""
        if not field.data:
            raise BadInput("Choose a file")
        require_taken(field.data)


class UploadForm(Form):
    """A file to hand in."""

    file = UploadField("Choose a file")

    def validate_file(self, field: Any) -> None:
        """One has to be chosen, and be of a kind that is taken."""
        if field.data is None:
            raise BadInput("Choose a file")
        kind_of(field.data.name, field.data.data)
