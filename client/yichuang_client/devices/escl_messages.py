"""eSCL 消息: what a scanner offers, how it stands, and what is asked of it, as values.

eSCL is the protocol of driverless scanners (Mopria Alliance, "eSCL Technical Specification" 2.97); lengths are
three-hundredths of an inch. What one maker leaves out another one writes: only what is needed is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from yichuang_client.devices.errors import DeviceError, Trouble
from yichuang_client.devices.escl_xml import Element, parse, write, write_value
from yichuang_client.devices.scanning import (
    USUAL_RESOLUTIONS,
    ColourMode,
    ScanArea,
    ScannerCapabilities,
    ScannerOption,
    Source,
)

_T = TypeVar("_T")
UNITS_PER_MM = 300 / 25.4
JPEG, PDF = "image/jpeg", "application/pdf"
FORMATS = (JPEG, PDF, "image/png", "image/tiff")
"""What can be read here, the fastest first."""
FORMAT_OPTION = "format"
_MODES = {"blackandwhite1": ColourMode.LINEART, "grayscale8": ColourMode.GRAY, "rgb24": ColourMode.COLOUR}
_WORDS = {ColourMode.LINEART: "BlackAndWhite1", ColourMode.GRAY: "Grayscale8", ColourMode.COLOUR: "RGB24"}
_CAPS = {
    Source.FLATBED: ("PlatenInputCaps", "Platen"),
    Source.FEEDER: ("AdfSimplexInputCaps",),
    Source.FEEDER_DUPLEX: ("AdfDuplexInputCaps",),
}
_FEEDER_TROUBLES = (
    (("multipick", "multifeed", "doublefeed"), Trouble.MULTI_FEED),
    (("jam", "mispick"), Trouble.JAM),
    (("hatchopen", "dooropen", "coveropen"), Trouble.COVER_OPEN),
    (("pagetooshort", "pagetoolong"), Trouble.BAD_SETTING),
    (("inputtrayfailed", "inputtrayoverloaded"), Trouble.ABORTED),
)
"""Parts of the words that makers use for the state of the feeder and the reason of a job."""


@dataclass(frozen=True, kw_only=True)
class SourceOffer:
    """进纸能力: what one source of a scanner offers."""

    modes: tuple[ColourMode, ...]
    resolutions: tuple[int, ...]
    formats: tuple[str, ...]
    """Media types that can be read here; empty when the scanner names none."""
    least: tuple[int, int]
    """Smallest width and height."""
    most: tuple[int, int] | None
    """Largest width and height, None when the scanner does not tell."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """扫描仪能力: of one eSCL scanner."""

    version: str
    """The protocol's version that it speaks."""
    model: str
    uuid: str
    """The device's own identity, empty when it has none."""
    sources: Mapping[Source, SourceOffer]

    def capabilities(self) -> ScannerCapabilities:
        """As every driver tells it: what can be chosen for all sources alike, where there is such a thing."""
        rows = tuple(self.sources.values())
        sizes = [row.most for row in rows if row.most is not None]
        formats = _common(row.formats for row in rows) or (JPEG,)
        option = ScannerOption(name=FORMAT_OPTION, kind="string", unit="none", value=formats[0], choices=formats)
        area = None
        if sizes:
            width, height = max(size[0] for size in sizes), max(size[1] for size in sizes)
            area = ScanArea(width=width / UNITS_PER_MM, height=height / UNITS_PER_MM)
        return ScannerCapabilities(
            sources=tuple(self.sources),
            modes=_common(row.modes for row in rows),
            depths=(8,),
            resolutions=_common(row.resolutions for row in rows),
            area=area,
            options={FORMAT_OPTION: option},
        )


def _common(rows: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    """What stands in every row that has any; where nothing does, what stands in one of them."""
    full = [row for row in rows if row]
    every = tuple(value for value in full[0] if all(value in row for row in full)) if full else ()
    return every or tuple(dict.fromkeys(value for row in full for value in row))


def read_offer(raw: bytes) -> Offer:
    """Read ScannerCapabilities; raises DeviceError(COMMUNICATION) for what is none."""
    top = parse(raw, "ScannerCapabilities")
    sources = {}
    for source, names in _CAPS.items():
        found = next((row for name in names if (row := top.first(name)) is not None), None)
        if found is not None:
            sources[source] = _read_source(found, top)
    duplex = sources.get(Source.FEEDER_DUPLEX)
    if duplex is not None:  # a feeder that turns sheets takes one side of them as well, whether it says so or not
        sources.setdefault(Source.FEEDER, duplex)
    adf = top.first("Adf")
    if adf is not None and Source.FEEDER not in sources:
        sources[Source.FEEDER] = _read_source(adf, top)
    options = {option.text.lower() for option in top.all("AdfOption")}
    if Source.FEEDER in sources and "duplex" in options:
        sources.setdefault(Source.FEEDER_DUPLEX, sources[Source.FEEDER])
    if not sources:
        raise DeviceError(Trouble.COMMUNICATION, "ScannerCapabilities: no source")
    ordered = {source: sources[source] for source in Source if source in sources}
    model = top.word("MakeAndModel") or " ".join(filter(None, (top.word("Manufacturer"), top.word("ModelName"))))
    uuid = top.word("UUID").lower().removeprefix("urn:uuid:")
    return Offer(version=top.word("Version"), model=model, uuid=uuid, sources=ordered)


def _read_source(row: Element, top: Element) -> SourceOffer:
    profiles = row if row.first("ColorMode") or row.first("DiscreteResolution") else _shared_profiles(row, top)
    words = [mode.text.lower() for mode in profiles.all("ColorMode")]
    formats = [word.text.lower() for name in ("DocumentFormatExt", "DocumentFormat") for word in profiles.all(name)]
    width, height = row.number("MaxWidth"), row.number("MaxHeight")
    return SourceOffer(
        modes=tuple(dict.fromkeys(_MODES[word] for word in words if word in _MODES)) or (ColourMode.COLOUR,),
        resolutions=tuple(sorted(set(_resolutions(profiles)))),
        formats=tuple(kind for kind in FORMATS if kind in formats),
        least=(max(row.number("MinWidth") or 0, 1), max(row.number("MinHeight") or 0, 1)),
        most=(width, height) if width and height and width > 0 and height > 0 else None,
    )


def _shared_profiles(row: Element, top: Element) -> Element:
    """The profiles that stand once for all sources, beside them and not in them."""
    beside = next((child for child in top.children if child.name == "SettingProfiles"), None)
    return beside or row


def _resolutions(profiles: Element) -> Iterable[int]:
    for pair in profiles.all("DiscreteResolution"):
        across, along = pair.number("XResolution"), pair.number("YResolution")
        if across is not None and across > 0 and along in (across, None):
            yield across
    for span in profiles.all("ResolutionRange"):
        low, high = span.number("Min") or 0, span.number("Max") or 0
        yield from (dpi for dpi in USUAL_RESOLUTIONS if low <= dpi <= high)


@dataclass(frozen=True, kw_only=True)
class Job:
    """扫描任务 as the scanner tells of it."""

    path: str
    """Path of its address, without host."""
    state: str
    """Pending, Processing, Completed, Canceled, Aborted; in small letters."""
    reasons: tuple[str, ...]
    """In small letters."""
    waiting: int
    """Images that can be fetched, 0 when the scanner does not tell."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """扫描仪状态: of the device, its feeder and its jobs."""

    state: str
    """Idle, Processing, Testing, Stopped, Down; in small letters, empty when unknown."""
    feeder: str
    """As the scanner writes it, in small letters; empty when it has none."""
    jobs: tuple[Job, ...] = ()

    @property
    def feeder_trouble(self) -> Trouble | None:
        """What keeps the feeder from working; an empty one is no trouble."""
        return _trouble(self.feeder)

    @property
    def is_feeder_at_work(self) -> bool:
        """Whether it says that sheets are in it or on their way."""
        return "loaded" in self.feeder or "processing" in self.feeder

    def job(self, path: str) -> Job | None:
        """The job at this path; makers write its address with and without host and slash."""
        name = path.rstrip("/").rpartition("/")[2]
        return next((job for job in self.jobs if job.path.rstrip("/").rpartition("/")[2] == name), None)


def _trouble(word: str) -> Trouble | None:
    return next((trouble for parts, trouble in _FEEDER_TROUBLES if any(part in word for part in parts)), None)


def reason_trouble(job: Job) -> Trouble | None:
    """The trouble that a job names as its reason."""
    return next((trouble for word in job.reasons if (trouble := _trouble(word)) is not None), None)


def read_status(raw: bytes) -> Status:
    """Read ScannerStatus; raises DeviceError(COMMUNICATION) for what is none."""
    top = parse(raw, "ScannerStatus")
    jobs = tuple(
        Job(
            path=urlsplit(row.word("JobUri")).path or row.word("JobUuid"),
            state=row.word("JobState").lower(),
            reasons=tuple(reason.text.lower() for reason in row.all("JobStateReason")),
            waiting=row.number("ImagesToTransfer") or 0,
        )
        for row in top.all("JobInfo")
    )
    return Status(state=top.word("State").lower(), feeder=top.word("AdfState").lower(), jobs=jobs)


@dataclass(frozen=True, kw_only=True)
class Request:
    """扫描请求: one batch as it is asked for."""

    version: str
    source: Source
    mode: ColourMode
    resolution: int
    format: str
    region: tuple[int, int, int, int]
    """Left, top, width, height."""

    def to_xml(self) -> bytes:
        """The text of ScanSettings; the order of its parts is the one that every known client writes."""
        left, top, width, height = self.region
        region = write(
            "pwg:ScanRegion",
            write_value("pwg:ContentRegionUnits", "escl:ThreeHundredthsOfInches"),
            write_value("pwg:Height", height),
            write_value("pwg:Width", width),
            write_value("pwg:XOffset", left),
            write_value("pwg:YOffset", top),
        )
        duplex = [] if not self.source.is_feeder else [self.source is Source.FEEDER_DUPLEX]
        body = (
            write_value("pwg:Version", self.version),
            write_value("scan:Intent", "Document"),
            write("pwg:ScanRegions", region),
            write_value("pwg:InputSource", "Feeder" if self.source.is_feeder else "Platen"),
            write_value("scan:ColorMode", _WORDS[self.mode]),
            write_value("pwg:DocumentFormat", self.format),
            *([write_value("scan:DocumentFormatExt", self.format)] if self.version != "2.0" else []),
            write_value("scan:XResolution", self.resolution),
            write_value("scan:YResolution", self.resolution),
            *(write_value("scan:Duplex", "true" if is_both else "false") for is_both in duplex),
        )
        spaces = (
            'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" '
            'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
        )
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<scan:ScanSettings {spaces}>{"".join(body)}</scan:ScanSettings>'
        )
        return text.encode()


def region(offer: SourceOffer, area: ScanArea | None) -> tuple[int, int, int, int]:
    """An area of a source in the protocol's units, cut to what there is; the whole of it for None."""
    wanted = area or ScanArea()
    if area is None and offer.most is not None:
        return 0, 0, *offer.most
    left, top, width, height = (
        round(value * UNITS_PER_MM) for value in (wanted.left, wanted.top, wanted.width, wanted.height)
    )
    if offer.most is None:
        return left, top, width, height
    left, top = min(max(left, 0), offer.most[0] - 1), min(max(top, 0), offer.most[1] - 1)
    width = min(max(width, offer.least[0]), offer.most[0] - left)
    return left, top, width, min(max(height, offer.least[1]), offer.most[1] - top)
