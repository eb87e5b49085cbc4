"""The mailbox that sends, and the outbox."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from mailing import presets
from mailing.querysets import MailAccountQuerySet, MessageQuerySet
from mailing.smtp_dialogue import Login, Security, Server
from optamed.core import dates
from optamed.core.secrets import EncryptedTextField
from optamed.practice.models import User
from patients.models import Patient


class MailAccount(models.Model):
    """A mailbox whose settings have passed the live test. One is active; ``pause_key`` says why it does not send."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS (SSL)")
        STARTTLS = "starttls", _("STARTTLS")

    is_active = models.BooleanField(default=True, editable=False)
    preset = models.CharField(_("provider"), max_length=20)
    address = models.EmailField(_("e-mail address"), max_length=254)
    display_name = models.CharField(_("name shown to the patient"), max_length=80, blank=True)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"))
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices)
    username = models.CharField(_("user name"), max_length=254)
    certificate = models.TextField(_("certificate of the server"), blank=True)
    secret = EncryptedTextField(blank=True, editable=False)
    tested_at = models.DateTimeField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    pause_key = models.CharField(max_length=40, blank=True, editable=False)

    objects = MailAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_active_mailbox")
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def server(self) -> Server:
        """The server as the dialogue wants it."""
        security: Security = "tls" if self.security == self.Security.TLS else "starttls"
        return Server(self.host, self.port, security, self.certificate)

    @property
    def login(self) -> Login:
        return Login(self.username, self.secret)

    @property
    def is_bridge(self) -> bool:
        return presets.preset(self.preset).secret == "bridge"  # noqa: S105  the kind of password


class Message(models.Model):
    """A message of the outbox: written once (``mime``), sent as it is. In ``phase`` "data" the body may have left."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Leaving")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        RETRY = "retry", _("Tried again later")
        FAILED = "failed", _("Not sent")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        CANCELLED = "cancelled", _("Withdrawn")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        OTHER = "other", _("Message")

    class Phase(models.TextChoices):
        NONE = "", ""
        ENVELOPE = "envelope", "envelope"
        DATA = "data", "data"

    NEXT = {
        State.QUEUED: {State.SENDING, State.CANCELLED},
        State.RETRY: {State.SENDING, State.CANCELLED},
        State.SENDING: {State.SENT, State.RETRY, State.QUEUED, State.FAILED, State.UNCERTAIN},
        State.FAILED: {State.QUEUED},
        State.UNCERTAIN: {State.QUEUED, State.SENT},
        State.CANCELLED: {State.QUEUED},
        State.SENT: set(),
    }
    WAITING = (State.QUEUED, State.RETRY)
    TROUBLED = (State.FAILED, State.UNCERTAIN)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    dedup_key = models.CharField(max_length=320, unique=True, editable=False)
    message_id = models.CharField(max_length=255, unique=True, editable=False)
    recipient = models.EmailField(_("recipient"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    mime = models.BinaryField()
    sha256 = models.CharField(max_length=64, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="messages")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="messages")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    phase = models.CharField(max_length=8, choices=Phase.choices, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    last_key = models.CharField(max_length=40, blank=True, default="")
    last_text = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=dates.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["state", "next_at"], name="message_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("mailing:message", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_uncertain(self) -> bool:
        return self.state == self.State.UNCERTAIN

    @property
    def can_be_resent(self) -> bool:
        return self.State.QUEUED in self.NEXT[self.State(self.state)] and self.state != self.State.SENDING
