"""The way back in without a mailbox: codes that are shown once, kept as a hash, used once."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import RecoveryCode, User
from optamed.practice.services import users

HOW_MANY = 10
# Without letters and digits that are mistaken for each other on paper. 16 of 30 signs are 78 bits: no salt is needed.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, SIGNS_PER_GROUP = 4, 4


@transaction.atomic
def renew(*, user: User, by: User | None) -> list[str]:
    """New codes, to be shown now and never again; the old ones no longer open."""
    user.recovery_codes.all().delete()
    codes = [_make(user) for _number in range(HOW_MANY)]
    journal.record(verb="recovery codes renewed", subject=user, by=by)
    return codes


@transaction.atomic
def add_one(*, user: User) -> str:
    """One more code, for somebody who stands at the computer itself."""
    code = _make(user)
    journal.record(verb="recovery code added", subject=user, by=None)
    return code


@transaction.atomic
def redeem(*, email: str, code: str, password: str) -> User:
    """Set a new password with a code, which is used up. DomainError does not say which of the two was wrong."""
    fitting = RecoveryCode.objects.filter(
        user__email__iexact=email.strip(), user__is_active=True, digest=_digest(code), used_at__isnull=True
    )
    user = User.objects.filter(recovery_codes__in=fitting).first()
    if user is None or fitting.update(used_at=dates.now()) != 1:
        raise DomainError(_("This e-mail and this code do not go together, or the code was used before."))
    return users.set_password(user=user, password=password, by=user)


def _make(user: User) -> str:
    groups = ("".join(secrets.choice(SIGNS) for _sign in range(SIGNS_PER_GROUP)) for _group in range(GROUPS))
    code = "-".join(groups)
    RecoveryCode.objects.create(user=user, digest=_digest(code))
    return code


def _digest(code: str) -> str:
    bare = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()
