"""Real processes issue at once and are killed in the middle: numbers stay unique, without gaps, no invoice is half."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROCESSES = 4


@pytest.fixture
def run(tmp_path):
    """Start the helper module on a database of its own: SQLite, whatever the suite runs on."""
    environment = {**os.environ, "OPTAMED_DATA_DIR": str(tmp_path), "OPTAMED_DATABASE_URL": ""}

    def start(*words: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.billing.issuing", *map(str, words)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def finished(process: subprocess.Popen) -> str:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out.strip()


def test_four_processes_at_once_give_each_number_once(run):
    finished(run("prepare", 60))

    for process in [run("issue", share, PROCESSES) for share in range(PROCESSES)]:
        finished(process)

    assert finished(run("report")) == "60 True 60 60 0"


def test_a_process_killed_in_the_middle_leaves_no_gap_and_no_half_invoice(run):
    finished(run("prepare", 60))
    dice = random.Random(7)

    for _ in range(6):
        process = run("issue", 0, 1)
        time.sleep(1.0 + dice.random() * 0.6)
        process.kill()
        process.communicate()
        count, gapless, last, whole, _drafts = finished(run("report")).split()
        assert (gapless, last, whole) == ("True", count, count)

    finished(run("issue", 0, 1))
    assert finished(run("report")) == "60 True 60 60 0"


def test_two_processes_on_the_same_invoices_issue_each_once(run):
    finished(run("prepare", 20))

    racers = [run("issue", 0, 1) for _ in range(2)]
    endings = [process.communicate(timeout=120) and process.returncode for process in racers]

    assert 0 in endings or finished(run("issue", 0, 1)) == ""
    assert finished(run("report")).startswith("20 True 20 20")
