"""The environment, read once and checked: every setting that a host may choose, safe by default."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH_BYTES = 100


def _text(name: str, default: str) -> str:
    """A variable's value; an empty one counts as not set, as compose files pass them on."""
    return os.environ.get(name, "").strip() or default


def _texts(name: str, default: list[str]) -> list[str]:
    given = [part.strip() for part in _text(name, "").split(",")]
    return [part for part in given if part] or default


def _number(name: str, default: int, *, most: int, least: int = 0) -> int:
    given = _text(name, str(default))
    if not given.isdecimal() or not least <= int(given) <= most:
        raise ImproperlyConfigured(
            f"{name} is “{given}”: give a whole number from {least} to {most}."
        )
    return int(given)


def _truth(name: str) -> bool:
    given = _text(name, "no").lower()
    if given in {"1", "true", "yes", "on"}:
        return True
    if given in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is “{given}”: give 1 or 0.")


def _folder() -> Path:
    folder = Path(_text("DATA_DIR", str(ROOT / "data"))).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be made ({error.strerror}): set DATA_DIR to a "
            "folder that may be written to."
        ) from error
    return folder


def _secret_key() -> str:
    """The SECRET_KEY given, or a random one made once in the data folder, for its owner only."""
    given = _text("SECRET_KEY", "")
    if given:
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        # Written aside and linked in whole: of several processes that start at once, one wins,
        # and none reads half a key. The file is its owner's alone from its first byte.
        handle, aside = tempfile.mkstemp(dir=DATA_DIR, prefix="secret-key-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        Path(aside).unlink()
    return path.read_text(encoding="ascii").strip()


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def broker_socket() -> Path:
    """Where the embedded broker listens.

    A path of a Unix socket may have about 100 bytes, so it stands in the folder for temporary
    files, under a name made from the data folder's; that folder is this user's alone.
    """
    name = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12]
    path = Path(tempfile.gettempdir()) / f"coopcheck-{os.getuid()}-{name}" / "broker.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH_BYTES:
        return Path("/tmp", *path.parts[-2:])  # noqa: S108 (the folder is checked to be ours)
    return path


DATA_DIR = _folder()
SECRET_KEY = _secret_key()
BIND = _text("BIND", "127.0.0.1").strip("[]")
PORT = _number("PORT", 8000, least=1, most=65_535)
DEBUG = _truth("DEBUG")
if DEBUG and not is_loopback(BIND):
    raise ImproperlyConfigured(
        f"DEBUG is on and BIND is {BIND}: DEBUG shows the inside of the app to everyone who can "
        "reach it. Set BIND=127.0.0.1, or leave DEBUG off."
    )

DATABASE_URL = _text("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'coopcheck.sqlite3'))}")
REDIS_URL = _text("REDIS_URL", "")
BROKER_URL = REDIS_URL or f"redis+socket://{broker_socket()}"

BASE_URL = _text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
_host = urlsplit(BASE_URL).hostname
if not _host or urlsplit(BASE_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured(
        f"BASE_URL is “{BASE_URL}”: give the address that visitors use, as https://coop.example."
    )
IS_HTTPS = BASE_URL.startswith("https://")
# Behind a proxy it may listen to this machine alone and yet answer the world.
IS_LOOPBACK = is_loopback(BIND) and is_loopback(_host)
ALLOWED_HOSTS = _texts(
    "ALLOWED_HOSTS",
    sorted({"localhost", "127.0.0.1", "[::1]", f"[{_host}]" if ":" in _host else _host}),
)
CSRF_TRUSTED_ORIGINS = _texts("CSRF_TRUSTED_ORIGINS", [BASE_URL] if IS_HTTPS else [])
TRUSTED_PROXIES = _number("TRUSTED_PROXIES", 0, most=9)
EMAIL_URL = _text("EMAIL_URL", f"filemail:///{quote(str(DATA_DIR / 'mail'))}")
NOTICE = _text("NOTICE", "")
OPERATOR = _text("OPERATOR", "")
SOURCE_URL = _text("SOURCE_URL", "")
if SOURCE_URL and not SOURCE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"SOURCE_URL is “{SOURCE_URL}”: give the address of the source, as https://coop.example/src."
    )
DEFAULT_FROM_EMAIL = _text("DEFAULT_FROM_EMAIL", "CoopCheck <coopcheck@localhost>")
