"""What the commands of ``yichuang-server`` do.

Rules kept here: a command opens the house, does one thing and says what came of it; nothing here decides.
"""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from yichuang import codec
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.deed import local_day
from yichuang_domain.matter_form import MatterError
from yichuang_domain.training import is_training
from yichuang_domain.workdays import NoticeError
from yichuang_server import auditing, operations, recovering, updating
from yichuang_server.bootstrap import open_house, serve, web_server
from yichuang_server.config import (
    ConfigError,
    DataFolder,
    ServerConfig,
    public_address,
    public_data,
    write_private,
)
from yichuang_server.journal import configure
from yichuang_server.services import authority, founding
from yichuang_server.services.audit import AuditError
from yichuang_server.services.catalog_import import import_folder
from yichuang_server.services.catalog_report import ImportReport
from yichuang_server.services.epochs import EpochError, is_waiting
from yichuang_server.services.house import House, district_time
from yichuang_server.services.recovery import RecoveryError
from yichuang_server.services.releases import ReleaseError
from yichuang_server.services.training import for_training
from yichuang_server.store import catalogue, desks, people, profile, times
from yichuang_server.store.database import SchemaError, migrate, open_database, write
from yichuang_server.store.sealing import BackupError

Say = Callable[..., None]
SAMPLE = Path(__file__).with_name("sample") / "district.json"


class CommandError(Exception):
    """A command could not be done; the text says what to do."""


def _house(options: Namespace) -> tuple[DataFolder, ServerConfig, House]:
    folder = DataFolder(path=options.data.absolute())
    try:
        config, house = open_house(folder)
    except (ConfigError, SchemaError) as error:
        raise CommandError(str(error)) from error
    return folder, config, house


def _init(options: Namespace, say: Say) -> None:
    folder, now = DataFolder(path=options.data.absolute()), district_time()
    source = SAMPLE if options.district == "sample" else Path(options.district)
    try:
        file = founding.read_district(source.read_bytes())
        file = for_training(file) if options.training else file
        if is_training(file.district.code) and not options.training:
            raise CommandError(f"{file.district.code} is the code of training districts: run init --training")
        address, web_port = public_address(options.public_url or file.district.public_url)
        file = replace(file, district=replace(file.district, public_url=address))
        folder.create()
        url = options.database or f"sqlite:///{folder.path / 'district.sqlite'}"
        hosts = tuple(options.host) or ("127.0.0.1",)
        engine = open_database(url)
        migrate(engine)
        notices = (options.calendar or public_data() / "calendar").glob("*.json")
        with_factor = not options.without_second_factor

        secrets = write(engine, lambda c: founding.found(c, file, now, second_factor=with_factor))
        count = write(engine, lambda c: founding.load_notices(c, file.district.code, notices))
        authority.create(folder.keys, folder.offline, file.district.code, hosts, now)
    except (OSError, codec.CodecError, ConfigError, NoticeError, SQLAlchemyError) as error:
        raise CommandError(f"{type(error).__name__}: {error}") from error
    text = json.dumps([asdict(secret) for secret in secrets], ensure_ascii=False, indent=1)
    write_private(folder.secrets, text.encode())
    config = ServerConfig(district=file.district.code, database=url, hosts=hosts)
    (replace(config, web_port=web_port) if web_port else config).save(folder)
    fingerprint = authority.Authority(folder.keys, file.district.code).root_fingerprint
    say(
        district=file.district.code,
        training=options.training,
        places=len(file.district.places),
        sections=len(file.district.sections),
        people=len(file.people),
        notices=count,
        secrets=str(folder.secrets),
        root_fingerprint=fingerprint,
        public_url=address,
    )


def _given(options: Namespace, config: ServerConfig) -> ServerConfig:
    names = ("listen", "port", "enrolment_port", "web_listen", "web_port", "metrics_port", "robot_pace")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return replace(config, **given)


def _serve(options: Namespace, say: Say) -> None:
    folder, config, house = _house(options)
    if is_waiting(house):
        raise CommandError("the district was restored: two administrators run yichuang-server epoch sign, epoch open")
    config = _given(options, config)

    configure(options.log_level)

    def opened(ports: Mapping[str, int]) -> None:
        say(serving=house.district, **ports)

    try:
        asyncio.run(serve(folder, config, house, web=not options.no_web, opened=opened))
    except (OSError, RuntimeError) as error:
        raise CommandError(f"a port is taken: {error}") from error


def _web(options: Namespace, say: Say) -> None:
    import signal
    import threading

    _, config, house = _house(options)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with web_server(_given(options, config), house) as pages:
            say(web=pages.url, web_port=pages.port)
            stop.wait()
    except OSError as error:
        raise CommandError(f"a port is taken: {error}") from error


def _migrate(options: Namespace, say: Say) -> None:
    config = ServerConfig.load(DataFolder(path=options.data.absolute()))
    migrate(open_database(config.database))
    say(migrated=config.district)


def _catalog_import(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    now = house.now()
    folder = options.folder or public_data() / "items"
    imported = import_folder(folder, local_day(now))
    sample = founding.read_items((options.sample or public_data() / "sample" / "items.json").read_bytes())
    items = _distinct([*sample, *(item for source in imported for item in source.items)])
    matters_file = options.matters or (None if options.sample else public_data() / "sample" / "matters.json")
    try:
        matters = founding.read_matters(matters_file.read_bytes()) if matters_file else []
        version = house.write(lambda c: founding.publish(c, house.district, items, now, matters=matters))
    except MatterError as error:
        raise CommandError(f"a matter does not fit its items: {error}") from error
    sources = [_report(source.report) for source in imported]
    say(version=version, items=len(items), sample=len(sample), matters=len(matters), sources=sources)


def _distinct(items: list[ItemVersion]) -> list[ItemVersion]:
    """One item a code, the first one: two sources may bear one code."""
    return list({item.code: item for item in reversed(items)}.values())[::-1]


def _report(report: ImportReport) -> dict[str, object]:
    return {
        "source": report.source,
        "read": report.read,
        "loaded": report.loaded,
        "refused": len(report.refused),
        "refused_by_reason": dict(report.refused_by_reason),
        "refused_rows": [[row.line, row.reason, row.field] for row in report.refused],
        "doubts_by_kind": dict(report.doubts_by_kind),
        "faulty_bodies": list(report.faulty_bodies),
        "no_materials": report.no_materials,
    }


def _catalog_retire(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    on = date.fromisoformat(options.on) if options.on else local_day(house.now())
    known = house.read(lambda c: catalogue.newest_of(c, house.district, options.code))
    if known is None:
        raise CommandError(f"no item has the code {options.code}")
    now = times.text(house.now())
    version = house.write(lambda c: catalogue.cancel(c, house.district, options.code, on, now))
    say(version=version, code=options.code, on=on.isoformat(), name=known.name)


def _calendar_load(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    try:
        say(notices=house.write(lambda c: founding.load_notices(c, house.district, options.files)))
    except (OSError, ValueError, NoticeError) as error:
        raise CommandError(f"not a holiday notice: {error}") from error


def _device_code(options: Namespace, say: Say) -> None:
    folder, config, house = _house(options)
    running = json.loads(folder.serving.read_bytes()) if folder.serving.exists() else {}
    try:
        code = house.write(
            lambda c: house.enrolment.new_code(c, options.place, options.kind, options.section, house.now())
        )
    except KeyError as error:
        raise CommandError(f"the district has no {error}") from error
    say(
        code=code,
        place=options.place,
        kind=options.kind,
        section=options.section,
        root_fingerprint=house.authority.root_fingerprint,
        hosts=config.hosts,
        enrolment_port=running.get("enrolment_port", config.enrolment_port),
    )


def _device_revoke(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    try:
        house.write(lambda c: house.enrolment.revoke(c, options.number, house.now()))
    except KeyError as error:
        raise CommandError(f"no desk has the number {error}") from error
    say(revoked=options.number)


def _device_list(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    for desk in house.read(lambda c: desks.desks(c, house.district)):
        values = {"replica": desk.replica, "place": desk.place, "kind": desk.kind, "section": desk.section}
        say(**values, enrolled=desk.enrolled_time, revoked=desk.revoked_time, forked=desk.forked_time)


def _people_add(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    try:
        member = codec.decode(founding.Member, options.file.read_bytes())
        secret = house.write(
            lambda c: founding.add_person(c, house.district, member, house.now(), second_factor=True, must_change=True)
        )
    except (OSError, codec.CodecError, SQLAlchemyError) as error:
        raise CommandError(f"the person was not added: {type(error).__name__}") from error
    say(**asdict(secret))


def _people_disable(options: Namespace, say: Say) -> None:
    _, _, house = _house(options)
    try:
        house.write(lambda c: people.disable(c, house.district, options.person, times.text(house.now())))
    except KeyError as error:
        raise CommandError(f"nobody is {error}") from error
    house.write(lambda c: profile.changed(c, house.district))
    say(disabled=options.person)


def _operation(act: Callable[[Namespace, Say], None]) -> Callable[[Namespace, Say], None]:
    def guarded(options: Namespace, say: Say) -> None:
        try:
            act(options, say)
        except (ConfigError, SchemaError, BackupError, EpochError, AuditError, RecoveryError, ReleaseError) as error:
            raise CommandError(str(error)) from error

    return guarded


_OPERATIONS = operations.COMMANDS | auditing.COMMANDS | recovering.COMMANDS | updating.COMMANDS
COMMANDS: dict[str, Callable[[Namespace, Say], None]] = {
    "init": _init,
    "serve": _serve,
    "web": _web,
    "migrate": _migrate,
    "catalog_import": _catalog_import,
    "catalog_retire": _catalog_retire,
    "calendar_load": _calendar_load,
    "device_code": _device_code,
    "device_revoke": _device_revoke,
    "device_list": _device_list,
    "people_add": _people_add,
    "people_disable": _people_disable,
    **{name: _operation(act) for name, act in _OPERATIONS.items()},
}
"""By the name of the command, its parts joined by an underscore."""
