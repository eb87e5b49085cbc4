"""Logos and signatures, kept by their content: what an old invoice shows is never replaced under it."""

from django.db import models

from optamed.core import dates


class Picture(models.Model):
    """A PNG or JPEG, told by its SHA-256. ``width`` and ``height`` in pixels."""

    sha256 = models.CharField(max_length=64, unique=True)
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    data = models.BinaryField()
    created_at = models.DateTimeField(default=dates.now, editable=False)

    def __str__(self) -> str:
        return self.sha256[:12]
