"""The district's profile as a message: by the line, and in the answer that is carried."""

from __future__ import annotations

from sqlalchemy import Connection

from yichuang import codec
from yichuang.v1 import district_pb2, exchange_pb2
from yichuang_server.services import epochs, recovery
from yichuang_server.services.house import House
from yichuang_server.store import desks, people, profile


def profile_message(house: House, connection: Connection) -> district_pb2.GetProfileResponse:
    """Places, sections, people, holiday notices, keys."""
    text, keys = profile.text(connection, house.district), epochs.keys_text(connection, house.district)
    own = house.authority.bundle_key.public_key().public_bytes_raw().hex()
    bundle_key = codec.canonical({"bundle_key": own, "district": house.district})
    recovery_key = recovery.key_text(connection, house.district)
    return district_pb2.GetProfileResponse(
        version=profile.version(connection, house.district),
        district=_signed(house, text),
        people=[codec.encode(person).text for person in people.everyone(connection, house.district)],
        calendar_notices=profile.notices(connection, house.district),
        desk_keys=[
            district_pb2.DeskKey(
                device_number=desk.replica,
                act_key=desk.act_key,
                from_time=desk.enrolled_time,
                until_time=desk.revoked_time,
            )
            for desk in desks.desks(connection, house.district)
        ],
        administrator_keys=_signed(house, keys),
        bundle_key=_signed(house, bundle_key),
        recovery_key=_signed(house, recovery_key) if recovery_key else None,
    )


def _signed(house: House, text: bytes) -> exchange_pb2.SignedText:
    return exchange_pb2.SignedText(text=text, signature=house.authority.sign(text))
