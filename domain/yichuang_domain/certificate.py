"""电子证照标识: the mark that names one version of one electronic certificate (GB/T 36904).

Shape: root ``1.2.156.3005.2`` . type (credit code of the type's owner and 3 characters) . issuer's credit code .
serial . version (3 digits) . check. The check character (ISO 7064 MOD 37,36) covers type, issuer, serial and version
without the dots, not the root. The credit codes inside are not checked: real bodies have wrong check characters.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from yichuang_domain.iso7064 import mod_37_36

__all__ = [
    "ROOT",
    "CertificateId",
    "CertificateIdError",
    "CertificateIdFault",
    "make_certificate_id",
    "read_certificate_id",
]

ROOT = "1.2.156.3005.2"
"""Object identifier of electronic certificates."""

_TYPE = re.compile(r"[0-9A-Z]{21}")
_ISSUER = re.compile(r"[0-9A-Z]{18}")
_SERIAL = re.compile(r"[0-9A-Z]{1,22}")
_VERSION = re.compile(r"[0-9]{3}")


class CertificateIdFault(enum.StrEnum):
    """标识错误: which part of the mark is wrong."""

    ROOT = "ROOT"
    """It does not start with the root, or has another number of parts."""
    TYPE = "TYPE"
    """The type code is not 21 digits and capital letters."""
    ISSUER = "ISSUER"
    """The issuer is not 18 digits and capital letters."""
    SERIAL = "SERIAL"
    """The serial is not 1 to 22 digits and capital letters."""
    VERSION = "VERSION"
    """The version is not three digits."""
    CHECK = "CHECK"
    """The check character is wrong."""


class CertificateIdError(ValueError):
    """A text is not a certificate's mark; ``fault`` says which part, ``expected`` what the check should be."""

    def __init__(self, fault: CertificateIdFault, expected: str | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.expected = expected


@dataclass(frozen=True, kw_only=True)
class CertificateId:
    """电子证照标识: a valid one, taken apart."""

    type_code: str
    """证照类型代码, 21 characters."""
    issuer: str
    """Credit code of the issuing body."""
    serial: str
    """Serial given by the issuer."""
    version: int
    """版本号, 0 to 999; grows when the same certificate is issued anew."""

    @property
    def check(self) -> str:
        """校验位 over all parts after the root."""
        return mod_37_36(f"{self.type_code}{self.issuer}{self.serial}{self.version:03d}")

    @property
    def text(self) -> str:
        """The mark as printed."""
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{self.version:03d}.{self.check}"

    def __str__(self) -> str:
        """The mark as printed."""
        return self.text


def make_certificate_id(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """编制电子证照标识: the mark as printed.

    Raises:
        CertificateIdError: a part has the wrong shape.
    """
    version_text = f"{version:03d}"
    _check_parts(type_code, issuer, serial, version_text)
    return CertificateId(type_code=type_code, issuer=issuer, serial=serial, version=version).text


def read_certificate_id(text: str) -> CertificateId:
    """核验电子证照标识: take a mark apart.

    Raises:
        CertificateIdError: it is not a valid one; for a wrong check character ``expected`` is set.
    """
    text = text.strip()
    parts = text.removeprefix(ROOT + ".").split(".")
    if not text.startswith(ROOT + ".") or len(parts) != 5:
        raise CertificateIdError(CertificateIdFault.ROOT)
    type_code, issuer, serial, version, check = parts
    _check_parts(type_code, issuer, serial, version)
    mark = CertificateId(type_code=type_code, issuer=issuer, serial=serial, version=int(version))
    if mark.check != check:
        raise CertificateIdError(CertificateIdFault.CHECK, mark.check)
    return mark


def _check_parts(type_code: str, issuer: str, serial: str, version: str) -> None:
    for pattern, part, fault in (
        (_TYPE, type_code, CertificateIdFault.TYPE),
        (_ISSUER, issuer, CertificateIdFault.ISSUER),
        (_SERIAL, serial, CertificateIdFault.SERIAL),
        (_VERSION, version, CertificateIdFault.VERSION),
    ):
        if pattern.fullmatch(part) is None:
            raise CertificateIdError(fault)
