from yichuang.v1 import catalogue_pb2 as _catalogue_pb2
from yichuang.v1 import district_pb2 as _district_pb2
from yichuang.v1 import envelope_pb2 as _envelope_pb2
from yichuang.v1 import exchange_pb2 as _exchange_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CarriedRequest(_message.Message):
    __slots__ = ("cursor", "catalogue_version", "profile_version", "answer_key", "leases", "lacking")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROFILE_VERSION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_KEY_FIELD_NUMBER: _ClassVar[int]
    LEASES_FIELD_NUMBER: _ClassVar[int]
    LACKING_FIELD_NUMBER: _ClassVar[int]
    cursor: _envelope_pb2.Cursor
    catalogue_version: int
    profile_version: int
    answer_key: bytes
    leases: _containers.RepeatedScalarFieldContainer[str]
    lacking: _containers.RepeatedCompositeFieldContainer[_exchange_pb2.BlobName]
    def __init__(self, cursor: _Optional[_Union[_envelope_pb2.Cursor, _Mapping]] = ..., catalogue_version: _Optional[int] = ..., profile_version: _Optional[int] = ..., answer_key: _Optional[bytes] = ..., leases: _Optional[_Iterable[str]] = ..., lacking: _Optional[_Iterable[_Union[_exchange_pb2.BlobName, _Mapping]]] = ...) -> None: ...

class CarriedAnswer(_message.Message):
    __slots__ = ("made", "stored", "profile", "catalogue")
    MADE_FIELD_NUMBER: _ClassVar[int]
    STORED_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_FIELD_NUMBER: _ClassVar[int]
    made: _exchange_pb2.SignedText
    stored: _containers.RepeatedCompositeFieldContainer[_exchange_pb2.BlobName]
    profile: _district_pb2.GetProfileResponse
    catalogue: _containers.RepeatedCompositeFieldContainer[_catalogue_pb2.GetCatalogueResponse]
    def __init__(self, made: _Optional[_Union[_exchange_pb2.SignedText, _Mapping]] = ..., stored: _Optional[_Iterable[_Union[_exchange_pb2.BlobName, _Mapping]]] = ..., profile: _Optional[_Union[_district_pb2.GetProfileResponse, _Mapping]] = ..., catalogue: _Optional[_Iterable[_Union[_catalogue_pb2.GetCatalogueResponse, _Mapping]]] = ...) -> None: ...
