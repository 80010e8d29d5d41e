"""The doors through which Celery comes in. What is to be done stands elsewhere."""

from __future__ import annotations

import logging

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from assessments import keeping, news, newsletter

logger = logging.getLogger(__name__)

# A ring is worth waiting for this long (in seconds), no longer: beat rings anyway.
_PATIENCE = 0.4
# A block that no worker has taken up by then (in seconds) has been shared out anew meanwhile.
_AGAIN_AFTER = 120
# Weekly mails are looked for every hour; what waited longer than that is found anew.
_AN_HOUR = 3600


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def look_for_stale() -> None:
    """Find what is stale and share it out among the workers."""
    for block in keeping.look(at=timezone.now()):
        refresh.apply_async([block], expires=_AGAIN_AFTER)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def refresh(organisation_ids: list[int]) -> None:
    """Bring the results of some organisations up to date, where they are still stale."""
    keeping.refresh(organisation_ids)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def look_for_news() -> None:
    """Find whose weekly mail is due and share it out; forget what sheets were too long ago."""
    now = timezone.now()
    for block in newsletter.due_blocks(at=now):
        send_news.apply_async([block], expires=_AN_HOUR)
    news.prune(at=now)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def send_news(membership_ids: list[int]) -> None:
    """Send the weekly mails of some members, where they are still due."""
    newsletter.send(membership_ids, at=timezone.now())


def ring() -> None:
    """Ask the workers to look for what is stale, soon; a broker that is away costs nothing."""
    options = current_app.conf.broker_transport_options | {
        "socket_connect_timeout": _PATIENCE,
        "socket_timeout": _PATIENCE,
        "max_retries": 0,
    }
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            look_for_stale.apply_async(connection=connection, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer, so beat will ring instead: %s", error)
