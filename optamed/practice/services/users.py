"""Accounts, their roles and passwords."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User
from optamed.practice.services import records


class UserFacts(TypedDict, total=False):
    """Roles are a set: each of the three may be on."""

    name: str
    email: str
    is_owner: bool
    is_therapist: bool
    is_secretary: bool
    is_active: bool
    language: str


@transaction.atomic
def create(*, password: str, by: User | None, **facts: Unpack[UserFacts]) -> User:
    """An account that can sign in at once. DomainError when the e-mail is taken, whatever its case."""
    user = User()
    user.set_password(password)
    return records.store(user, _plain(user, facts), by=by)


@transaction.atomic
def update(*, user: User, by: User, **facts: Unpack[UserFacts]) -> User:
    """DomainError when nobody would be left who may change the settings."""
    saved = records.store(user, _plain(user, facts), by=by)
    _keep_an_owner()
    return saved


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None) -> User:
    """Every other session of this account ends: sessions carry a digest of the password (SESSION_HASH)."""
    user.set_password(password)
    user.save(update_fields=["password"])
    journal.record(verb="password changed", subject=user, by=by)
    return user


@transaction.atomic
def set_language(*, user: User, language: str) -> User:
    """The language of the user's own screen."""
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def set_theme(*, user: User, theme: str) -> User:
    """Light, dark, or as the computer has it."""
    user.theme = theme
    user.save(update_fields=["theme"])
    return user


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """The journal holds who came in, and when."""
    user.save(update_fields=["last_login"])
    journal.record(verb="signed in", subject=user, by=user)


def _plain(user: User, facts: UserFacts) -> UserFacts:
    if "email" not in facts:
        return facts
    email = facts["email"].strip().lower()
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise DomainError(_("Another account has this e-mail address already."))
    return {**facts, "email": email}


def _keep_an_owner() -> None:
    owners = User.objects.select_for_update().filter(is_owner=True, is_active=True)
    if not list(owners):
        raise DomainError(_("The practice needs an owner who can sign in. Make somebody else an owner first."))
