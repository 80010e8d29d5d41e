"""What CoopCheck runs as, defined once: the demo, the compose file and the tests run the same.

`python -m coopcheck.processes web` becomes that process; `… check web` asks whether one is well.
"""

from __future__ import annotations

import functools
import http
import http.client
import os
import socket
import sys
import time

from coopcheck import env

BEAT_IS_QUIET_AFTER_SECONDS = 300
ANSWER_WITHIN_SECONDS = 5
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (looked up, not bound)


def web() -> list[str]:
    """Gunicorn with threads; pages are short, and none of them waits for the broker."""
    host = f"[{env.BIND}]" if ":" in env.BIND else env.BIND
    return [
        *(sys.executable, "-m", "gunicorn", "coopcheck.wsgi:application"),
        *("--bind", f"{host}:{env.PORT}"),
        # Loaded before it forks, the app is loaded once, and an app that cannot be is told at once.
        *("--preload", "--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "10", "--max-requests", "10000"),
        *("--max-requests-jitter", "1000", "--log-level", "info", "--no-control-socket"),
    ]


def worker() -> list[str]:
    """A Celery worker with two children, that spares the start-up talk with other workers."""
    return [
        *(sys.executable, "-m", "celery", "--app", "coopcheck", "worker"),
        *("--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"),
        *("--without-mingle", "--without-gossip"),
    ]


def beat() -> list[str]:
    """Celery beat, which rings every minute; a file for its process number could go stale."""
    return [
        *(sys.executable, "-m", "celery", "--app", "coopcheck", "beat"),
        *("--loglevel", "INFO", "--pidfile", ""),
    ]


def migrate() -> list[str]:
    """Bring the database's tables up to date, then end."""
    return [sys.executable, str(env.ROOT / "manage.py"), "migrate", "--noinput"]


def ask(path: str) -> int:
    """The status with which the web process here answers a GET of `path`; it raises OSError."""
    here = _WILDCARDS.get(env.BIND, env.BIND)
    allowed = next((host for host in env.ALLOWED_HOSTS if host.strip(".*")), "localhost")
    connection = http.client.HTTPConnection(here, env.PORT, timeout=ANSWER_WITHIN_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": allowed.lstrip(".")})
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def is_web_well() -> bool:
    """Whether visitors may be sent here."""
    try:
        return ask("/healthz/ready") == http.HTTPStatus.OK
    except OSError:
        return False


def is_worker_well(*, tries: int = 1) -> bool:
    """Whether the worker of this machine answers over the broker, which it does within a second.

    A worker that is just starting misses what was asked before, so there may be more tries.
    """
    from kombu.exceptions import KombuError
    from redis import RedisError

    from coopcheck.celery import app

    name = f"celery@{socket.gethostname()}"
    try:
        return any(app.control.ping(destination=[name], timeout=1.0, limit=1) for _ in range(tries))
    except (OSError, KombuError, RedisError):
        return False


def is_beat_well() -> bool:
    """Whether beat wrote its schedule lately, as it does each time that it rings."""
    written = [path.stat().st_mtime for path in env.DATA_DIR.glob("beat-schedule*")]
    return bool(written) and time.time() - max(written) < BEAT_IS_QUIET_AFTER_SECONDS


COMMANDS = {"web": web, "worker": worker, "beat": beat, "migrate": migrate}
CHECKS = {"web": is_web_well, "beat": is_beat_well}
CHECKS["worker"] = functools.partial(is_worker_well, tries=5)


def main(arguments: list[str]) -> int:
    """Become the process that is named, or check it; the exit status tells."""
    match arguments:
        case [name] if name in COMMANDS:
            command = COMMANDS[name]()
            os.chdir(env.ROOT)
            os.execv(command[0], command)  # noqa: S606 (a list of our own, no shell)
        case ["check", name] if name in CHECKS:
            return 0 if CHECKS[name]() else 1
    sys.stderr.write(
        f"usage: python -m coopcheck.processes {{{','.join(COMMANDS)}}}\n"
        f"       python -m coopcheck.processes check {{{','.join(CHECKS)}}}\n"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
