"""One duty that fails does not keep the others from being done."""

import logging

import pytest

from optamed import schedule


def test_a_failing_duty_is_logged_and_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    def break_down() -> None:
        raise OSError

    with caplog.at_level(logging.ERROR):
        schedule._carefully(break_down)()

    assert "break_down failed" in caplog.text


@pytest.mark.django_db
def test_each_minute_runs_on_an_empty_practice(caplog: pytest.LogCaptureFixture) -> None:
    schedule.each_minute()

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
