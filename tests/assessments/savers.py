"""A client that saves answers beside others, as a process of its own.

It prints a line of JSON for each save: of which question, what it saw, what it wrote, whether that
was saved. What it writes is found nowhere else.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import replace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopcheck.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402 (after Django is set up, see above)

from assessments import curation, drafting, drafts, evaluation, publishing  # noqa: E402
from assessments.catalogue import edition_file  # noqa: E402
from assessments.scoring.terms import Answer  # noqa: E402
from orgs import joining  # noqa: E402
from orgs.models import Organisation, User  # noqa: E402
from tests import cast  # noqa: E402

QUESTIONS = ("rules", "release-delay")
STANDING = {"rules": Answer(level="yes"), "release-delay": Answer(level="soon")}


def set_up() -> None:
    """The small edition and an organisation that has answered nothing."""
    curation.load(edition_file.read(cast.SMALL_TOML), publish_at=timezone.now())
    user = User.objects.create_user("ana@hazel.example", name="Ana")
    joining.found(user, slug="hazel", described={"name": "Hazel"})


def save(client: str, times: int) -> None:
    """Save so often, after having looked at what is there; in case of a conflict, give up."""
    hazel, ana = Organisation.objects.get(slug="hazel"), User.objects.get()
    chance = random.Random(client)
    for number in range(times):
        slug = chance.choice(QUESTIONS)
        draft = drafts.read(hazel)
        seen, before = draft.mark(slug), draft.answers.get(slug)
        time.sleep(chance.random() * 0.05)
        note = f"{client}-{number}"
        answer = replace(STANDING[slug], note=note)
        try:
            drafting.save_answer(hazel, slug, answer, seen=seen, by=ana, at=timezone.now())
            is_saved = True
        except drafting.Conflict:
            is_saved = False
        report(question=slug, saw=before.note if before else None, wrote=note, is_saved=is_saved)


def publish(times: int) -> None:
    """Publish so often, between the saves of others."""
    hazel, ana = Organisation.objects.get(slug="hazel"), User.objects.get()
    for _ in range(times):
        time.sleep(0.1)
        try:
            made = publishing.publish(hazel, by=ana, at=timezone.now())
        except publishing.NothingToPublish:
            continue
        for slug, answer in evaluation.read([made])[0].answers.items():
            report(question=slug, published=answer.note)


def final() -> None:
    """What stands there in the end."""
    draft = drafts.read(Organisation.objects.get(slug="hazel"))
    for slug, answer in draft.answers.items():
        report(question=slug, stands=answer.note)


def report(**what: object) -> None:
    """Tell the test."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["set-up"]:
            set_up()
        case ["save", client, times]:
            save(client, int(times))
        case ["publish", times]:
            publish(int(times))
        case ["final"]:
            final()
