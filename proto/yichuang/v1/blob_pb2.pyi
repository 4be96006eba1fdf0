from yichuang.v1 import exchange_pb2 as _exchange_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateUploadRequest(_message.Message):
    __slots__ = ("name", "size")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    name: _exchange_pb2.BlobName
    size: int
    def __init__(self, name: _Optional[_Union[_exchange_pb2.BlobName, _Mapping]] = ..., size: _Optional[int] = ...) -> None: ...

class CreateUploadResponse(_message.Message):
    __slots__ = ("committed_offset",)
    COMMITTED_OFFSET_FIELD_NUMBER: _ClassVar[int]
    committed_offset: int
    def __init__(self, committed_offset: _Optional[int] = ...) -> None: ...

class UploadRequest(_message.Message):
    __slots__ = ("name", "offset", "data")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    name: _exchange_pb2.BlobName
    offset: int
    data: bytes
    def __init__(self, name: _Optional[_Union[_exchange_pb2.BlobName, _Mapping]] = ..., offset: _Optional[int] = ..., data: _Optional[bytes] = ...) -> None: ...

class UploadResponse(_message.Message):
    __slots__ = ("committed_offset",)
    COMMITTED_OFFSET_FIELD_NUMBER: _ClassVar[int]
    committed_offset: int
    def __init__(self, committed_offset: _Optional[int] = ...) -> None: ...

class DownloadRequest(_message.Message):
    __slots__ = ("name", "offset")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    name: _exchange_pb2.BlobName
    offset: int
    def __init__(self, name: _Optional[_Union[_exchange_pb2.BlobName, _Mapping]] = ..., offset: _Optional[int] = ...) -> None: ...

class DownloadResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...
