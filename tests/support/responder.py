"""公告者: devices that announce themselves by multicast DNS on the loopback, through the library's own responder."""

from __future__ import annotations

import asyncio
import socket

from zeroconf import ServiceInfo, Zeroconf

LOOPBACK = "127.0.0.1"


class Responder:
    """Use it in a `with`; what it announces is forgotten at its end."""

    def __enter__(self) -> Responder:
        self._zeroconf = Zeroconf(interfaces=[LOOPBACK])
        self._services: dict[str, ServiceInfo] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._zeroconf.close()

    def announce(self, kind: str, name: str, port: int, **words: str | bytes) -> None:
        """Announce a service of a kind ("_uscan._tcp") with the words of its TXT record."""
        info = ServiceInfo(
            f"{kind}.local.",
            f"{name}.{kind}.local.",
            port=port,
            addresses=[socket.inet_aton(LOOPBACK)],
            properties=dict(words),
            server="simulated.local.",
        )
        self._services[name + kind] = info
        loop = self._zeroconf.loop
        assert loop is not None
        # without the second and a half of asking whether the name is free
        task = self._zeroconf.async_register_service(info, cooperating_responders=True)
        asyncio.run_coroutine_threadsafe(task, loop).result(10)

    def withdraw(self, kind: str, name: str) -> None:
        """Say goodbye for a service."""
        self._zeroconf.unregister_service(self._services.pop(name + kind))
