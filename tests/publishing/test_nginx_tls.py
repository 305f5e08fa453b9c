"""deploy/nginx.conf as a whole: certificates by name, and what plain HTTP is still there for."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificates import make_certificate
from tests.publishing.serving import HOST, INDEX, Nginx
from tooling import nginx
from tooling.servers import free_port


@pytest.fixture
def with_certificates(root: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The whole of deploy/nginx.conf, with a certificate for HOST and one for the pages' own domain."""
    certificates = tmp_path / "certificates"
    for name in (HOST, "pages.test"):
        (certificates / name).mkdir(parents=True)
        key, certificate = make_certificate(name)
        (certificates / name / "privkey.pem").write_bytes(key)
        (certificates / name / "fullchain.pem").write_bytes(certificate)
    (tmp_path / "acme" / ".well-known" / "acme-challenge").mkdir(parents=True)
    (tmp_path / "acme" / ".well-known" / "acme-challenge" / "token").write_text("proof")
    values = {
        **nginx.values_for(tmp_path / "nginx", published=root, application="127.0.0.1:1"),
        "RIPPLE_CERTIFICATES_DIR": str(certificates),
        "RIPPLE_ACME_DIR": str(tmp_path / "acme"),
        "RIPPLE_PAGES_DOMAIN": "pages.test",
        "RIPPLE_RESOLVER": "127.0.0.1",
        "RIPPLE_HSTS": said_by_the_front("RIPPLE_HSTS"),
        "RIPPLE_HTTP_PORT": str(free_port()),
        "RIPPLE_HTTPS_PORT": str(free_port()),
    }
    with nginx.running((nginx.DEPLOY / "nginx.conf").read_text(), folder=tmp_path / "nginx", values=values):
        yield values


def said_by_the_front(name: str) -> str:
    """What deploy/front, which starts nginx, exports under `name`."""
    found = re.search(rf'^export {name}="([^"]*)"$', (nginx.DEPLOY / "front").read_text(), re.MULTILINE)
    assert found, name
    return found[1]


def certificate_shown(port: str, name: str | None) -> str:
    """The common name of the certificate that is shown to whoever asks for `name`."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", int(port)), timeout=5) as wire,
        context.wrap_socket(wire, server_hostname=name) as tls,
    ):
        shown = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"")
        return str(shown.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


def test_every_host_shows_its_own_certificate(with_certificates: dict[str, str]) -> None:
    port = with_certificates["RIPPLE_HTTPS_PORT"]
    assert certificate_shown(port, HOST) == HOST
    assert certificate_shown(port, "acme.pages.test") == "pages.test"
    assert certificate_shown(port, None) == "pages.test"
    for unknown in ("nobody.example", "x" * 60, "a.b"):
        with pytest.raises(ssl.SSLError):
            certificate_shown(port, unknown)


def test_pages_are_served_under_tls_and_browsers_stay_there(with_certificates: dict[str, str]) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", int(with_certificates["RIPPLE_HTTPS_PORT"]), context=context)
    connection.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", connection.port)), server_hostname=HOST
    )
    connection.request("GET", "/", headers={"Host": HOST})
    with connection.getresponse() as response:
        assert (response.status, response.read()) == (200, INDEX)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_leads_to_https_and_answers_the_certificate_authority(with_certificates: dict[str, str]) -> None:
    plain = Nginx(int(with_certificates["RIPPLE_HTTP_PORT"]))
    answer = plain.ask("/history?x=1")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/history?x=1")
    assert plain.ask("/.well-known/acme-challenge/token").body == b"proof"
    assert plain.ask("/.well-known/acme-challenge/../../../secret.html").status in {301, 400}
    assert plain.ask("/.well-known/acme-challenge/").status in {403, 404}, "never a listing"
