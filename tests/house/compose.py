"""docker-compose.yml as compose itself would read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]

# What a host would put into .env; no more than .env.example asks for.
GIVEN = {
    "BASE_URL": "https://coop.example",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "POSTGRES_PASSWORD": "postgrespassword",
    "REDIS_PASSWORD": "redispassword",
}

_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")


class NotGiven(Exception):
    """A variable that compose refuses to start without."""


def read(given: Mapping[str, str] = GIVEN) -> dict[str, Any]:
    """The whole file with its variables filled in."""
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    filled = _fill(document, given)
    assert isinstance(filled, dict)
    return filled


def _fill(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(part, given) for key, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, given) for part in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _value(match, given), value)
    return value


def _value(match: re.Match[str], given: Mapping[str, str]) -> str:
    name, kind, rest = match.groups()
    if name is None:
        return "$"
    if given.get(name):
        return given[name]
    if kind == "?":
        raise NotGiven(name)
    assert kind == "-", f"{name} has neither a default nor a message"
    return str(rest)
