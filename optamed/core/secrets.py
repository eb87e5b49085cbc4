"""Secrets at rest: encrypted with a key outside the database (a file of mode 0600, or the environment when hosted)."""

import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from optamed.core.keyfile import kept


def key_from(file: Path) -> bytes:
    """The key of this practice. Never replaced: a lost key means that secrets are typed again."""
    return kept(file, Fernet.generate_key)


@cache
def _box(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """Encrypts with the first key, reads with any (a key is changed by putting a new one in front)."""
    given = os.environ.get("OPTAMED_SECRET_KEYS", "")
    keys = tuple(key.encode() for key in given.split(",") if key) or (key_from(settings.SECRETS_KEY_FILE),)
    return _box(keys)


class EncryptedTextField(models.TextField[str, str]):
    """Text that the database holds only encrypted. What another key wrote reads as empty: it must be typed again."""

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return box().encrypt(plain.encode()).decode() if plain else ""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        if not value:
            return ""
        try:
            return box().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""
