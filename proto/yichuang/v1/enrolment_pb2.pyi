from yichuang.v1 import people_pb2 as _people_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EnrolRequest(_message.Message):
    __slots__ = ("code", "signing_request", "act_key")
    CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNING_REQUEST_FIELD_NUMBER: _ClassVar[int]
    ACT_KEY_FIELD_NUMBER: _ClassVar[int]
    code: str
    signing_request: bytes
    act_key: bytes
    def __init__(self, code: _Optional[str] = ..., signing_request: _Optional[bytes] = ..., act_key: _Optional[bytes] = ...) -> None: ...

class EnrolResponse(_message.Message):
    __slots__ = ("certificate_chain", "device_number", "place_id", "desk_kind", "section_id", "district_code", "district_key", "port")
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PLACE_ID_FIELD_NUMBER: _ClassVar[int]
    DESK_KIND_FIELD_NUMBER: _ClassVar[int]
    SECTION_ID_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_KEY_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    certificate_chain: bytes
    device_number: str
    place_id: str
    desk_kind: str
    section_id: str
    district_code: str
    district_key: bytes
    port: int
    def __init__(self, certificate_chain: _Optional[bytes] = ..., device_number: _Optional[str] = ..., place_id: _Optional[str] = ..., desk_kind: _Optional[str] = ..., section_id: _Optional[str] = ..., district_code: _Optional[str] = ..., district_key: _Optional[bytes] = ..., port: _Optional[int] = ...) -> None: ...

class RenewRequest(_message.Message):
    __slots__ = ("signing_request",)
    SIGNING_REQUEST_FIELD_NUMBER: _ClassVar[int]
    signing_request: bytes
    def __init__(self, signing_request: _Optional[bytes] = ...) -> None: ...

class RenewResponse(_message.Message):
    __slots__ = ("certificate_chain",)
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    certificate_chain: bytes
    def __init__(self, certificate_chain: _Optional[bytes] = ...) -> None: ...

class RenewExpiredRequest(_message.Message):
    __slots__ = ("certificate_chain", "signing_request", "sign_in")
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    SIGNING_REQUEST_FIELD_NUMBER: _ClassVar[int]
    SIGN_IN_FIELD_NUMBER: _ClassVar[int]
    certificate_chain: bytes
    signing_request: bytes
    sign_in: _people_pb2.SignInRequest
    def __init__(self, certificate_chain: _Optional[bytes] = ..., signing_request: _Optional[bytes] = ..., sign_in: _Optional[_Union[_people_pb2.SignInRequest, _Mapping]] = ...) -> None: ...

class RenewExpiredResponse(_message.Message):
    __slots__ = ("certificate_chain", "session")
    CERTIFICATE_CHAIN_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    certificate_chain: bytes
    session: _people_pb2.SignInResponse
    def __init__(self, certificate_chain: _Optional[bytes] = ..., session: _Optional[_Union[_people_pb2.SignInResponse, _Mapping]] = ...) -> None: ...

class KeepEscrowRequest(_message.Message):
    __slots__ = ("recovery_key", "key_id", "sealed")
    RECOVERY_KEY_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    recovery_key: bytes
    key_id: str
    sealed: bytes
    def __init__(self, recovery_key: _Optional[bytes] = ..., key_id: _Optional[str] = ..., sealed: _Optional[bytes] = ...) -> None: ...

class KeepEscrowResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
