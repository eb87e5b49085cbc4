"""What is secret stands encrypted in the database and in no other file."""

import stat

from cryptography.fernet import Fernet
from django.conf import settings

from optamed.core import secrets


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    file = tmp_path / "secrets.key"

    first, second = secrets.key_from(file), secrets.key_from(file)

    assert first == second
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_is_unreadable_in_the_database_and_comes_back():
    field = secrets.EncryptedTextField()

    stored = field.get_prep_value("Zürich-8001")

    assert "Zürich" not in stored
    assert field.from_db_value(stored) == "Zürich-8001"
    assert settings.SECRETS_KEY_FILE.exists()


def test_what_another_key_wrote_reads_as_empty():
    foreign = Fernet(Fernet.generate_key()).encrypt(b"geheim").decode()

    assert secrets.EncryptedTextField().from_db_value(foreign) == ""
