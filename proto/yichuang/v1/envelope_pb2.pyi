from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Disclosure(_message.Message):
    __slots__ = ("commitment", "value", "salt")
    COMMITMENT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    commitment: str
    value: str
    salt: str
    def __init__(self, commitment: _Optional[str] = ..., value: _Optional[str] = ..., salt: _Optional[str] = ...) -> None: ...

class Envelope(_message.Message):
    __slots__ = ("text", "hash", "disclosures")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    DISCLOSURES_FIELD_NUMBER: _ClassVar[int]
    text: bytes
    hash: str
    disclosures: _containers.RepeatedCompositeFieldContainer[Disclosure]
    def __init__(self, text: _Optional[bytes] = ..., hash: _Optional[str] = ..., disclosures: _Optional[_Iterable[_Union[Disclosure, _Mapping]]] = ...) -> None: ...

class Cursor(_message.Message):
    __slots__ = ("epoch", "position")
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    epoch: str
    position: int
    def __init__(self, epoch: _Optional[str] = ..., position: _Optional[int] = ...) -> None: ...
