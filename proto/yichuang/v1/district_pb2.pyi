from yichuang.v1 import exchange_pb2 as _exchange_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetProfileRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetProfileResponse(_message.Message):
    __slots__ = ("version", "district", "people", "calendar_notices", "desk_keys", "administrator_keys", "bundle_key", "recovery_key")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_NOTICES_FIELD_NUMBER: _ClassVar[int]
    DESK_KEYS_FIELD_NUMBER: _ClassVar[int]
    ADMINISTRATOR_KEYS_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_KEY_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_KEY_FIELD_NUMBER: _ClassVar[int]
    version: int
    district: _exchange_pb2.SignedText
    people: _containers.RepeatedScalarFieldContainer[bytes]
    calendar_notices: _containers.RepeatedScalarFieldContainer[bytes]
    desk_keys: _containers.RepeatedCompositeFieldContainer[DeskKey]
    administrator_keys: _exchange_pb2.SignedText
    bundle_key: _exchange_pb2.SignedText
    recovery_key: _exchange_pb2.SignedText
    def __init__(self, version: _Optional[int] = ..., district: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ..., people: _Optional[_Iterable[bytes]] = ..., calendar_notices: _Optional[_Iterable[bytes]] = ..., desk_keys: _Optional[_Iterable[_Union[DeskKey, _Mapping]]] = ..., administrator_keys: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ..., bundle_key: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ..., recovery_key: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ...) -> None: ...

class DeskKey(_message.Message):
    __slots__ = ("device_number", "act_key", "from_time", "until_time")
    DEVICE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACT_KEY_FIELD_NUMBER: _ClassVar[int]
    FROM_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    device_number: str
    act_key: bytes
    from_time: str
    until_time: str
    def __init__(self, device_number: _Optional[str] = ..., act_key: _Optional[bytes] = ..., from_time: _Optional[str] = ..., until_time: _Optional[str] = ...) -> None: ...
