"""Tarif 590 and the rates of VAT, so that a fresh practice can bill at once."""

from dataclasses import asdict
from typing import Any

from django.db import migrations

from optamed.practice import reference


def load(apps: Any, _schema_editor: Any) -> None:
    position = apps.get_model("practice", "TariffPosition")
    catalogue = reference.shipped_catalogue()
    position.objects.bulk_create(position(version=catalogue.version, **asdict(row)) for row in catalogue.positions)
    rate = apps.get_model("practice", "VatRate")
    rate.objects.bulk_create(rate(**asdict(row)) for row in reference.VAT_RATES)


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
