"""docker-compose.yml, the Dockerfile and .env.example: valid, complete, and without what one regrets later."""

import re
import subprocess
from pathlib import Path

import pytest

from statuspage import env
from statuspage.kit import queues
from tests.deploy.composing import EXAMPLE, OURS, SECRETS, Service, config, program, read
from tooling import ROOT

DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Service]:
    return read(tmp_path_factory.mktemp("compose"))


def ours(services: dict[str, Service]) -> list[Service]:
    return [service for service in services.values() if service.target]


def test_nothing_starts_with_a_secret_that_everybody_knows(tmp_path: Path) -> None:
    for name in SECRETS:
        done = config(tmp_path, "--quiet", variables={**SECRETS, name: ""})
        assert done.returncode != 0
        assert f"required variable {name} is missing a value: is empty. Fill in .env" in done.stderr


def test_there_is_a_worker_for_every_queue(services: dict[str, Service]) -> None:
    queued = re.compile(r" -Q (\S+)")
    found = [match[1].split(",") for service in ours(services) if (match := queued.search(service.command))]
    assert sorted(lane for lanes in found for lane in lanes) == sorted(queues.ALL), "each once"
    together = [set(lanes) for lanes in found if len(lanes) > 1]
    assert together == [{queues.BULK, queues.IMPORTS}, {queues.INNER, queues.SMS}], "nobody else waits for somebody"


def test_whatever_lasts_is_started_again_and_says_whether_it_is_well(services: dict[str, Service]) -> None:
    lasting = {name: service for name, service in services.items() if service.is_lasting}
    assert services.keys() - lasting.keys() == {"prepare"}
    assert {service.told["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert [name for name, service in lasting.items() if not service.health] == ["certificates"]


def test_what_is_ours_runs_as_nobody_and_writes_only_where_it_must(services: dict[str, Service]) -> None:
    for service in ours(services):
        told = service.told
        assert (told["read_only"], told["cap_drop"], told["security_opt"]) == (
            True,
            ["ALL"],
            ["no-new-privileges:true"],
        )
    users = re.findall(r"^(?:FROM \S+ AS (\w+)|USER (\S+))", DOCKERFILE.read_text(), re.MULTILINE)
    of_target = {target: users[place + 1][1] for place, (target, _user) in enumerate(users) if target in OURS}
    assert of_target == dict.fromkeys(OURS, "10001:10001")


def test_images_are_pinned(services: dict[str, Service]) -> None:
    theirs = [service.told["image"] for service in services.values() if not service.target]
    bases = set(re.findall(r"^FROM (\S+:\S+)", DOCKERFILE.read_text(), re.MULTILINE))
    for image in [*theirs, *bases]:
        assert re.search(r":v?\d+\.\d+", image), f"{image} would be another one tomorrow"


def test_the_front_is_the_only_proxy_that_is_believed_and_the_only_door(services: dict[str, Service]) -> None:
    address = services["front"].told["networks"]["inside"]["ipv4_address"]
    assert {service.environment["RIPPLE_TRUSTED_PROXIES"] for service in ours(services) if service.name != "front"} == {
        address
    }
    assert [name for name, service in services.items() if service.told.get("ports")] == ["front"]
    assert not services["front"].told.get("depends_on"), "it serves when everything else is away"


def test_the_front_knows_no_secret(services: dict[str, Service]) -> None:
    assert not [value for value in services["front"].environment.values() if value in SECRETS.values()]


def test_the_dockerfile_passes_hadolint() -> None:
    done = subprocess.run([program("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_holds_every_folder_the_product_is_made_of() -> None:
    copied = set(re.findall(r"^COPY (\w+)/ \1/$", DOCKERFILE.read_text(), re.MULTILINE))
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert copied == {*apps, "templates", "locale", "deploy"}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == {*copied, "manage.py", "requirements"}


def test_the_example_explains_every_variable_in_the_words_of_env_py() -> None:
    text = EXAMPLE.read_text()
    for variable in env.VARIABLES:
        assert re.search(rf"^# {re.escape(variable.meaning)}\n(#   .*\n)*#?{variable.name}=", text, re.MULTILINE), (
            variable
        )


def test_every_variable_of_env_py_is_in_its_list() -> None:
    defined = {value.name for value in vars(env).values() if isinstance(value, env.Variable)}
    assert defined == {variable.name for variable in env.VARIABLES}
