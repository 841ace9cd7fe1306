"""Files that only the holder of a key can read, in the format of age (https://age-encryption.org/v1).

Whoever seals has the public key alone: a server that is broken into cannot read the backups that it made.
"""

from __future__ import annotations

from pathlib import Path

ENDING = ".age"


class WrongKey(Exception):
    """A key that is none, or that does not open the file."""


def seal(source: Path, to: Path, *, recipient: str) -> None:
    """Encrypt a file for the holder of a key. Raises `WrongKey`."""
    import pyrage

    try:
        pyrage.encrypt_file(str(source), str(to), [pyrage.x25519.Recipient.from_str(recipient)])
    except pyrage.RecipientError as fault:
        raise WrongKey("The public key is not one of age.") from fault


def unseal(source: Path, to: Path, *, identities: str) -> None:
    """Decrypt a file with the text of a key file as `age-keygen` writes it. Raises `WrongKey`."""
    import pyrage

    lines = [line.strip() for line in identities.splitlines()]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
        pyrage.decrypt_file(str(source), str(to), keys)
    except (pyrage.IdentityError, pyrage.DecryptError) as fault:
        raise WrongKey("The key does not open this backup.") from fault
