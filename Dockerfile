# The portal's image: web server, worker, scheduler and management commands run from it.
# Python is the version the tests run on.

FROM python:3.11-slim-bookworm AS build
COPY requirements.txt /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt


FROM python:3.11-slim-bookworm
# Debian keeps these compatible within a release; a pinned version would vanish with its fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0750 /data \
    && install -d -o portal -g portal -m 0755 /data/static
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/portal
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PORTAL_DATA_DIR=/data \
    XDG_CACHE_HOME=/tmp/cache
# A file that a page names but nobody wrote should fail here, not on the server. The files that
# are served come from the one-shot service, into the volume shared with nginx.
RUN PORTAL_DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "ambon_smartcity/deploy/gunicorn.conf.py"]
