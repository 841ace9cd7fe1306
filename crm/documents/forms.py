"""The field that takes a file."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from crm.documents.rules import EVERYTHING, LARGEST, kind_of
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
    """Some files, read whole; an empty list where none was chosen. ``left_out`` says of which none is taken, and why."""

    data: Any
    left_out: tuple[str, ...] = ()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The names and the bytes, of each file one more than are taken at most."""
        self.data = []
        for sent in valuelist:
            if getattr(sent, "filename", ""):
                with sent.stream as stream:
                    self.data.append(Upload(sent.filename, stream.read(LARGEST + 1)))

    def _value(self) -> str:
        return ""


def take_those_that_can_be(field: UploadsField) -> None:
    """Go on with the files of a kind that is taken, and name each of the others with why. Refuse where none is left."""
    known = [(each, why_not_taken(each)) for each in field.data]
    field.left_out = tuple(f"{each.name}: {why}" for each, why in known if why)
    taken = [each for each, why in known if not why]
    if known and not taken:
        raise BadInput("; ".join(field.left_out) if len(known) > 1 else str(known[0][1]))
    field.data = taken


def not_added(field: UploadsField) -> str:
    """Which files of several were not added, each with why; empty where all were."""
    return f"Not added: {'; '.join(field.left_out)}" if field.left_out else ""


def why_not_taken(upload: Upload) -> str | None:
    """Why a file is not taken, in words for the field."""
    try:
        kind_of(upload.name, upload.data)
    except BadInput as fault:
        return str(fault)
    return None


class UploadsForm(Form):
    """Some files to hand in at once."""

    file = UploadsField("Choose files")

    def validate_file(self, field: Any) -> None:
        """One at least has to be chosen, and be of a kind that is taken."""
        if not field.data:
            raise BadInput("Choose a file")
        take_those_that_can_be(field)


class UploadForm(Form):
    """A file to hand in, of a kind that its place takes."""

    takes = EVERYTHING
    file = UploadField("Choose a file")

    def validate_file(self, field: Any) -> None:
        """One has to be chosen, and be of a kind that is taken."""
        if field.data is None:
            raise BadInput("Choose a file")
        kind_of(field.data.name, field.data.data, taking=self.takes)
