"""The two doors of the server: the ordinary one asks for a desk's certificate, the other enrols and does no more.

Rules kept here (security: sync): TLS 1.2 with our own suites, or 1.3 (whose suites are all AEAD), whatever the
environment says; every keep-alive is set by hand, for the defaults do not notice a black hole; messages are small; no
reflection.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from yichuang.v1 import (
    blob_pb2_grpc,
    catalogue_pb2_grpc,
    district_pb2_grpc,
    enrolment_pb2_grpc,
    exchange_pb2_grpc,
    people_pb2_grpc,
    update_pb2_grpc,
)
from yichuang_server.api.exchange_servicer import ExchangeServicer
from yichuang_server.api.health import Health
from yichuang_server.api.reading import LenientReading
from yichuang_server.api.servicers import (
    BlobServicer,
    CatalogueServicer,
    DistrictServicer,
    EnrolmentServicer,
    PeopleServicer,
)
from yichuang_server.api.update_servicer import UpdateServicer
from yichuang_server.services.house import House

_THREADS = 8
_GRACE_S = 15.0
"""How long running calls may take to end when the server stops."""
_OPTIONS = (
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.http2.ping_timeout_ms", 20_000),  # behind a full buffer of a thin line an answer takes seconds
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.max_receive_message_length", 4 << 20),
    ("grpc.so_reuseport", 0),
    # calls that no handler has taken yet, above which the library cancels some (its own bounds are 1,000 and 3,000):
    # every desk of a city may come at once when the line is back
    ("grpc.server.max_pending_requests", 12_000),
    ("grpc.server.max_pending_requests_hard_limit", 16_000),
)


class Doors:
    """Both doors, open between ``open`` and ``close``."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._servers: list[Any] = []
        self._health = Health(house)
        self.port = 0
        self.enrolment_port = 0

    async def open(self, listen: str, port: int, enrolment_port: int) -> None:
        """Take the ports (0 for any) and serve. Raises RuntimeError when one is taken."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="work"))
        self._house.wakeups.bind(loop)
        ordinary, enrolment = (grpc.aio.server(interceptors=[LenientReading()], options=_OPTIONS) for _ in range(2))
        self._servers = [ordinary, enrolment]
        self.port = ordinary.add_secure_port(f"{listen}:{port}", self._credentials(asks=True))
        self.enrolment_port = enrolment.add_secure_port(f"{listen}:{enrolment_port}", self._credentials(asks=False))
        self._furnish(ordinary, enrolment)
        self._health.furnish(ordinary, enrolment)
        for server in self._servers:
            await server.start()
        await self._health.begin()

    def _furnish(self, ordinary: Any, enrolment: Any) -> None:
        house = self._house
        add: Any = exchange_pb2_grpc.add_ExchangeServiceServicer_to_server
        add(ExchangeServicer(house), ordinary)
        add = blob_pb2_grpc.add_BlobServiceServicer_to_server
        add(BlobServicer(house), ordinary)
        add = catalogue_pb2_grpc.add_CatalogueServiceServicer_to_server
        add(CatalogueServicer(house), ordinary)
        add = people_pb2_grpc.add_PeopleServiceServicer_to_server
        add(PeopleServicer(house), ordinary)
        add = update_pb2_grpc.add_UpdateServiceServicer_to_server
        add(UpdateServicer(house), ordinary)
        add = district_pb2_grpc.add_DistrictServiceServicer_to_server
        add(DistrictServicer(house), ordinary)
        add = enrolment_pb2_grpc.add_EnrolmentServiceServicer_to_server
        add(EnrolmentServicer(house, enrols=False), ordinary)
        add(EnrolmentServicer(house, enrols=True, port=self.port), enrolment)

    def _credentials(self, *, asks: bool) -> Any:
        authority = self._house.authority
        return grpc.ssl_server_credentials(
            [(authority.server_key, authority.server_chain)],
            root_certificates=authority.root_pem if asks else None,
            require_client_auth=asks,
        )

    async def close(self) -> None:
        """Tell the streams, let running calls end, take no new ones; then stop."""
        await self._health.drain()
        self._house.wakeups.drain()
        await asyncio.gather(*(server.stop(_GRACE_S) for server in self._servers))
