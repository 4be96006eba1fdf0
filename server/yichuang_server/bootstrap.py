"""Puts the district's house together and keeps it running: the only place that names concrete parts."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from yichuang_domain.deed import local_day
from yichuang_domain.training import is_training
from yichuang_server.config import ConfigError, DataFolder, PagesOnS3, ServerConfig, write_private
from yichuang_server.feed.following import Follower
from yichuang_server.metrics import LogNumbers, MetricsDoor
from yichuang_server.services.admission import Admission
from yichuang_server.services.authority import Authority
from yichuang_server.services.enrolment import Enrolment
from yichuang_server.services.house import House, district_time
from yichuang_server.services.people import People
from yichuang_server.services.releases import Releases
from yichuang_server.services.robot import Robot, RobotAtWork, RobotDesk, enlist as enlist_robot
from yichuang_server.store import blobs, catalogue, log, profile
from yichuang_server.store.blobs import BlobFiles, PageDamagedError, PagesAwayError, PageStore
from yichuang_server.store.database import check_schema, open_database, read
from yichuang_server.web import CaseTracking, Followed, WebServer, create_app

if TYPE_CHECKING:
    from yichuang_server.store.s3_pages import S3Pages

LOG = logging.getLogger("yichuang.server")


def open_house(folder: DataFolder, now: Callable[[], datetime] = district_time) -> tuple[ServerConfig, House]:
    """The settings and the house of a data folder. Raises ConfigError, SchemaError."""
    config = ServerConfig.load(folder)
    engine = open_database(config.database)
    check_schema(engine)
    try:
        authority = Authority(folder.keys, config.district)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder.keys} holds no keys of a district") from error
    house = House(
        district=config.district,
        engine=engine,
        authority=authority,
        pages=page_store(folder, config),
        people=People(config.district, authority, config.passwords),
        enrolment=Enrolment(config.district, authority),
        now=now,
        trusts_standby=config.synchronous_standby,
        admission=Admission(config.fetch_at_once),
        releases=Releases(folder.releases),
    )
    return config, house


def page_store(folder: DataFolder, config: ServerConfig) -> PageStore:
    """Where the district's pages lie. Raises ConfigError."""
    return BlobFiles(folder.blobs) if config.s3 is None else _s3_pages(folder, config, config.s3)


def _s3_pages(folder: DataFolder, config: ServerConfig, place: PagesOnS3) -> S3Pages:
    from yichuang_server.store.s3_pages import S3Pages, connect, read_secrets

    secrets = read_secrets(folder.s3_secrets)
    authority = folder.s3_authority if folder.s3_authority.exists() else None
    try:
        key = folder.pages_key.read_bytes()
    except OSError as error:
        raise ConfigError(f"{folder.pages_key} cannot be read: it is needed for the pages on S3") from error
    return S3Pages(config.district, BlobFiles(folder.blobs), connect(place, secrets, authority), key)


def use_s3(folder: DataFolder, file: Path, authority: Path | None) -> ServerConfig:
    """Let pages lie on S3 from the next start on, after a trial of the place.

    ``file`` is JSON: endpoint, bucket, region, access_key, secret_key. Raises ConfigError, nothing is changed then.
    """
    from yichuang_server.store.s3_pages import S3Pages, S3Secrets, connect

    config = ServerConfig.load(folder)
    try:
        plain = json.loads(file.read_bytes())
        secrets = S3Secrets(access_key=plain.pop("access_key"), secret_key=plain.pop("secret_key"))
        place = PagesOnS3(**plain)
        trusted = authority.read_bytes() if authority is not None else b""
        key = folder.pages_key.read_bytes() if folder.pages_key.exists() else token_bytes(32)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{file} must hold endpoint, bucket, region, access_key, secret_key") from error
    try:
        S3Pages(config.district, BlobFiles(folder.blobs), connect(place, secrets, authority), key).probe()
    except (PagesAwayError, PageDamagedError) as error:
        raise ConfigError(f"{place.endpoint} cannot be used: {error}") from error
    write_private(folder.pages_key, key)
    write_private(folder.s3_secrets, json.dumps(asdict(secrets)).encode())
    if trusted:
        write_private(folder.s3_authority, trusted)
    changed = replace(config, s3=place)
    changed.save(folder)
    return changed


def move_pages(folder: DataFolder) -> int:
    """Put the pages that are in the data folder to their place on S3. Returns how many. Raises ConfigError."""
    config = ServerConfig.load(folder)
    if config.s3 is None:
        raise ConfigError("the district's pages lie in its folder: run yichuang-server pages s3 first")
    try:
        return _s3_pages(folder, config, config.s3).move()
    except PagesAwayError as error:
        raise ConfigError(f"{error}: run it again, it goes on where it stopped") from error


def tracking(engine: Engine, district: str, now: Callable[[], datetime] = district_time) -> CaseTracking:
    """The public view of the district's cases."""

    def find(token_digest: str) -> list[Followed]:
        def work(connection: Connection) -> list[Followed]:
            names = log.find(connection, district, token_digest=token_digest)
            sections = profile.load(connection, district).sections if names else ()
            found = []
            for name in names:
                case = log.load_bare(connection, district, name)
                if case is not None:
                    item = catalogue.item_version(connection, district, case.item, case.item_version)
                    section = next((s for s in sections if s.section == case.section), None)
                    found.append(Followed(case=case, item=item, section=section))
            return found

        return read(engine, work)

    return CaseTracking(
        find,
        calendar=lambda: read(engine, lambda connection: profile.calendar(connection, district)),
        today=lambda: local_day(now()),
    )


def web_server(config: ServerConfig, house: House) -> WebServer:
    """The public pages; takes the port. Raises OSError when it is taken."""
    name = house.read(lambda connection: profile.load(connection, house.district)).name
    found = tracking(house.engine, house.district, house.now)
    app = create_app(found, district_name=name, is_training=is_training(house.district))
    return WebServer(app, host=config.web_listen, port=config.web_port)


def robot(folder: DataFolder, config: ServerConfig, house: House) -> RobotAtWork | None:
    """The robot of a training district, with its desk kept in the data folder; None for a real one."""
    if not is_training(house.district) or config.robot_pace <= 0:
        return None
    known = None
    if folder.robot.exists():
        kept = json.loads(folder.robot.read_bytes())
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["key"]))
        known = RobotDesk(replica=kept["replica"], key=key)
    desk = enlist_robot(house, known)
    if desk is not known:
        kept = {"replica": desk.replica, "key": desk.key.private_bytes_raw().hex()}
        write_private(folder.robot, json.dumps(kept).encode())
    return RobotAtWork(Robot(house, desk, config.robot_pace))


def metrics_door(config: ServerConfig, house: House) -> MetricsDoor | None:
    """What Prometheus asks; takes the port. Raises OSError when it is taken."""

    def work(connection: Connection) -> LogNumbers:
        return LogNumbers(
            size=log.size(connection, house.district),
            durable_through=log.durable_through(connection, house.district),
            missing_pages=blobs.missing_of_all(connection, house.district),
        )

    return MetricsDoor(config.metrics_port, lambda: house.read(work)) if config.metrics_port else None


async def serve(
    folder: DataFolder, config: ServerConfig, house: House, *, web: bool, opened: Callable[[dict[str, int]], None]
) -> None:
    """Serve until SIGINT or SIGTERM; ``opened`` is told the ports, which also stand in the data folder."""
    from yichuang_server.api.doors import Doors

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    doors, follower = Doors(house), Follower(house.engine, house.district, house.wakeups)
    await doors.open(config.listen, config.port, config.enrolment_port)
    pages = web_server(config, house) if web else None
    if pages is not None:
        await asyncio.to_thread(pages.start)
    await asyncio.to_thread(follower.start)
    playing = await asyncio.to_thread(robot, folder, config, house)
    if playing is not None:
        playing.start()
    metrics = metrics_door(config, house)
    ports = {"port": doors.port, "enrolment_port": doors.enrolment_port}
    ports |= {"web_port": pages.port if pages is not None else 0, "pid": os.getpid()}
    ports |= {"metrics_port": metrics.port if metrics is not None else 0}
    write_private(folder.serving, json.dumps(ports).encode())
    opened(ports)
    try:
        await stop.wait()
    finally:
        Path(folder.serving).unlink(missing_ok=True)
        LOG.info("draining")
        await doors.close()
        if playing is not None:
            await asyncio.to_thread(playing.close)
        if metrics is not None:
            await asyncio.to_thread(metrics.close)
        LOG.info("stopped")
        if pages is not None:
            await asyncio.to_thread(pages.close)
        await asyncio.to_thread(follower.close)
        house.engine.dispose()
