from yichuang.v1 import exchange_pb2 as _exchange_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCatalogueRequest(_message.Message):
    __slots__ = ("known_version", "packed", "tag", "offset")
    KNOWN_VERSION_FIELD_NUMBER: _ClassVar[int]
    PACKED_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    known_version: int
    packed: bool
    tag: str
    offset: int
    def __init__(self, known_version: _Optional[int] = ..., packed: _Optional[bool] = ..., tag: _Optional[str] = ..., offset: _Optional[int] = ...) -> None: ...

class GetCatalogueResponse(_message.Message):
    __slots__ = ("items", "head", "part", "offset", "tag", "size")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[bytes]
    head: _exchange_pb2.SignedText
    part: bytes
    offset: int
    tag: str
    size: int
    def __init__(self, items: _Optional[_Iterable[bytes]] = ..., head: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ..., part: _Optional[bytes] = ..., offset: _Optional[int] = ..., tag: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...
