"""Pages on their way (页面传送), beside the exchange and never before it.

Rules kept here: an upload goes on from the byte that the district has made durable; a page is believed only when its
hash is its name; one page that cannot move does not hold up the others.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.exchange_values import BlobName
from yichuang_client.store.pages import StoredPage
from yichuang_client.store.store import Store
from yichuang_client.sync.core import portion
from yichuang_client.sync.errors import TransportError, TransportReason
from yichuang_client.sync.status import PageArrived, PageSent, SyncEvent
from yichuang_client.sync.transport import LARGEST_PIECE, SEGMENT_BYTES, Transport
from yichuang_client.trace import trace
from yichuang_domain.ids import CaseId

_ABOUT_ONE_PAGE = frozenset(
    {TransportReason.NOT_FOUND, TransportReason.NOT_STORED, TransportReason.WRONG_HASH, TransportReason.REFUSED}
)
_ABOUT_ONE_FILE = frozenset({StoreReason.PAGE_MISSING, StoreReason.DAMAGED})


class BlobFlow:
    """Moves the pages that are wanted here and there."""

    def __init__(self, store: Store, tell: Callable[[SyncEvent], None]) -> None:
        self._store = store
        self._tell = tell
        self._piece = LARGEST_PIECE
        self._held: tuple[BlobName, bytearray] | None = None
        """What came of a page before the line was cut."""

    async def run_once(self, transport: Transport) -> bool:
        """Send and fetch everything that can be now; whether anything moved. Raises TransportError, StoreError."""
        moved = False
        for page in self._store.pages.to_send():
            moved |= await self._guarded(self._send(transport, page))
        for name in self._store.pages.to_fetch():
            moved |= await self._guarded(self._fetch(transport, name))
        return moved

    async def _guarded(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except TransportError as error:
            if error.reason not in _ABOUT_ONE_PAGE:
                raise
            return False
        except StoreError as error:
            if error.reason not in _ABOUT_ONE_FILE:
                raise
            return False
        return True

    async def _send(self, transport: Transport, page: StoredPage) -> None:
        name = page.name
        offset = await transport.open_upload(name, page.size)
        if offset < page.size:
            data = await asyncio.to_thread(self._store.pages.read, CaseId(name.owner), name.hash)
            while offset < page.size:
                offset = await self._segment(transport, name, offset, data)
                self._piece = portion(self._piece, came=True)
        self._store.pages.sent(name)
        trace("page sent", case=name.owner, page=name.hash)
        self._tell(PageSent(name=name))

    async def _segment(self, transport: Transport, name: BlobName, offset: int, data: bytes) -> int:
        try:
            piece = min(self._piece, LARGEST_PIECE)
            return await transport.upload(name, offset, data[offset : offset + SEGMENT_BYTES], piece)
        except TransportError as error:
            if error.reason is TransportReason.OFFLINE:
                self._piece = portion(min(self._piece, LARGEST_PIECE), came=False)
            if error.reason is not TransportReason.WRONG_OFFSET or error.offset == offset:
                raise
            return error.offset

    async def _fetch(self, transport: Transport, name: BlobName) -> None:
        if self._held is None or self._held[0] != name:
            self._held = name, bytearray()
        await transport.download(name, self._held[1])
        data, self._held = bytes(self._held[1]), None
        if hashlib.sha256(data).hexdigest() != name.hash:
            raise TransportError(TransportReason.WRONG_HASH)
        await asyncio.to_thread(self._store.pages.keep, CaseId(name.owner), data, is_own=False)
        trace("page arrived", case=name.owner, page=name.hash)
        self._tell(PageArrived(name=name))
