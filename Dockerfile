# What web, worker, beat and migrate run from; docker-compose.yml says how.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# The code belongs to root and is run by someone who cannot change it; the data are theirs.
RUN useradd --system --uid 10001 --user-group --no-create-home coopcheck \
    && install --directory --owner=coopcheck --group=coopcheck --mode=0700 /data
WORKDIR /app

COPY requirements/base.txt requirements/
RUN pip install --require-hashes --requirement requirements/base.txt

COPY . .
# Collecting needs settings, and settings need a key: this one is thrown away with its folder.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q assessments coopcheck orgs

USER coopcheck
ENV DATA_DIR=/data BIND=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["python", "-m", "coopcheck.processes", "web"]
