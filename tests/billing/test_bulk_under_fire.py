"""Real processes work a run off and are killed in the middle: no number twice, no gap, no visit on two invoices."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def apart(tmp_path):
    """Start the helper module on a database of its own: SQLite, whatever the suite runs on."""
    environment = {**os.environ, "OPTAMED_DATA_DIR": str(tmp_path), "OPTAMED_DATABASE_URL": ""}

    def start(*words: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.billing.running", *map(str, words)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def finished(process: subprocess.Popen) -> list[str]:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out.strip().splitlines()


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(apart):
    finished(apart("prepare", 40))
    dice, counts = random.Random(11), []

    for _ in range(6):
        process = apart("work")
        time.sleep(1.1 + dice.random() * 0.5)
        process.kill()
        process.communicate()
        count, gapless, last, *wrong = finished(apart("report"))[0].split()
        counts.append(int(count))
        assert (gapless, last, wrong) == ("True", count, ["0", "0", "0"])

    finished(apart("work"))
    assert finished(apart("report")) == ["40 True 40 0 0 0", "done 0"]
    assert counts == sorted(counts)


def test_two_workers_on_the_same_run_issue_each_invoice_once(apart):
    finished(apart("prepare", 20))

    for process in [apart("race") for _ in range(2)]:
        finished(process)

    assert finished(apart("report")) == ["20 True 20 0 0 0", "done 0"]


def test_two_workers_that_both_think_the_other_is_gone_issue_each_invoice_once(apart):
    finished(apart("prepare", 20))

    for process in [apart("work") for _ in range(2)]:
        finished(process)

    assert finished(apart("report")) == ["20 True 20 0 0 0", "done 0"]
