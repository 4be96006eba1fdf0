"""纸件数据: the facts of every paper in one place; each is a frozen value, checked when it is made.

``Press.render(facts.paper, facts.to_data(), timestamp=…)`` prints them. Nothing is evaluated as markup on the way:
a name with ``#`` or ``*`` is a name.
"""

from __future__ import annotations

from yichuang_client.documents.form_data import (
    BriefingData,
    BriefingMaterial,
    BriefingPlace,
    BriefingStep,
    CertificateData,
    Copy,
    DeliveryData,
    Form,
    HandedInBy,
    HandoverData,
    HandoverRow,
    MaterialSlipData,
    ReceiptData,
    ReceiptKind,
    ReceivedMaterial,
    SeparatorData,
    ServedDocument,
    WithdrawalData,
)
from yichuang_client.documents.letter_data import (
    AcceptanceData,
    DeferredMaterial,
    ExtensionData,
    GrantData,
    LetterData,
    NonAcceptanceData,
    ProcedureData,
    RefusalData,
    RemedyData,
    RightOffice,
    SpecialProcedureData,
    SupplementData,
    SupplementPointData,
)
from yichuang_client.documents.paper_head import LabelledText, Mark, PaperHead

__all__ = [
    "AcceptanceData",
    "BriefingData",
    "BriefingMaterial",
    "BriefingPlace",
    "BriefingStep",
    "CertificateData",
    "Copy",
    "DeferredMaterial",
    "DeliveryData",
    "ExtensionData",
    "Form",
    "GrantData",
    "HandedInBy",
    "HandoverData",
    "HandoverRow",
    "LabelledText",
    "LetterData",
    "Mark",
    "MaterialSlipData",
    "NonAcceptanceData",
    "PaperHead",
    "ProcedureData",
    "ReceiptData",
    "ReceiptKind",
    "ReceivedMaterial",
    "RefusalData",
    "RemedyData",
    "RightOffice",
    "SeparatorData",
    "ServedDocument",
    "SpecialProcedureData",
    "SupplementData",
    "SupplementPointData",
    "WithdrawalData",
]
