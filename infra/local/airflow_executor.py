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

    def sync(self) -> None:
        """Called at every scheduler loop."""
        killed = [pid for pid, worker in self.workers.items() if worker.exitcode not in (None, 0)]
        if killed:
            log.critical("Worker killed: starting anew", extra={"action": "restart_scheduler", "pids": killed})
            # At once: an orderly end would wait for workers that can no longer be reached.
            os._exit(WORKER_KILLED)
        super().sync()
