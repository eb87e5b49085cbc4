"""Entries stand beside the change they tell of, and reach the file once."""

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from optamed.journal import chain, services
from optamed.journal.models import PendingEntry


def test_an_entry_is_rolled_back_with_its_change(world):
    before = PendingEntry.objects.count()

    with transaction.atomic():
        services.record(verb="changed", subject=world.practice, by=world.owner)
        transaction.set_rollback(True)

    assert PendingEntry.objects.count() == before


def test_draining_moves_entries_into_the_file_once(world):
    services.drain()
    services.record(verb="changed", subject=world.practice, by=world.owner)

    drained = (services.drain(), services.drain())

    assert drained == (1, 0)
    assert PendingEntry.objects.count() == 0
    assert chain.verify(settings.JOURNAL_FILE) >= 1


def test_the_command_says_how_many_entries_hold(world, capsys):
    services.record(verb="changed", subject=world.practice, by=world.owner)

    call_command("verify_journal")

    assert "The journal is whole" in capsys.readouterr().out
