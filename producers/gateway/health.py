"""Is the gateway alive, can it take events, and its figures."""

from __future__ import annotations

import orjson
from fastapi import APIRouter
from fastapi.responses import Response

from producers.gateway.metrics import Name
from producers.gateway.surroundings import Surroundings

JSON = "application/json"


def health_routes(given: Surroundings) -> APIRouter:
    """GET /health/live, /health/ready, /metrics."""
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> Response:
        return Response(b'{"status":"live"}', media_type=JSON)

    @router.get("/health/ready")
    async def ready() -> Response:
        checks = checks_of(given)
        status = 200 if checks["G001_access"] == "ok" and checks["G003_spool"] != "full" else 503
        return Response(
            orjson.dumps({"status": "ready" if status == 200 else "not ready", **checks}), status, media_type=JSON
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(given.metrics.page(figures_of(given)), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router


def checks_of(given: Surroundings) -> dict[str, str | int]:
    """Stable names of what the gateway needs, each with its state; Kafka may be away as long as the spool has room."""
    spool = given.producer.spool
    waiting = "full" if spool.is_full else "draining" if spool.records else "empty"
    return {
        "G001_access": "ok" if given.ready() else "never read",
        "G002_kafka": "ok" if given.producer.reaches_kafka else "away",
        "G003_spool": waiting,
        "spooled_records": spool.records,
    }


def figures_of(given: Surroundings) -> dict[Name, float]:
    """What is measured only when somebody asks."""
    producer = given.producer
    return {
        "gateway_spool_records": producer.spool.records,
        "gateway_spool_bytes": producer.spool.size,
        "gateway_spool_cut_bytes": producer.spool.cut_bytes,
        "gateway_spool_drained_total": producer.drained.records,
        "gateway_spool_refused_total": producer.drained.refused,
        "gateway_kafka_reached": float(producer.reaches_kafka),
    }
