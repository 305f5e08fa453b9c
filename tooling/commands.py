"""The commands of `dev.py`: what each is called, what it is for, what it does."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling import ROOT, checks, demo, system
from tooling.environment import PYTHON, REQUIREMENTS, Layer, prepare
from tooling.processes import run_in_front
from tooling.progress import Problem, Progress, complain

# A file at a time, in the order that tests/plugin.py gives them.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# Whoever chooses by word wants few tests, and those who look closer want one process.
ALONE = ("-k", "-n", "--numprocesses", "--dist", "-s", "--capture", "--pdb", "--trace", "-h", "--help")


@dataclass(frozen=True, slots=True)
class Command:
    """`run` takes what follows the command's name and returns an exit status."""

    usage: str
    purpose: str
    run: Callable[[Sequence[str]], int]


def main(arguments: Sequence[str]) -> int:
    """Run the command named first. Returns the exit status: 0 fine, 1 a problem, 2 not understood."""
    name = arguments[0] if arguments else "help"
    if name in {"help", "-h", "--help"}:
        print(help_text())
        return 0
    if name not in COMMANDS:
        print(f"There is no command '{name}'.\n\n{help_text()}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name].run(arguments[1:])
    except Problem as problem:
        complain(problem)
        return 1
    except KeyboardInterrupt:
        return 130


def help_text() -> str:
    width = max(len(command.usage) for command in COMMANDS.values()) + 2
    lines = [f"  {command.usage:<{width}}{command.purpose}" for command in COMMANDS.values()]
    return "\n".join(["python3 dev.py <command>", "", *lines, "", "New here? python3 dev.py demo"])


def _demo(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py demo", allow_abbrev=False)
    parser.add_argument("--fresh", action="store_true", help="begin anew, without what earlier demos kept")
    parser.add_argument("--port", type=int, default=8000, help="of the console and the page (8000)")
    options = parser.parse_args(arguments)
    return demo.run(demo.Demo(port=options.port), afresh=options.fresh, progress=Progress())


def _test(arguments: Sequence[str]) -> int:
    progress = Progress()
    prepare(Layer.RUNTIME, Layer.DEVELOPMENT, progress=progress)
    system.bring(*system.OF_TESTS, progress=progress)
    # What Python compiles is kept, whatever the shell says: fifty processes of ours start meanwhile.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    return run_in_front([str(PYTHON), "-m", "pytest", *for_pytest(arguments)], environment=environment)


def for_pytest(arguments: Sequence[str]) -> Sequence[str]:
    """What pytest is told: all tests are run side by side, and what somebody chose as they say."""
    if any(argument.startswith(ALONE) or _is_in_the_tree(argument) for argument in arguments):
        return arguments
    return (*(arguments or ("-q",)), *SIDE_BY_SIDE)


def _is_in_the_tree(argument: str) -> bool:
    """A file, a folder, or file.py::test."""
    return (ROOT / argument.partition("::")[0]).exists()


def _bench(arguments: Sequence[str]) -> int:
    known = sorted(path.parent.name for path in (ROOT / "benchmarks").glob("*/__main__.py"))
    if not arguments or arguments[0] not in known:
        raise Problem(f"Say what to measure: {', '.join(known)}. For example: python3 dev.py bench {known[0]}")
    progress = Progress()
    prepare(Layer.RUNTIME, progress=progress)
    system.bring(*system.OF_BENCHMARKS, progress=progress)
    name, *options = arguments
    return run_in_front([str(PYTHON), "-m", f"benchmarks.{name}", *options], environment=os.environ)


DRILLS = {
    "kill": "tests/faults/test_nothing_is_lost.py",
    "restore": "tests/faults/test_the_database_is_restored.py",
    "upgrade": "tests/faults/test_the_program_is_upgraded.py",
}


def _drill(arguments: Sequence[str]) -> int:
    """With 5,000 people, or as many as RIPPLE_DRILL_PEOPLE says, and what was seen printed."""
    if not arguments or arguments[0] not in DRILLS:
        raise Problem(f"Say what to practise: {', '.join(DRILLS)}. For example: python3 dev.py drill restore")
    name, *options = arguments
    prepare(Layer.RUNTIME, Layer.DEVELOPMENT, progress=Progress())
    environment = {"RIPPLE_DRILL_PEOPLE": "5000", **os.environ}
    return run_in_front([str(PYTHON), "-m", "pytest", "-q", "-s", DRILLS[name], *options], environment=environment)


def _check(_arguments: Sequence[str]) -> int:
    prepare(Layer.RUNTIME, Layer.DEVELOPMENT, progress=Progress())
    return checks.check_all()


def _words(_arguments: Sequence[str]) -> int:
    prepare(Layer.RUNTIME, Layer.DEVELOPMENT, progress=Progress())
    environment = {**os.environ, **checks.ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "statuspage.settings"}
    return run_in_front([str(PYTHON), "-m", "tooling.words"], environment=environment)


def _alone(*command: str) -> Callable[[Sequence[str]], int]:
    """One process of the product in front, with what follows handed on to it."""

    def run(arguments: Sequence[str]) -> int:
        progress = Progress()
        prepare(Layer.RUNTIME, progress=progress)
        with demo.application_environment(progress) as environment:
            return run_in_front([*command, *arguments], environment=environment)

    return run


def _worker(arguments: Sequence[str]) -> int:
    lane = arguments[0] if arguments else "inner"
    if lane not in {"inner", "bulk", "webhook"}:
        raise Problem(
            f"There is no lane '{lane}'. It can be inner (on-call first, SMS, publishing), bulk or webhook (endpoints)."
        )
    return _alone(*demo.command(lane))(arguments[1:])


def _lock(arguments: Sequence[str]) -> int:
    """Resolve both locks, for every platform and from Python 3.11 up, with uv in an environment thrown away.

    What is locked stays as it is where it can; `--upgrade`, handed on to uv, takes the newest of everything.
    """
    progress = Progress()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        uv = Path(folder) / "bin" / "uv"
        for doing, command in (
            ("Making a throw-away environment", [sys.executable, "-m", "venv", folder]),
            ("Installing uv", [f"{folder}/bin/pip", "install", "--quiet", "--disable-pip-version-check", "uv"]),
        ):
            progress.run(doing, command, environment=os.environ, log=log)
        for layer in Layer:
            source = REQUIREMENTS / f"{layer}.in"
            options = "--quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header"
            paths = [str(source.relative_to(ROOT)), "-o", str(layer.lock.relative_to(ROOT))]
            resolve = [str(uv), "--no-config", "pip", "compile", *options.split(), *paths, *arguments]
            progress.run(f"Resolving {source.name}", resolve, environment=os.environ, log=log)
    return subprocess.call(["git", "diff", "--stat", "--", "requirements"], cwd=ROOT)


COMMANDS = {
    "demo": Command("demo [--fresh] [--port N]", "everything running here, with example data; start with this", _demo),
    "test": Command("test [pytest arguments]", "install what the tests need, and run them", _test),
    "check": Command("check", "format, lint, types, imports, templates, migrations", _check),
    "bench": Command(
        "bench pages|importing [--help]", "measure what the README says; pages needs nginx and wrk", _bench
    ),
    "shell": Command(
        "shell", "Django's shell, on the demo's data or DATABASE_URL", _alone(str(PYTHON), "manage.py", "shell")
    ),
    "serve": Command("serve", "only the web server", _alone(*demo.command("serve"))),
    "worker": Command("worker [inner|bulk|webhook]", "only one worker", _worker),
    "dispatch": Command("dispatch", "only the dispatcher", _alone(*demo.command("dispatch"))),
    "drill": Command(
        "drill kill|restore|upgrade", "kill, lose the database, or upgrade, in the middle of 5,000 messages", _drill
    ),
    "words": Command("words", "bring the translations of public pages up to date, and say what is missing", _words),
    "lock": Command("lock [--upgrade]", "resolve requirements/*.in into the hashed locks", _lock),
}
