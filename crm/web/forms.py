"""Forms and the one way of answering them: valid and done, or the page again with what was typed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Self, TypeVar

import wtforms
from flask import current_app, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import CombinedMultiDict
from wtforms.validators import ValidationError

from crm.db.session import session
from crm.db.walls import is_duplicate, wall_of
from crm.kernel.errors import (
    BadInput,
    Changed,
    Conflict,
    Invalid,
    Moved,
    Refusal,
    TooMany,
    refused_by,
    says_something,
)
from crm.kernel.text import LINE_BREAKS, NOT_SHOWN, UNSEEN, is_blank, is_shown, one_stop
from crm.web.again import led_to_the_first
from crm.web.beforehand import Gone, done_first
from crm.web.fields import Why
from crm.web.landmarks import onward
from crm.web.meanwhile import show_saved, words_of
from crm.web.once import once_only, sent_before, typed_before
from crm.web.transaction import after

T = TypeVar("T")
TEXTS = (wtforms.StringField, wtforms.TextAreaField)
IN_WORDS = (wtforms.TextAreaField, Why)
"""The boxes in which a person explains something."""
DOES_NOT_FIT = (
    "This could not be saved, because it does not fit with what is already saved. Nothing was changed. "
    "Check what you entered. If it looks right, tell us and we will find out why."
)
TRAPPED = (
    "This was not sent, because a box that is not shown on the page was filled in. "
    "Your browser may have filled it in. Send the form again."
)
log = logging.getLogger("crm.forms")


def _said_at_field(check: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """A check of a field whose `BadInput` is shown there, as WTForms' own errors are."""

    def checked(form: Any, field: Any) -> None:
        try:
            check(form, field)
        except BadInput as error:
            raise ValidationError(str(error)) from error

    return checked


def _is_nothing(field: wtforms.Field, typed: Any) -> bool:
    """Whether what came for a field says nothing there."""
    if not isinstance(typed, str):
        return False
    return is_blank(typed) or (isinstance(field, IN_WORDS) and not says_something(typed))


TOO_SHORT = ": what you entered is too short"
NOT_OFFERED, NONE_OF_MANY = "Not a valid choice.", "valid choice"


def _named(error: Any, field: wtforms.Field) -> Any:
    """An error with its subject: the library says of no choice which question it is about."""
    if error == NOT_OFFERED:
        return f"Choose one of the answers to “{field.label.text}”"
    if isinstance(field, wtforms.SelectMultipleField) and NONE_OF_MANY in str(error):
        return (
            f"An answer to “{field.label.text}” can no longer be chosen. Choose again from those on the page"
        )
    return error


class Form(wtforms.Form):
    """A form as posted, or fresh with the values of ``data``. The CSRF token is checked before any form is read.

    ``compares`` says that its page shows by itself what was saved meanwhile beside what was typed. ``onward`` is where to go
    from a form whose thing has moved on: it ``is_over``, and its page offers no button. ``may_repeat`` says that the same
    words sent anew, as another copy of the form, are meant: its verb finds out by itself what is there already. ``rests_on``
    is what the answer depends on beside what is typed: once that has changed, the same words ask anew. ``shown_first`` are the
    fields that stand above those of the form it extends: errors are told in the order of the page.
    """

    compares = may_repeat = is_over = False
    onward = ""
    rests_on = ""
    shown_first: tuple[str, ...] = ()
    asked_also: tuple[tuple[Callable[[], object], tuple[str, ...]], ...] = ()

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        rest = [name for name in self._fields if name not in self.shown_first]
        for name in (*self.shown_first, *rest):
            self._fields[name] = self._fields.pop(name)

    @classmethod
    def of_request(cls, **data: Any) -> Self:
        """This request's form: what was posted; on a GET ``data``, or what was typed before a session ended."""
        if request.method != "POST":
            return cls._before_sending(data)
        return cls(
            CombinedMultiDict([request.files, request.form]) if request.files else request.form, data=data
        )

    @classmethod
    def _before_sending(cls, data: dict[str, Any]) -> Self:
        typed = typed_before()
        fresh = cls(None, data=data)
        return cls(typed, data=data) if typed and any(field.name in typed for field in fresh) else fresh

    def process(self, *given: Any, **told: Any) -> None:
        """Take what was posted. A line break in a text of several lines is one sign, however the browser sends it.

        A text is never None: what was not typed is empty.
        """
        super().process(*given, **told)
        for field in self:
            if type(field) in TEXTS and field.data is None:
                field.data = ""
            if isinstance(field, wtforms.TextAreaField) and field.raw_data and isinstance(field.data, str):
                field.data = UNSEEN.sub("", LINE_BREAKS.sub("\n", field.data))
                if not is_shown(field.data):
                    field.process_errors = [*field.process_errors, NOT_SHOWN]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be taken. What a ``validate_<field>`` refuses as `BadInput` is said at its field.

        Blanks and unseen signs alone are nothing typed: what has to be filled in is not filled in by them. Where words are
        asked for, such as a reason, neither is it by a full stop, a dash or one letter. Of a field that came several times
        the first counts, as everywhere.
        """
        nothing = [each for each in self if each.raw_data and _is_nothing(each, each.raw_data[0])]
        short = {each.name for each in nothing if not is_blank(each.raw_data[0])}
        for field in nothing:
            field.raw_data = [""]
        extra = {name: list(validators) for name, validators in (extra_validators or {}).items()}
        for name in self._fields:
            check = getattr(type(self), f"validate_{name}", None)
            if check is not None:
                extra.setdefault(name, []).append(_said_at_field(check))
        is_sound = bool(wtforms.form.BaseForm.validate(self, extra))
        for field in self:
            said = [_named(each, field) for each in field.errors]
            field.errors = [f"{each}{TOO_SHORT}" for each in said] if field.name in short else said
        return not self._refused_also() and is_sound

    def resting_on(self, *facts: object) -> Self:
        """Say what the answer depends on beside what is typed, such as the figures on record that a check reads."""
        self.rests_on = repr(facts)
        return self

    def also(self, check: Callable[[], object], *needs: str) -> Self:
        """Ask a rule of the verb together with the form's own checks, so that everything wrong is said at once.

        It is asked where the fields that it ``needs`` can be read, whatever is wrong with the others. The verb asks it again.
        """
        self.asked_also = (*self.asked_also, (check, needs))
        return self

    def _refused_also(self) -> bool:
        """Whether a rule of the verb refuses; what is wrong with a field already is not said twice."""
        found = [
            refused
            for check, needs in self.asked_also
            if not any(self[name].errors for name in needs)
            for refused in refused_by(check)
        ]
        wrong = {field.name for field in self if field.errors}
        for each in found:
            if each.field not in wrong:
                self.refuse(each)
        return bool(found)

    @property
    def was_sent(self) -> bool:
        """Whether this request posts the form rather than asks for it."""
        return request.method == "POST"

    def is_untouched(self, name: str) -> bool:
        """Whether what came under a name says what we had filled in there; a field may send several, as a day does."""
        own = [each for each in self if name == each.name or name.startswith(f"{each.name}-")]
        return any(each.object_data not in (None, "") and each.data == each.object_data for each in own)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, or above the form if it belongs to none; and those that came with it.

        Where it is about another thing, the way to that stands beside it.
        """
        for each in refusal.others:
            self.refuse(each)
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.message]
            if refusal.about is not None:
                self.onward = onward(refusal.about)
        else:
            self.form_errors.append(words_of(refusal))


class OpenForm(Form):
    """A form that anybody can send. ``website`` is a trap: people do not see it, so whoever fills it in is a program."""

    website = wtforms.StringField("Leave this empty")

    def validate(self, extra_validators: Any = None) -> bool:
        """As for every form; what a program filled in is not sent, and whoever is no program is told so."""
        is_sound = super().validate(extra_validators)
        if self.website.data:
            self.form_errors.append(TRAPPED)
        return is_sound and not self.website.data


def refusal_of(error: IntegrityError | StaleDataError) -> Refusal:
    """What a wall of the database means in words: a race only where a row was there first, else a fault of ours.

    What is there already is said in the words that its room has for that wall, at the field.
    """
    if isinstance(error, StaleDataError):
        return Changed()
    if is_duplicate(error):
        field, words = current_app.extensions["walls"].get(wall_of(error), ("", ""))
        return Invalid(words, field=field or None) if words else Changed()
    log.error("a constraint refused what a verb had let through", exc_info=error)
    return Invalid(DOES_NOT_FIT)


def try_to(act: Callable[[], T]) -> T:
    """Do something in a savepoint, so that the page can still be shown if it is refused; races become `Conflict`."""
    try:
        with session().begin_nested():
            return act()
    except BadInput as error:
        raise Refusal(str(error)) from error
    except (IntegrityError, StaleDataError) as error:
        raise refusal_of(error) from error


def _look_again() -> None:
    """Load what the request is about as it is now: the act that was undone may have changed it in memory."""
    load_again = g.get("load_again")
    if load_again is not None:
        load_again()


def answer(
    form: Form,
    *,
    page: Callable[[], str],
    act: Callable[[], T],
    then: Callable[[T], str],
    first: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    """Show ``page`` on a GET; validate and act on a POST, and go on to ``then``.

    What is refused is said on the page, with 422 or the refusal's own status and everything that was typed. ``first`` is
    done before the act, and may commit (`let_go`) to count a try that counts whatever comes of it, or `hold_nothing` to be slow.
    """
    if not form.was_sent:
        return page()
    before = led_to_the_first(form.is_untouched, rests_on=form.rests_on) if _tells_of_itself(form) else None
    if before is not None:
        return before
    if "refused" in g:
        refused = g.pop("refused")
        form.onward = onward(refused.about)
        return _shown_again(form, refused, page)
    if not form.validate():
        return make_response(page(), 422)
    try:
        _require_first_time(form)
        before = done_first(first) if first is not None else None
        if before is not None:
            return before
        _require_first_time(form)
        done = try_to(act)
    except Gone:
        raise
    except Refusal as refusal:
        return _shown_again(form, refusal, page)
    return redirect(then(done), code=303)


def preview(
    form: Form, *, page: Callable[[], str], weigh: Callable[[], T], then: Callable[[T], ResponseReturnValue]
) -> ResponseReturnValue:
    """Show what would come of a form before it is sent, or hand out a file that it asks for: ``then`` is the answer.

    What is refused is said on ``page``, as in `answer`.
    """
    if not form.validate():
        return make_response(page(), 422)
    try:
        found = try_to(weigh)
    except Refusal as refusal:
        return _shown_again(form, refusal, page)
    return then(found)


def _require_first_time(form: Form) -> None:
    """Ask before a form that creates creates again: sent once, changed after going back, sent once more."""
    if sent_before() and not _is_of_a_row(form):
        form.onward = sent_before()
        raise Conflict(
            "You have already sent this form, and what you sent was saved. "
            "If you want to save what it says now as well, send it again."
        )


def _is_of_a_row(form: Form) -> bool:
    """Whether a form changes a row that there is: it carries the version that was on the screen."""
    return "version" in form and form.version.data is not None


def _tells_of_itself(form: Form) -> bool:
    """Whether a second form that says the same can be known for the first by what it says.

    A bare button may well be pressed again, and the version of a row says by itself whether the row may be saved.
    """
    says = any(
        isinstance(text, str) and text.strip() for field in form if _is_shown(field) for text in _sent(field)
    )
    return says and not form.may_repeat and not _is_of_a_row(form)


def _sent(field: wtforms.Field) -> list[Any]:
    """What came for a field, and for the fields within it."""
    within = [text for each in field for text in _sent(each)] if isinstance(field, wtforms.FormField) else []
    return [*(field.raw_data or ()), *within]


def typed_in(form: Form) -> list[tuple[str, str]]:
    """What a person typed into a form, field by field under its label: for a page that no longer has the form."""
    said = ((each.label.text, each.raw_data) for each in form if isinstance(each, wtforms.StringField))
    return [(label, str(raw[0])) for label, raw in said if raw and str(raw[0]).strip()]


def _is_shown(field: wtforms.Field) -> bool:
    return not isinstance(field, wtforms.HiddenField)


def _shown_again(form: Form, refusal: Refusal, page: Callable[[], str]) -> ResponseReturnValue:
    """The page with the refusal in words; its trace is left, and nothing else."""
    if refusal.trace:
        after(once_only(refusal.trace))
    form.refuse(refusal)
    form.is_over = isinstance(refusal, Moved)
    _look_again()
    if isinstance(refusal, Changed) and not form.compares:
        show_saved(form)
    response = make_response(page(), refusal.status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def saved(words: str, endpoint: str, **ids: Any) -> str:
    """Say what was done, where something was, and the address of the page on which to say it."""
    if words:
        flash(one_stop(words), "success")
    return url_for(endpoint, **ids)


def noted(words: str, endpoint: str, **ids: Any) -> str:
    """Say what was found, where that is no success, and the address of the page on which to say it."""
    flash(one_stop(words), "important")
    return url_for(endpoint, **ids)


def beside(undone: str, words: str) -> str:
    """What was done, for `saved`, beside a notice of its own of what was not, if anything: that is no success."""
    if undone:
        flash(one_stop(undone), "important")
    return words


def done(address: str) -> ResponseReturnValue:
    """On to another page after an act, so that loading it again does not act again."""
    return redirect(address, code=303)
