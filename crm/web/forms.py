"""Forms and the one way of answering them: valid and done, or the page again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import wtforms
from flask import g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import CombinedMultiDict
from wtforms.validators import ValidationError

from crm.db.session import session
from crm.kernel.errors import BadInput, Conflict, Refusal, TooMany
from crm.web.transaction import after

T = TypeVar("T")
SOMEBODY_WAS_FIRST = "Somebody else changed this at the same moment, so nothing was saved. Check what it says now, then try again."


def _said_at_field(check: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """A check of a field whose `BadInput` is shown there, as WTForms' own errors are."""

    def checked(form: Any, field: Any) -> None:
        try:
            check(form, field)
        except BadInput as error:
            raise ValidationError(str(error)) from error

    return checked


class Form(wtforms.Form):
    """A form as posted, or fresh with the values of ``data``. The CSRF token is checked before any form is read."""

    @classmethod
    def of_request(cls, **data: Any) -> Any:
        """This request's form: what was posted or, on a GET, ``data``."""
        if request.method != "POST":
            return cls(None, data=data)
        return cls(
            CombinedMultiDict([request.files, request.form]) if request.files else request.form, data=data
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be taken. What a ``validate_<field>`` refuses as `BadInput` is said at its field.

        Blanks alone are nothing typed: what has to be filled in is not filled in by them.
        """
        for field in self:
            if field.raw_data and all(isinstance(each, str) and not each.strip() for each in field.raw_data):
                field.raw_data = [""]
        extra = {name: list(validators) for name, validators in (extra_validators or {}).items()}
        for name in self._fields:
            check = getattr(type(self), f"validate_{name}", None)
            if check is not None:
                extra.setdefault(name, []).append(_said_at_field(check))
        return bool(wtforms.form.BaseForm.validate(self, extra))

    @property
    def was_sent(self) -> bool:
        """Whether this request posts the form rather than asks for it."""
        return request.method == "POST"

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, or above the form if it belongs to none."""
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)


def try_to(act: Callable[[], T]) -> T:
    """Do something in a savepoint, so that the page can still be shown if it is refused; races become `Conflict`."""
    try:
        with session().begin_nested():
            return act()
    except BadInput as error:
        raise Refusal(str(error)) from error
    except (IntegrityError, StaleDataError) as error:
        raise Conflict(SOMEBODY_WAS_FIRST) from error


def _look_again() -> None:
    """Load what the request is about as it is now: the act that was undone may have changed it in memory."""
    load_again = g.get("load_again")
    if load_again is not None:
        load_again()


def answer(
    form: Form, act: Callable[[], T], *, then: Callable[[T], str], again: Callable[[Form], str]
) -> ResponseReturnValue:
    """Validate, act, and go on to ``then``; or show the page ``again`` with 422 or 409 and what was typed."""
    if not form.validate():
        return make_response(again(form), 422)
    try:
        done = try_to(act)
    except Refusal as refusal:
        if refusal.trace:
            after(refusal.trace)
        form.refuse(refusal)
        _look_again()
        response = make_response(again(form), refusal.status)
        if isinstance(refusal, TooMany):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return redirect(then(done), code=303)
