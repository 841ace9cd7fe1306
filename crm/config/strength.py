"""How long it takes to guess a secret that was made up or copied rather than drawn by lot."""

from __future__ import annotations

LEAST = 32
"""Characters that a secret has at least."""
LEAST_BITS = 80
"""At a million million guesses a second, a secret of so many bits holds for nineteen thousand years."""
ADVICE = 'draw one: python -c "import secrets; print(secrets.token_hex(32))"'
_JUDGED = 64
"""Characters that are judged: a longer secret is not weaker than its beginning."""


def bits_of(secret: str) -> int:
    """The bits of a secret, that is how often it has to be guessed, as a power of two. ``aaaa…`` has hardly any.

    zxcvbn finds what is repeated, typed in a row or in a list of words; what is left over counts by the signs in it.
    """
    from zxcvbn import zxcvbn  # its word lists are large: loaded only where a secret is judged

    judged = secret[:_JUDGED]
    if not judged:
        return 0
    guesses = zxcvbn(judged)["guesses"]
    most = len(set(judged)) ** len(judged)  # so many signs are drawn from: hexadecimal from sixteen
    return int(min(int(guesses), most)).bit_length() - 1


def is_weak(secret: str) -> bool:
    """Whether a secret is too short, or could be guessed."""
    return len(secret) < LEAST or bits_of(secret) < LEAST_BITS
