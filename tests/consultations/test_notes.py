"""Two windows never lose a word of a note."""

from datetime import timedelta

import pytest
import time_machine

from agenda.consultations.services import notes
from agenda.consultations.services.notes import StaleNoteError
from optamed.core import dates
from tests import factories


def test_a_second_window_is_told_and_both_texts_are_there(world):
    visit = world.consultation()
    notes.save(consultation=visit, html="<div>first window</div>", version=0, by=world.owner)

    with pytest.raises(StaleNoteError) as told:
        notes.save(consultation=visit, html="<div>second window</div>", version=0, by=world.owner)

    assert told.value.current.html == "<div>first window</div>"
    visit.note.refresh_from_db()
    assert visit.note.html == "<div>first window</div>"


def test_the_same_text_sent_twice_is_no_conflict(world):
    visit = world.consultation()
    notes.save(consultation=visit, html="<div>text</div>", version=0, by=world.owner)

    again = notes.save(consultation=visit, html="<div>text</div>", version=0, by=world.owner)

    assert again.version == 1


def test_what_stood_there_is_kept_when_another_person_saves(world):
    visit, colleague = world.consultation(), factories.user(is_therapist=True)
    notes.save(consultation=visit, html="<div>one</div>", version=0, by=world.owner)

    note = notes.save(consultation=visit, html="<div>two</div>", version=1, by=colleague)

    assert [(old.html, old.author) for old in note.versions.all()] == [("<div>one</div>", world.owner)]


def test_while_one_person_types_a_version_is_kept_every_ten_minutes(world):
    visit = world.consultation()
    start = dates.now()

    for minute in range(0, 25, 5):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            notes.save(consultation=visit, html=f"<div>{minute}</div>", version=minute // 5, by=world.owner)

    kept = [old.html for old in visit.note.versions.order_by("version")]
    assert kept[0] == "<div>0</div>"
    assert len(kept) == 2


def test_nothing_that_acts_or_loads_is_stored(world):
    visit = world.consultation()
    hostile = (
        '<div onclick="x()">a<script>alert(1)</script><img src=x onerror=y><a href="javascript:1">b</a></div><b>c</b>'
    )

    note = notes.save(consultation=visit, html=hostile, version=0, by=world.owner)

    assert note.html == "<div>ab</div><b>c</b>"
