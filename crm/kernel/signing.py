"""Signing by typing a name: one rule for every statement, declaration and confirmation."""

from __future__ import annotations

from crm.kernel.errors import Invalid
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor


def why_not_signed(typed: str, *, name: str) -> str | None:
    """Why a typed name is not the signature of a person: their account has another. Accents, capitals and dashes may differ."""
    if not typed.strip():
        return "Type your full name to sign"
    if plain_words(typed) != plain_words(name):
        return f"Type your name as it is on your account: {name}"
    return None


def require_signed(typed: str, *, field: str, by: Actor) -> str:
    """The name under a signature, as the account of the person who signs has it. Raises `Invalid` at its field for another name."""
    words = None if by.is_system else why_not_signed(typed, name=by.name)
    if words:
        raise Invalid(words, field=field)
    return typed.strip() if by.is_system else by.name
