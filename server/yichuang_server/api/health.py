"""The standard gRPC health service: SERVING while the database answers, NOT_SERVING from the moment of a drain."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from sqlalchemy.exc import SQLAlchemyError

from yichuang_server.services.house import House
from yichuang_server.store import log

LOG = logging.getLogger("yichuang.server.health")
PERIOD_S = 5.0


class Health:
    """Says on every door whether the district can work."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._servicer = health.aio.HealthServicer()
        self._looking: asyncio.Task[None] | None = None

    def furnish(self, *servers: Any) -> None:
        """Add the service to doors that are not open yet."""
        for server in servers:
            health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    async def begin(self) -> None:
        """The doors are open: look, and look again."""
        await self._look()
        self._looking = asyncio.create_task(self._keep_looking())

    async def drain(self) -> None:
        """No new work from now on."""
        if self._looking is not None:
            self._looking.cancel()
        await self._servicer.enter_graceful_shutdown()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            await self._look()

    async def _look(self) -> None:
        try:
            await asyncio.to_thread(self._house.read, lambda connection: log.size(connection, self._house.district))
            status = health_pb2.HealthCheckResponse.SERVING
        except (SQLAlchemyError, OSError) as error:
            LOG.error("database away", extra={"fields": {"error": type(error).__name__}})
            status = health_pb2.HealthCheckResponse.NOT_SERVING
        await self._servicer.set("", status)
