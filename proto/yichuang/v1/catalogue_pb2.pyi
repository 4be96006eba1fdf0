from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCatalogueRequest(_message.Message):
    __slots__ = ("known_version",)
    KNOWN_VERSION_FIELD_NUMBER: _ClassVar[int]
    known_version: int
    def __init__(self, known_version: _Optional[int] = ...) -> None: ...

class GetCatalogueResponse(_message.Message):
    __slots__ = ("items", "head")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[bytes]
    head: CatalogueHead
    def __init__(self, items: _Optional[_Iterable[bytes]] = ..., head: _Optional[_Union[CatalogueHead, _Mapping]] = ...) -> None: ...

class CatalogueHead(_message.Message):
    __slots__ = ("version", "hash", "cancellations")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    CANCELLATIONS_FIELD_NUMBER: _ClassVar[int]
    version: int
    hash: str
    cancellations: _containers.RepeatedCompositeFieldContainer[Cancellation]
    def __init__(self, version: _Optional[int] = ..., hash: _Optional[str] = ..., cancellations: _Optional[_Iterable[_Union[Cancellation, _Mapping]]] = ...) -> None: ...

class Cancellation(_message.Message):
    __slots__ = ("code", "on")
    CODE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    code: str
    on: str
    def __init__(self, code: _Optional[str] = ..., on: _Optional[str] = ...) -> None: ...
