"""`dev.py` and what it runs on: it must be clear when something is wrong, and leave nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest import SkipTest

import pytest

from tooling import ROOT, servers, system
from tooling.commands import COMMANDS, SIDE_BY_SIDE, for_pytest
from tooling.crew import Crew
from tooling.demo import Demo, InUse
from tooling.processes import Program
from tooling.progress import Problem, Progress

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the servers' account can walk to, which pytest's own is not; without the suite's servers."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    servers.forget(folder)
    shutil.rmtree(folder)


def dev(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "dev.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def program(folder: Path, *arguments: str) -> Program:
    return Program("stand-in", arguments, folder / "stand-in.log", os.environ)


def is_alive(pid: int) -> bool:
    """Whether a process still does something; one that is dead and not yet collected does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def run_until_killed(script: str) -> list[int]:
    """Run a script that prints pids and then waits; kill it with -9 once it has. Returns those pids."""
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as words:
        pids = [int(word) for word in words.readline().split()]
    assert pids
    assert all(is_alive(pid) for pid in pids)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    return pids


def test_the_help_lists_every_command() -> None:
    answer = dev()
    assert answer.returncode == 0
    for name, command in COMMANDS.items():
        assert command.usage.startswith(name)
        assert command.usage in answer.stdout


def test_an_unknown_command_is_named_and_the_known_ones_are_shown() -> None:
    answer = dev("dmeo")
    assert answer.returncode == 2
    assert "There is no command 'dmeo'" in answer.stderr
    assert "demo [--fresh]" in answer.stderr


def test_an_old_python_is_told_what_is_needed() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 8, 1); sys.version = '3.8.1 (old)'; runpy.run_path('dev.py')"
    answer = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr == "Ripple needs Python 3.11 or newer. This is Python 3.8.1. Try: python3.11 dev.py\n"


def test_continuous_integration_runs_the_test_command_and_nothing_else() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec python3 dev.py test"


@pytest.mark.parametrize(
    "flags", [(), ("-q",), ("-x", "--lf"), ("-m", "not browser"), ("--maxfail=3",), ("--no-header",)]
)
def test_all_tests_are_run_side_by_side_whatever_else_is_said(flags: tuple[str, ...]) -> None:
    assert for_pytest(flags) == (*(flags or ("-q",)), *SIDE_BY_SIDE)


@pytest.mark.parametrize(
    "chosen",
    [
        ("tests/house",),
        ("-q", "tests/house/test_words.py"),
        ("tests/house/test_words.py::test_one",),
        ("-k", "member"),
        ("-n", "4"),
        ("-n0",),
        ("-sx",),
        ("--pdb",),
    ],
)
def test_who_chooses_tests_or_how_they_are_run_gets_just_that(chosen: tuple[str, ...]) -> None:
    assert for_pytest(chosen) == chosen


def test_a_server_that_cannot_start_shows_the_end_of_its_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (("initdb", 'mkdir "$2"'), ("postgres", "echo no space left on device; exit 1")):
        (folder / name).write_text(f"#!/bin/sh\n{words}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PG_BINDIR", str(folder))
    with (
        pytest.raises(Problem, match=r"(?s)postgres did not start.*no space left on device"),
        servers.running(folder, is_lasting=True),
    ):
        pass


def test_a_second_demo_on_the_same_folder_is_told_who_has_it(tmp_path: Path) -> None:
    first, second = Demo(tmp_path / "demo", port=8000), Demo(tmp_path / "demo", port=8001)
    with first.held(), pytest.raises(InUse, match=f"process {os.getpid()}, http://localhost:8000"), second.held():
        pass
    with second.held():
        pass


def test_a_program_that_does_not_listen_is_ended_with_its_children(tmp_path: Path) -> None:
    stubborn = program(tmp_path, "sh", "-c", "trap '' TERM; sleep 1000 & echo $!; wait").start()
    log = stubborn.program.log
    while not log.read_text().strip():
        time.sleep(0.02)
    stubborn.stop(patience=timedelta(milliseconds=200))
    assert stubborn.is_over
    wait_until_gone(int(log.read_text()))


def test_a_program_that_cannot_stand_is_a_problem_with_its_last_words(tmp_path: Path) -> None:
    broken = program(tmp_path, "sh", "-c", "echo the key is missing; exit 3")
    crew = Crew([broken], servers=[], progress=Progress())
    with pytest.raises(Problem, match=r"(?s)stand-in ended with 3.*the key is missing"):
        while True:
            crew.look_after()


@linux_only
def test_nothing_is_left_when_the_parent_is_killed() -> None:
    pids = run_until_killed(
        "import os, pathlib, time\n"
        "from tooling.processes import Program\n"
        "log = pathlib.Path(os.devnull)\n"
        "print(*(Program('sleeper', ['sleep', '1000'], log, os.environ).start().process.pid for _ in range(3)),"
        " flush=True)\n"
        "time.sleep(1000)"
    )
    for pid in pids:
        wait_until_gone(pid)


@linux_only
def test_kept_data_is_there_again_after_the_parent_was_killed(folder: Path) -> None:
    pids = run_until_killed(
        "import pathlib, time\n"
        "from tooling import servers\n"
        f"with servers.running(pathlib.Path({str(folder)!r}), is_lasting=True) as started:\n"
        "    print(*(each.process.pid for each in started.running), flush=True); time.sleep(1000)"
    )
    with servers.running(folder, is_lasting=True) as started:
        assert {each.program.name for each in started.running if not each.is_over} == {"postgres", "valkey"}
    for pid in pids:
        wait_until_gone(pid)


def test_a_missing_program_skips_here_and_fails_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system.NEEDS, "loom", system.Need("loom", ("no-such-loom",)))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(SkipTest, match=r"apt-get install loom, or python3 dev\.py test"):
        system.require("loom")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="loom is not installed"):
        system.require("loom")
