"""The web server of deploy/, on free ports and without root: for tests, benchmarks and a look at it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tooling import ROOT
from tooling.processes import Program
from tooling.servers import answers, free_port, wait_until_ready
from tooling.system import require

DEPLOY = ROOT / "deploy"
# Everything pages.conf needs around it where there are no certificates.
PLAIN = """
worker_processes ${WORKERS};
pcre_jit on;
pid ${RIPPLE_NGINX_DIR}/nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
    include maps.conf;
    access_log ${RIPPLE_ACCESS_LOG} ripple buffer=32k flush=1s;
    client_body_temp_path ${RIPPLE_NGINX_DIR}/body;
    proxy_temp_path ${RIPPLE_NGINX_DIR}/proxy;
    fastcgi_temp_path ${RIPPLE_NGINX_DIR}/fastcgi;
    scgi_temp_path ${RIPPLE_NGINX_DIR}/scgi;
    uwsgi_temp_path ${RIPPLE_NGINX_DIR}/uwsgi;
    server {
        listen 127.0.0.1:${RIPPLE_HTTP_PORT} default_server;
        include pages.conf;
    }
}
"""


@contextmanager
def serving(published: Path, *, application: str, folder: Path, workers: int = 1) -> Iterator[int]:
    """Pages of the store at `published`, with the application (host:port) behind, over plain HTTP. Yields the port."""
    port = free_port()
    values = values_for(folder, published=published, application=application)
    with running(PLAIN, folder=folder, values={**values, "RIPPLE_HTTP_PORT": str(port), "WORKERS": str(workers)}):
        yield port


def values_for(folder: Path, *, published: Path, application: str) -> dict[str, str]:
    """What the ${…} of the configuration mean on this machine."""
    return {
        "RIPPLE_PUBLISHED_DIR": str(published),
        "RIPPLE_APPLICATION": application,
        "RIPPLE_NGINX_DIR": str(folder),
        "RIPPLE_ACCESS_LOG": str(folder / "access.log"),
        "RIPPLE_HSTS": "",
    }


@contextmanager
def running(main: str, *, folder: Path, values: Mapping[str, str]) -> Iterator[None]:
    """An nginx with `main` as its configuration, until the end. Its files and logs are in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {path.name: path.read_text() for path in DEPLOY.glob("*.conf")} | {"nginx.conf": main}
    for name, text in texts.items():
        (folder / name).write_text(filled_in(text, values))
    server = _program(folder).start()
    try:
        wait_until_ready(server, lambda: answers(int(values["RIPPLE_HTTP_PORT"])))
        yield
    finally:
        server.stop()


def _program(folder: Path) -> Program:
    # Root's nginx would give up its rights for its workers, and then not reach a folder that is root's own.
    directives = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
    files = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    arguments = [require("nginx"), *files, "-g", directives]
    return Program("nginx", arguments, log=folder / "nginx.log", environment={"PATH": os.defpath})


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """As envsubst does it: ${NAME} for the names given, nginx's own $variables left alone."""
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text
