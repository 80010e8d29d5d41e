"""Who is in the demo: one person for each role; plain data, which the supervisor reads too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PASSWORD = "only-for-the-demo"  # noqa: S105 (it is printed; nobody may reach it from elsewhere)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as."""

    email: str
    name: str
    organisation: str = ""
    role: str = ""
    is_curator: bool = False

    @property
    def part(self) -> str:
        """What they are here."""
        return "curator" if self.is_curator else f"{self.role} of {self.organisation}"


PEOPLE: Sequence[DemoPerson] = (
    DemoPerson("steward@alder.example", "Ana", "alder", "steward"),
    DemoPerson("editor@alder.example", "Emre", "alder", "editor"),
    DemoPerson("viewer@alder.example", "Vilma", "alder", "viewer"),
    DemoPerson("steward@dogwood.example", "Dana", "dogwood", "steward"),
    DemoPerson("curator@coopcheck.example", "Cato", is_curator=True),
)


def how_to_log_in() -> str:
    """What is shown to whoever started the demo."""
    lines = [f"  {person.email:<28}{person.part}" for person in PEOPLE]
    return "\n".join([f"Log in with the password {PASSWORD} as", *lines])
