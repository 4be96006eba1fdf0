from yichuang.v1 import envelope_pb2 as _envelope_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExchangeRequest(_message.Message):
    __slots__ = ("replica", "cursor", "deeds", "head_signature", "session_tokens", "catalogue_version", "head_size", "most_bytes", "without_records")
    REPLICA_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    DEEDS_FIELD_NUMBER: _ClassVar[int]
    HEAD_SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    SESSION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_VERSION_FIELD_NUMBER: _ClassVar[int]
    HEAD_SIZE_FIELD_NUMBER: _ClassVar[int]
    MOST_BYTES_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_RECORDS_FIELD_NUMBER: _ClassVar[int]
    replica: str
    cursor: _envelope_pb2.Cursor
    deeds: _containers.RepeatedCompositeFieldContainer[SentDeed]
    head_signature: bytes
    session_tokens: _containers.RepeatedScalarFieldContainer[str]
    catalogue_version: int
    head_size: int
    most_bytes: int
    without_records: bool
    def __init__(self, replica: _Optional[str] = ..., cursor: _Optional[_Union[_envelope_pb2.Cursor, _Mapping]] = ..., deeds: _Optional[_Iterable[_Union[SentDeed, _Mapping]]] = ..., head_signature: _Optional[bytes] = ..., session_tokens: _Optional[_Iterable[str]] = ..., catalogue_version: _Optional[int] = ..., head_size: _Optional[int] = ..., most_bytes: _Optional[int] = ..., without_records: _Optional[bool] = ...) -> None: ...

class SentDeed(_message.Message):
    __slots__ = ("deed_id", "seq", "envelope", "answered")
    DEED_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    deed_id: str
    seq: int
    envelope: _envelope_pb2.Envelope
    answered: DeedResult
    def __init__(self, deed_id: _Optional[str] = ..., seq: _Optional[int] = ..., envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ..., answered: _Optional[_Union[DeedResult, _Mapping]] = ...) -> None: ...

class ExchangeResponse(_message.Message):
    __slots__ = ("results", "records", "left_case_ids", "missing_blobs", "next_cursor", "has_more", "durable_through", "district_time_text", "district_time_signature", "catalogue_version", "leases", "profile_version", "pinned_items", "epoch_openings", "log_head", "log_head_proof", "come_again_s")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    LEFT_CASE_IDS_FIELD_NUMBER: _ClassVar[int]
    MISSING_BLOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    DURABLE_THROUGH_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_TIME_TEXT_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_TIME_SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LEASES_FIELD_NUMBER: _ClassVar[int]
    PROFILE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PINNED_ITEMS_FIELD_NUMBER: _ClassVar[int]
    EPOCH_OPENINGS_FIELD_NUMBER: _ClassVar[int]
    LOG_HEAD_FIELD_NUMBER: _ClassVar[int]
    LOG_HEAD_PROOF_FIELD_NUMBER: _ClassVar[int]
    COME_AGAIN_S_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DeedResult]
    records: _containers.RepeatedCompositeFieldContainer[SentRecord]
    left_case_ids: _containers.RepeatedScalarFieldContainer[str]
    missing_blobs: _containers.RepeatedCompositeFieldContainer[BlobName]
    next_cursor: _envelope_pb2.Cursor
    has_more: bool
    durable_through: int
    district_time_text: bytes
    district_time_signature: bytes
    catalogue_version: int
    leases: _containers.RepeatedCompositeFieldContainer[SignedText]
    profile_version: int
    pinned_items: _containers.RepeatedCompositeFieldContainer[SignedText]
    epoch_openings: _containers.RepeatedCompositeFieldContainer[EpochOpening]
    log_head: bytes
    log_head_proof: _containers.RepeatedScalarFieldContainer[bytes]
    come_again_s: int
    def __init__(self, results: _Optional[_Iterable[_Union[DeedResult, _Mapping]]] = ..., records: _Optional[_Iterable[_Union[SentRecord, _Mapping]]] = ..., left_case_ids: _Optional[_Iterable[str]] = ..., missing_blobs: _Optional[_Iterable[_Union[BlobName, _Mapping]]] = ..., next_cursor: _Optional[_Union[_envelope_pb2.Cursor, _Mapping]] = ..., has_more: _Optional[bool] = ..., durable_through: _Optional[int] = ..., district_time_text: _Optional[bytes] = ..., district_time_signature: _Optional[bytes] = ..., catalogue_version: _Optional[int] = ..., leases: _Optional[_Iterable[_Union[SignedText, _Mapping]]] = ..., profile_version: _Optional[int] = ..., pinned_items: _Optional[_Iterable[_Union[SignedText, _Mapping]]] = ..., epoch_openings: _Optional[_Iterable[_Union[EpochOpening, _Mapping]]] = ..., log_head: _Optional[bytes] = ..., log_head_proof: _Optional[_Iterable[bytes]] = ..., come_again_s: _Optional[int] = ...) -> None: ...

class EpochOpening(_message.Message):
    __slots__ = ("opening", "signatures")
    OPENING_FIELD_NUMBER: _ClassVar[int]
    SIGNATURES_FIELD_NUMBER: _ClassVar[int]
    opening: SignedText
    signatures: _containers.RepeatedCompositeFieldContainer[AdministratorSignature]
    def __init__(self, opening: _Optional[_Union[SignedText, _Mapping]] = ..., signatures: _Optional[_Iterable[_Union[AdministratorSignature, _Mapping]]] = ...) -> None: ...

class AdministratorSignature(_message.Message):
    __slots__ = ("person_id", "signature")
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    person_id: str
    signature: bytes
    def __init__(self, person_id: _Optional[str] = ..., signature: _Optional[bytes] = ...) -> None: ...

class SignedText(_message.Message):
    __slots__ = ("text", "signature")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    text: bytes
    signature: bytes
    def __init__(self, text: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class DeedResult(_message.Message):
    __slots__ = ("deed_id", "outcome", "reason", "act", "expected_seq")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[DeedResult.Outcome]
        OUTCOME_RECORDED: _ClassVar[DeedResult.Outcome]
        OUTCOME_REFUSED: _ClassVar[DeedResult.Outcome]
        OUTCOME_SEQ_GAP: _ClassVar[DeedResult.Outcome]
        OUTCOME_NOT_YET: _ClassVar[DeedResult.Outcome]
        OUTCOME_REPLICA_FORKED: _ClassVar[DeedResult.Outcome]
    OUTCOME_UNSPECIFIED: DeedResult.Outcome
    OUTCOME_RECORDED: DeedResult.Outcome
    OUTCOME_REFUSED: DeedResult.Outcome
    OUTCOME_SEQ_GAP: DeedResult.Outcome
    OUTCOME_NOT_YET: DeedResult.Outcome
    OUTCOME_REPLICA_FORKED: DeedResult.Outcome
    DEED_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_SEQ_FIELD_NUMBER: _ClassVar[int]
    deed_id: str
    outcome: DeedResult.Outcome
    reason: str
    act: int
    expected_seq: int
    def __init__(self, deed_id: _Optional[str] = ..., outcome: _Optional[_Union[DeedResult.Outcome, str]] = ..., reason: _Optional[str] = ..., act: _Optional[int] = ..., expected_seq: _Optional[int] = ...) -> None: ...

class SentRecord(_message.Message):
    __slots__ = ("index", "case_id", "envelope")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    index: int
    case_id: str
    envelope: _envelope_pb2.Envelope
    def __init__(self, index: _Optional[int] = ..., case_id: _Optional[str] = ..., envelope: _Optional[_Union[_envelope_pb2.Envelope, _Mapping]] = ...) -> None: ...

class BlobName(_message.Message):
    __slots__ = ("owner", "hash")
    OWNER_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    owner: str
    hash: str
    def __init__(self, owner: _Optional[str] = ..., hash: _Optional[str] = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: _envelope_pb2.Cursor
    def __init__(self, cursor: _Optional[_Union[_envelope_pb2.Cursor, _Mapping]] = ...) -> None: ...

class WatchResponse(_message.Message):
    __slots__ = ("position", "catalogue_version", "profile_version", "has_pages")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROFILE_VERSION_FIELD_NUMBER: _ClassVar[int]
    HAS_PAGES_FIELD_NUMBER: _ClassVar[int]
    position: int
    catalogue_version: int
    profile_version: int
    has_pages: bool
    def __init__(self, position: _Optional[int] = ..., catalogue_version: _Optional[int] = ..., profile_version: _Optional[int] = ..., has_pages: _Optional[bool] = ...) -> None: ...

class FindCaseRequest(_message.Message):
    __slots__ = ("session_token", "token", "number", "id_number")
    SESSION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ID_NUMBER_FIELD_NUMBER: _ClassVar[int]
    session_token: str
    token: str
    number: str
    id_number: str
    def __init__(self, session_token: _Optional[str] = ..., token: _Optional[str] = ..., number: _Optional[str] = ..., id_number: _Optional[str] = ...) -> None: ...

class FindCaseResponse(_message.Message):
    __slots__ = ("case_id", "more_case_ids")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    MORE_CASE_IDS_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    more_case_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, case_id: _Optional[str] = ..., more_case_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SearchCasesRequest(_message.Message):
    __slots__ = ("session_token", "number_prefix", "name", "item_code", "place_id", "state", "whole_district", "card")
    SESSION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_PREFIX_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    PLACE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHOLE_DISTRICT_FIELD_NUMBER: _ClassVar[int]
    CARD_FIELD_NUMBER: _ClassVar[int]
    session_token: str
    number_prefix: str
    name: str
    item_code: str
    place_id: str
    state: str
    whole_district: bool
    card: CardRead
    def __init__(self, session_token: _Optional[str] = ..., number_prefix: _Optional[str] = ..., name: _Optional[str] = ..., item_code: _Optional[str] = ..., place_id: _Optional[str] = ..., state: _Optional[str] = ..., whole_district: _Optional[bool] = ..., card: _Optional[_Union[CardRead, _Mapping]] = ...) -> None: ...

class CardRead(_message.Message):
    __slots__ = ("id_number", "name")
    ID_NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id_number: str
    name: str
    def __init__(self, id_number: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class SearchCasesResponse(_message.Message):
    __slots__ = ("cases", "has_more")
    CASES_FIELD_NUMBER: _ClassVar[int]
    HAS_MORE_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[FoundCase]
    has_more: bool
    def __init__(self, cases: _Optional[_Iterable[_Union[FoundCase, _Mapping]]] = ..., has_more: _Optional[bool] = ...) -> None: ...

class FoundCase(_message.Message):
    __slots__ = ("case_id", "number", "item_code", "item_name", "state", "place_id", "masked_name", "matter_id")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    ITEM_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PLACE_ID_FIELD_NUMBER: _ClassVar[int]
    MASKED_NAME_FIELD_NUMBER: _ClassVar[int]
    MATTER_ID_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    number: str
    item_code: str
    item_name: str
    state: str
    place_id: str
    masked_name: str
    matter_id: str
    def __init__(self, case_id: _Optional[str] = ..., number: _Optional[str] = ..., item_code: _Optional[str] = ..., item_name: _Optional[str] = ..., state: _Optional[str] = ..., place_id: _Optional[str] = ..., masked_name: _Optional[str] = ..., matter_id: _Optional[str] = ...) -> None: ...

class FindCertificatesRequest(_message.Message):
    __slots__ = ("session_token", "id_number", "credit_code", "type_codes")
    SESSION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ID_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CREDIT_CODE_FIELD_NUMBER: _ClassVar[int]
    TYPE_CODES_FIELD_NUMBER: _ClassVar[int]
    session_token: str
    id_number: str
    credit_code: str
    type_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, session_token: _Optional[str] = ..., id_number: _Optional[str] = ..., credit_code: _Optional[str] = ..., type_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class FindCertificatesResponse(_message.Message):
    __slots__ = ("certificates",)
    CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    certificates: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, certificates: _Optional[_Iterable[bytes]] = ...) -> None: ...
