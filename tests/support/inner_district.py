"""A district that is served from the test's own process, so that a test can look into its house."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.district import RunningDistrict
from yichuang_server.api.doors import Doors
from yichuang_server.bootstrap import open_house
from yichuang_server.config import DataFolder
from yichuang_server.feed.following import Follower
from yichuang_server.services.house import House

_LONGEST_S = 60


@contextmanager
def serving(district: RunningDistrict) -> Iterator[House]:
    """Serve a district that was begun and does not run; its ports are told to it."""
    _, house = open_house(DataFolder(path=district.folder))
    doors, follower = Doors(house), Follower(house.engine, house.district, house.wakeups)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(doors.open("127.0.0.1", 0, 0), loop).result(_LONGEST_S)
        follower.start()
        district.ports = {"port": doors.port, "enrolment_port": doors.enrolment_port}
        yield house
    finally:
        follower.close()
        asyncio.run_coroutine_threadsafe(doors.close(), loop).result(_LONGEST_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        house.engine.dispose()
