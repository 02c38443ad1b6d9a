"""Airflow's LocalExecutor, made to survive the death of a worker process (infra/decisions/0106)."""

from __future__ import annotations

import logging
import os

from airflow.executors.local_executor import LocalExecutor

log = logging.getLogger(__name__)
WORKER_KILLED = 70


class RestartingLocalExecutor(LocalExecutor):  # type: ignore[misc]  # Airflow is not followed by mypy
    """Ends the scheduler when a worker was killed; the process manager starts it anew.

    The workers share one queue, and an idle one waits while it holds the queue's lock. When that one is killed the
    lock stays taken for ever: no other worker ever reads a task again, while the scheduler looks healthy.
    """

    def start(self) -> None:
        """Called once, before the first loop."""
        super().start()
        self._known = set(self.workers)

    def sync(self) -> None:
        """Called at every scheduler loop."""
        self._end_if_killed()
        super().sync()
        self._end_if_killed()

    def _end_if_killed(self) -> None:
        dead = {pid for pid, worker in self.workers.items() if worker.exitcode not in (None, 0)}
        # The base class may have found a dead worker first: then it has forgotten it, and started another.
        killed = sorted(dead | (self._known - set(self.workers)))
        self._known = set(self.workers)
        if killed:
            log.critical("Worker killed: starting anew", extra={"action": "restart_scheduler", "pids": killed})
            # At once: an orderly end would wait for workers that can no longer be reached.
            os._exit(WORKER_KILLED)
