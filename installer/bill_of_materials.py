"""The bill of materials (SBOM) of a package: what of the lock file goes into it, as CycloneDX 1.6 in JSON.

Rules kept here: the lock file says versions and hashes; what the extra needs on this platform, however far down, and
nothing else. Run as: python bill_of_materials.py EXTRA FILE
"""

from __future__ import annotations

import re
import sys
import uuid
from importlib.metadata import metadata, requires
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
_PIN = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)[^\n]*\n((?:\s+--hash=[^\n]+\n?)+)")


def needed(extra: str) -> set[str]:
    """Every library that the product needs with an extra, by its normal name."""
    found: set[str] = set()
    waiting = [("yichuang", extra)]
    while waiting:
        name, wanted = waiting.pop()
        for line in requires(name) or ():
            one = Requirement(line)
            if one.marker is not None and not one.marker.evaluate({"extra": wanted}):
                continue
            normal = str(canonicalize_name(one.name))
            if normal not in found:
                found.add(normal)
                waiting += [(normal, ""), *((normal, more) for more in one.extras)]
    return found


def bill(extra: str, lock: str) -> Bom:
    """The bill of an extra. Raises KeyError for a library that the lock does not name."""
    pinned = {str(canonicalize_name(name)): (version, hashes) for name, version, hashes in _PIN.findall(lock)}
    made = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"yichuang {extra} {lock}"))
    made.metadata.component = _product()
    parts = [_component(name, *pinned[name]) for name in sorted(needed(extra))]
    made.components.update(parts)
    made.register_dependency(made.metadata.component, parts)
    return made


def _product() -> Component:
    told = metadata("yichuang")
    licences = [LicenseFactory().make_from_string("Apache-2.0")]
    return Component(
        name="yichuang", version=told["Version"], type=ComponentType.APPLICATION, bom_ref="yichuang", licenses=licences
    )


def _component(name: str, version: str, hashes: str) -> Component:
    told = metadata(name)
    licence = told.get("License-Expression") or told.get("License") or ""
    is_short = licence and "\n" not in licence and len(licence) < 80
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{version}",
        purl=PackageURL("pypi", None, name, version),
        licenses=[LicenseFactory().make_from_string(licence)] if is_short else [],
        hashes=[
            HashType(alg=HashAlgorithm.SHA_256, content=one) for one in re.findall(r"sha256:([0-9a-f]{64})", hashes)
        ],
    )


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(
        JsonV1Dot6(bill(sys.argv[1], LOCK.read_text("utf-8"))).output_as_string(indent=1), encoding="utf-8"
    )
