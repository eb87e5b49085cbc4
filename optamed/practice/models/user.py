"""Who may sign in, and what they may do."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from optamed.core import dates


class UserManager(BaseUserManager["User"]):
    """Accounts are told apart by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")

    def create_user(self, email: str, password: str, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_owner=True, **fields)


class User(AbstractBaseUser):
    """An account. Roles are a set: an owner who treats patients is owner and therapist."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the computer")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_owner = models.BooleanField(_("owner"), default=False)
    is_therapist = models.BooleanField(_("therapist"), default=False)
    is_secretary = models.BooleanField(_("secretary"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    joined_at = models.DateTimeField(default=dates.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """The admin site is for bulk corrections by the owner."""
        return self.is_owner

    def has_perm(self, _perm: str, _obj: object | None = None) -> bool:
        return self.is_active and self.is_owner

    def has_perms(self, _perms: Iterable[str], _obj: object | None = None) -> bool:
        return self.is_active and self.is_owner

    def has_module_perms(self, _app_label: str) -> bool:
        return self.is_active and self.is_owner

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


class RecoveryCode(models.Model):
    """A way back in without a mailbox: shown once, kept as a hash, used once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=dates.now, editable=False)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"
