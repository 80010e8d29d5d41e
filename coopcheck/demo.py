"""What the demo consists of, and in which order: the broker outlives those who talk to it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import http
import os
import socket
import sys
import time
from collections.abc import Iterator

from coopcheck import embedded_broker, env, processes
from coopcheck.children import Child
from coopcheck.demo_mail import MailFolder
from coopcheck.supervision import LOOK_AT_LOG, Failed, Stopped, Supervisor
from orgs import demo_cast

EARLIER_ONE_ENDS_WITHIN_SECONDS = 30
SAID_OF_THE_DEMO = {
    "NOTICE": "This is a demo. All its organisations are fictional.",
    "OPERATOR": "Whoever started this demo, on their own machine, for themselves.",
}
"""What its pages say, as these variables of the environment do elsewhere."""


def run(*, parent: int | None) -> int:
    """Run the demo until somebody stops it; 0 then, and 1 when it cannot go on."""
    supervisor = Supervisor(logs=env.DATA_DIR / "logs", parent=parent)
    try:
        with _only_one_here(supervisor) as lock:
            mails = MailFolder(env.DATA_DIR / "mail")
            supervisor.run(
                lambda: _start(supervisor),
                lock=lock,
                meanwhile=lambda: _tell_mails(supervisor, mails),
            )
    except Stopped:
        return 0
    except (Failed, embedded_broker.BrokerUnavailable) as failure:
        supervisor.tell(failure)
        return 1
    finally:
        with contextlib.suppress(OSError):  # Not there, or another demo's broker listens there.
            env.broker_socket().parent.rmdir()
    return 0


def _start(supervisor: Supervisor) -> None:
    _check_port()
    for name, text in SAID_OF_THE_DEMO.items():
        os.environ.setdefault(name, text)
    supervisor.terminal.say("CoopCheck starts.")
    if not env.REDIS_URL:
        _start_broker(supervisor)
    supervisor.finish("Tables up to date", "tables", processes.migrate)
    supervisor.finish("Demo data there", "demo-data", _load_demo_data)
    worker = supervisor.start("worker", processes.worker)
    beat = supervisor.start("beat", processes.beat)
    web = supervisor.start("web", processes.web, stop_within_seconds=15)
    supervisor.wait_for("Worker ready", worker, processes.is_worker_well)
    supervisor.wait_for("Beat ready", beat, processes.is_beat_well)
    supervisor.wait_for("First page answers", web, lambda: _does_first_page_answer(web))
    supervisor.terminal.say(
        f"\nCoopCheck answers at {env.BASE_URL}\n"
        f"Its data and logs are in {env.DATA_DIR}. Stop it with Ctrl-C.\n"
    )
    if env.IS_LOOPBACK:
        supervisor.terminal.say(f"{demo_cast.how_to_log_in()}\n")


def _tell_mails(supervisor: Supervisor, mails: MailFolder) -> None:
    """Show where a mail leads that was written into the data folder, since nobody gets it."""
    for mail in mails.new():
        supervisor.terminal.say(f"  ✉ To {mail.to}: {mail.subject}")
        for link in mail.links:
            supervisor.terminal.say(f"    {link}")


def _load_demo_data() -> list[str]:
    return [sys.executable, "-m", "coopcheck.demo_data"]


def _start_broker(supervisor: Supervisor) -> None:
    listen_at, keep_in = env.broker_socket(), env.DATA_DIR / "broker"

    def command() -> list[str]:
        embedded_broker.make_room(listen_at=listen_at, keep_in=keep_in)
        return embedded_broker.command(listen_at=listen_at, keep_in=keep_in)

    supervisor.wait_for(
        "Broker ready",
        supervisor.start("broker", command),
        lambda: embedded_broker.is_answering(listen_at),
        remedy=f"If its data are damaged, remove {keep_in}: nothing else is lost with them.",
    )


def _does_first_page_answer(web: Child) -> bool:
    if not processes.is_web_well():
        return False
    status = processes.ask("/")
    if status >= http.HTTPStatus.BAD_REQUEST:
        raise Failed(f"The first page answers with status {status}.\n{LOOK_AT_LOG}", web)
    return True


def _check_port() -> None:
    """Fail early, and with a remedy, where the web process could not listen."""
    family = socket.AF_INET6 if ":" in env.BIND else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((env.BIND, env.PORT))
    except OSError as error:
        match error.errno:
            case errno.EADDRINUSE:
                remedy = f"Another program listens there. Take another port: {_make_demo(1)}"
            case errno.EACCES:
                remedy = "Ports below 1024 are the administrator's: make demo PORT=8000"
            case _:
                remedy = "Set BIND to an address of this machine: make demo BIND=127.0.0.1"
        raise Failed(
            f"CoopCheck cannot listen at port {env.PORT} of {env.BIND} ({error.strerror}).\n"
            f"{remedy}"
        ) from error


def _make_demo(further: int) -> str:
    return f"make demo PORT={env.PORT + further if env.PORT + further < 65_536 else 8000}"


@contextlib.contextmanager
def _only_one_here(supervisor: Supervisor) -> Iterator[int]:
    """Hold the data folder; yields the lock's file that the warden is to keep open.

    Locks end with the processes that hold them, however they end. The first is the supervisor's
    alone. The second is the warden's too, which still ends the children of one that was killed.
    """
    with (
        (env.DATA_DIR / "supervisor.lock").open("a+", encoding="utf-8") as own,
        (env.DATA_DIR / "warden.lock").open("a", encoding="utf-8") as shared,
    ):
        if not _has_locked(own.fileno()):
            own.seek(0)
            number, _, address = own.read().partition(" ")
            raise Failed(
                f"CoopCheck already runs with the data in {env.DATA_DIR}: process {number}, at "
                f"{address}\nUse that one, or stop it with Ctrl-C where it runs, or give this one "
                f"a folder and a port of its own:\n{_make_demo(1)} DATA_DIR=data-2"
            )
        own.truncate(0)
        own.write(f"{os.getpid()} {env.BASE_URL}")
        own.flush()
        waiting_until = time.monotonic() + EARLIER_ONE_ENDS_WITHIN_SECONDS
        while not _has_locked(shared.fileno()):
            if time.monotonic() > waiting_until:
                raise Failed("An earlier demo that was killed is still ending: try again soon.")
            supervisor.pause()
        yield shared.fileno()


def _has_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
