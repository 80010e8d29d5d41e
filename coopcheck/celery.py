"""The Celery app: workers find their tasks and their settings here."""

import os
import signal
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopcheck.settings")

STANDS_STILL_AFTER_SECONDS = 15


class Alarm(bootsteps.StartStopStep):  # type: ignore[misc]  # Untyped.
    """Ends a worker whose loop stands still, by a signal that nothing in it can hold up.

    After its broker was killed, a worker may stay there and take up nothing any more. While the
    loop turns, the alarm is put off each second. What runs the worker starts it again (compose, the
    demo's supervisor), and what it had begun is found stale and done again.
    """

    is_over = False

    def start(self, consumer: Any) -> None:
        """With each connection to the broker: the loop begins to turn."""
        self.turning = consumer.timer.call_repeatedly(1.0, self._put_off)

    def _put_off(self) -> None:
        if not Alarm.is_over:
            signal.alarm(STANDS_STILL_AFTER_SECONDS)

    def stop(self, consumer: Any) -> None:
        """The loop has ended: a new one begins in time, or none does."""
        self.turning.cancel()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _let_it_finish(**_: Any) -> None:
    """Who is asked to stop does what is begun first, which may take longer."""
    Alarm.is_over = True
    signal.alarm(0)


app = Celery("coopcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(Alarm)
