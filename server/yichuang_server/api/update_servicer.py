"""Releases of the desk's program, piece by piece. Translates, nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

from yichuang.v1 import update_pb2, update_pb2_grpc
from yichuang_server.api import peer
from yichuang_server.api.faults import unary
from yichuang_server.services.errors import DistrictError, Fault
from yichuang_server.services.house import House
from yichuang_server.services.releases import at_whole_seconds


class UpdateServicer(update_pb2_grpc.UpdateServiceServicer):
    """For every desk of the district, whoever sits there."""

    def __init__(self, house: House) -> None:
        self._house = house

    @unary
    async def ReadRelease(self, request: update_pb2.ReadReleaseRequest, context: Any) -> update_pb2.ReadReleaseResponse:
        """One piece."""
        await peer.desk(self._house, context)
        releases = self._house.releases
        if releases is None:
            raise DistrictError(Fault.UNKNOWN)
        piece = await asyncio.to_thread(releases.read, request.path, request.offset, at_whole_seconds())
        if piece is None:
            raise DistrictError(Fault.UNKNOWN)
        return update_pb2.ReadReleaseResponse(data=piece)
