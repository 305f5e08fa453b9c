"""deploy/front, which fills in nginx's configuration: valid, whatever is set and whatever is not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.composing import read
from tooling import ROOT
from tooling.system import require

HANDOVER = ROOT / "deploy" / "hand-over"


def values(folder: Path, **given: str) -> dict[str, str]:
    """The front's environment as compose names it, in this folder."""
    places = {
        "RIPPLE_PUBLISHED_DIR": folder / "published",
        "RIPPLE_CERTIFICATES_DIR": folder / "certificates",
        "RIPPLE_ACME_DIR": folder / "acme",
        "RIPPLE_NGINX_DIR": folder / "nginx",
        "RIPPLE_ACCESS_LOG": folder / "access.log",
    }
    front = read(folder)["front"].environment
    return {"PATH": os.environ["PATH"], **front, **{name: str(place) for name, place in places.items()}, **given}


def checked(folder: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    for program in ("nginx", "envsubst", "openssl"):
        require(program)
    arguments = [str(ROOT / "deploy" / "front"), "-t"]
    return subprocess.run(arguments, env=values(folder, **given), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("domain", ["", "pages.acme.test"])
def test_nginx_accepts_its_configuration_without_a_word_of_warning(tmp_path: Path, domain: str) -> None:
    done = checked(tmp_path, RIPPLE_PAGES_DOMAIN=domain)
    assert done.returncode == 0, done.stderr
    assert "test is successful" in done.stderr
    assert "[warn]" not in done.stderr
    left = [path.name for path in (tmp_path / "nginx").glob("*.conf") if "${RIPPLE_" in path.read_text()]
    assert left == [], "everything is filled in"


def test_the_names_known_from_the_start_have_a_certificate_that_is_never_made_twice(tmp_path: Path) -> None:
    hosts = {"RIPPLE_CONSOLE_URL": "https://console.acme.test:8443/", "RIPPLE_FIRST_HOST": "status.acme.test"}
    assert checked(tmp_path, **hosts).stdout.count("signs itself") == 2
    certificate = tmp_path / "certificates" / "console.acme.test" / "fullchain.pem"
    first = certificate.read_bytes()
    assert checked(tmp_path, **hosts).stdout == ""
    assert certificate.read_bytes() == first
    assert certificate.with_name("privkey.pem").stat().st_mode & 0o007 == 0


def test_a_real_certificate_takes_the_place_of_the_first_one(tmp_path: Path) -> None:
    checked(tmp_path, RIPPLE_FIRST_HOST="status.acme.test")
    lineage = tmp_path / "live" / "status.acme.test"
    lineage.mkdir(parents=True)
    for name in ("fullchain.pem", "privkey.pem"):
        (lineage / name).write_text(f"a real {name}")
    told = {
        "PATH": os.environ["PATH"],
        "RENEWED_LINEAGE": str(lineage),
        "RIPPLE_CERTIFICATES_DIR": str(tmp_path / "certificates"),
        "RIPPLE_GROUP": str(os.getgid()),
    }
    subprocess.run([str(HANDOVER)], env=told, check=True)
    folder = tmp_path / "certificates" / "status.acme.test"
    assert sorted(path.name for path in folder.iterdir()) == ["fullchain.pem", "privkey.pem"]
    assert (folder / "privkey.pem").read_text() == "a real privkey.pem"
    assert (folder / "privkey.pem").stat().st_mode & 0o777 == 0o640


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    shell = shutil.which("sh") or "sh"
    told = {name: value for name, value in values(tmp_path).items() if name != "RIPPLE_APPLICATION"}
    arguments = [shell, str(ROOT / "deploy" / "front"), "-t"]
    done = subprocess.run(arguments, env=told, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "RIPPLE_APPLICATION" in done.stderr
