"""模拟的 eSCL 扫描仪: a driverless scanner of OUR OWN, because none can be installed.

It was written from the protocol and from answers captured in public issue threads (sane-airscan 39, 126, 385;
AirSane 130, 135, 136; ScanBridge 39, 112; node-hp-scan-to 1307, 1331, 1427), and it behaves: it has sheets, jobs and
a state, honours the settings, meets one fault at one page. sane-airscan, which is not ours, scans from it in a test.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import ssl
import subprocess
import threading
import xml.etree.ElementTree as ET
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list

import cv2
import numpy
import pikepdf

SHEETS = 3
_ROOT = "/eSCL"
_SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'


@dataclass(kw_only=True)
class Job:
    """扫描任务."""

    settings: dict[str, str]
    state: str = "Processing"
    reason: str = "JobScanning"
    images: int = 0
    asked: int = 0
    """How often NextDocument was asked."""


@dataclass(kw_only=True)
class ESCLScanner:
    """模拟扫描仪: use it in a `with`; `url` is its address."""

    style: str = "prefixed"
    """How its XML is written: prefixed, default (one namespace for all), bare (prefixes that nobody declares)."""
    location: str = "absolute"
    """How it names a job: absolute, relative, slash, local (a name nobody knows), foreign."""
    version: str = "2.63"
    is_chunked: bool = False
    has_glass: bool = True
    formats: tuple[str, ...] = ("image/jpeg", "application/pdf")
    certificate: Path | None = None
    """Folder for a certificate of its own: https."""
    end_status: int = 404
    """What NextDocument says when there is no page any more."""
    refuse: tuple[int, ...] = ()
    """What the next requests for a batch are answered with."""
    fault: str = ""
    """At which page what happens, "2:jam"."""
    capabilities: bytes | None = None
    """Another text of ScannerCapabilities."""
    idle_feeder: str = ""
    """What an idle feeder claims whatever lies in it."""
    sheets: int = SHEETS
    adf: str = ""
    jobs: dict[str, Job] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    login: tuple[str, str] | None = None
    """Name and password that it asks for."""
    login_way: str = "SHA-256"
    """How it asks: Basic, or the hash of Digest."""
    has_basic: bool = True
    """Whether it offers Basic besides, in the same line."""
    nonces: list[str] = field(default_factory=list)
    nonce_uses: int = 3
    """Requests for which one of its challenges is good."""
    is_packed: bool = False
    """Whether it sends everything in gzip, asked or not."""
    go_on: threading.Event = field(default_factory=threading.Event)
    """Ends a stall."""

    def __enter__(self) -> ESCLScanner:
        scanner = self

        class Handler(_Handler):
            device = scanner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self_signed(self.certificate))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens on the loopback."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}{_ROOT}"

    @property
    def adf_state(self) -> str:
        """What the feeder says."""
        if self.adf:
            return self.adf
        if any(job.state == "Processing" for job in self.jobs.values()):
            return "ScannerAdfProcessing" if self.sheets else "ScannerAdfEmpty"
        return self.idle_feeder or ("ScannerAdfLoaded" if self.sheets else "ScannerAdfEmpty")

    def written(self, text: str) -> bytes:
        """An XML text in the scanner's own style."""
        if self.style == "default":
            text = re.sub(r"<(/?)(scan|pwg):", r"<\1", text.replace(_SPACES, 'xmlns="urn:somebody"'))
        elif self.style == "bare":
            text = "<!-- THIS DATA SUBJECT TO DISCLAIMER -->\n" + text.replace(_SPACES, "")
        return text.encode()

    def status_text(self) -> str:
        """ScannerStatus."""
        is_busy = any(job.state == "Processing" for job in self.jobs.values())
        rows = "".join(
            f"<scan:JobInfo><pwg:JobUri>{_ROOT}/ScanJobs/{name}</pwg:JobUri><pwg:JobUuid>{name}</pwg:JobUuid>"
            f"<scan:Age>1</scan:Age><pwg:ImagesCompleted>{job.images}</pwg:ImagesCompleted>"
            f"<pwg:ImagesToTransfer>0</pwg:ImagesToTransfer><pwg:JobState>{job.state}</pwg:JobState>"
            f"<pwg:JobStateReasons><pwg:JobStateReason>{job.reason}</pwg:JobStateReason></pwg:JobStateReasons>"
            "</scan:JobInfo>"
            for name, job in reversed(self.jobs.items())
        )
        return (
            f"<scan:ScannerStatus {_SPACES}><pwg:Version>{self.version}</pwg:Version>"
            f"<pwg:State>{'Processing' if is_busy else 'Idle'}</pwg:State>"
            f"<scan:AdfState>{self.adf_state}</scan:AdfState><scan:Jobs>{rows}</scan:Jobs></scan:ScannerStatus>"
        )

    def capabilities_text(self) -> str:
        """ScannerCapabilities, in the order in which an Epson XP-7100 writes it."""
        kinds = "".join(f"<pwg:DocumentFormat>{kind}</pwg:DocumentFormat>" for kind in self.formats)
        dpi = "".join(
            f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}"
            "</scan:YResolution></scan:DiscreteResolution>"
            for dpi in (75, 100, 150, 200, 300, 600)
        )
        modes = "".join(
            f"<scan:ColorMode>{mode}</scan:ColorMode>" for mode in ("BlackAndWhite1", "Grayscale8", "RGB24")
        )
        caps = (
            "<scan:MinWidth>96</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>96</scan:MinHeight>"
            "<scan:MaxHeight>3510</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles>"
            f"<scan:SettingProfile><scan:ColorModes>{modes}</scan:ColorModes><scan:DocumentFormats>{kinds}"
            "</scan:DocumentFormats><scan:SupportedResolutions><scan:DiscreteResolutions>"
            f"{dpi}</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
        )
        glass = f"<scan:Platen><scan:PlatenInputCaps>{caps}</scan:PlatenInputCaps></scan:Platen>"
        return (
            f"<scan:ScannerCapabilities {_SPACES}><pwg:Version>{self.version}</pwg:Version>"
            "<pwg:MakeAndModel>Simulated eSCL Scanner</pwg:MakeAndModel><pwg:SerialNumber>0</pwg:SerialNumber>"
            f"{glass if self.has_glass else ''}<scan:Adf><scan:AdfSimplexInputCaps>{caps}</scan:AdfSimplexInputCaps>"
            f"<scan:AdfDuplexInputCaps>{caps}</scan:AdfDuplexInputCaps><scan:FeederCapacity>50</scan:FeederCapacity>"
            "<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>"
            "<scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions></scan:Adf></scan:ScannerCapabilities>"
        )

    def page(self, job: Job) -> bytes:
        """The next page of a job, drawn as its settings want it."""
        pixels = page_pixels(job.images + 1, job.settings)
        if job.settings.get("DocumentFormat") == "application/pdf":
            return _pdf(pixels, int(job.settings["XResolution"]))
        return bytes(cv2.imencode(".jpg", pixels)[1])


def is_login(device: ESCLScanner, method: str, said: str) -> bool:
    """Whether a request's Authorization is right (RFC 7617, RFC 7616); a nonce is good for so many requests."""
    name, password = device.login or ("", "")
    if device.login_way == "Basic":
        return said == "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
    if not said.startswith("Digest "):
        return False
    row = parse_keqv_list(parse_http_list(said.removeprefix("Digest ")))

    def hashed(*parts: str) -> str:
        return hashlib.new(device.login_way.replace("-", ""), ":".join(parts).encode()).hexdigest()

    who, what = hashed(name, "sc", password), hashed(method, row["uri"])
    right = hashed(who, row["nonce"], row["nc"], row["cnonce"], "auth", what)
    is_fresh = row["nonce"] == device.nonces[-1] and int(row["nc"], 16) <= device.nonce_uses
    return is_fresh and (row["username"], row["response"]) == (name, right)


def page_pixels(number: int, settings: dict[str, str]) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.uint8]]:
    """Page `number` (blue-green-red or gray): its number in large digits on a gradient."""
    dpi = int(settings["XResolution"])
    width, height = (round(int(settings[name]) * dpi / 300) for name in ("Width", "Height"))
    down = numpy.linspace(120, 255, height, dtype=numpy.float32)[:, None] * numpy.ones((1, width), numpy.float32)
    gray = down.astype(numpy.uint8)
    cv2.putText(gray, str(number), (width // 4, height // 2), cv2.FONT_HERSHEY_SIMPLEX, width / 60, (0,), 4)
    if settings["ColorMode"] == "RGB24":
        return numpy.dstack([gray, gray, numpy.full_like(gray, 200)])
    return gray


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    device: ESCLScanner

    def log_message(self, format: str, *args: object) -> None:
        self.device.log.append(f"{self.command} {self.path}")

    def _may_not(self) -> bool:
        """Ask for the password; whether it was not given."""
        device, said = self.device, self.headers.get("Authorization", "").encode("latin-1").decode()
        if device.login is None or is_login(device, self.command, said):
            return False
        device.nonces.append(f"{len(device.nonces):08x}")
        plain = 'Basic realm="scanner, second floor"'
        before, nonce = f"{plain}, " if device.has_basic else "", device.nonces[-1]
        digest = f'{before}Digest realm="sc", nonce="{nonce}", algorithm={device.login_way}, qop="auth"'
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(401, more={"www-authenticate": plain if device.login_way == "Basic" else digest})
        return True

    def do_GET(self) -> None:
        if self._may_not():
            return
        device, path = self.device, self.path.rstrip("/")
        if path == f"{_ROOT}/ScannerStatus":
            self._answer(200, device.written(device.status_text()))
        elif path == f"{_ROOT}/ScannerCapabilities":
            self._answer(200, device.capabilities or device.written(device.capabilities_text()))
        elif match := re.fullmatch(rf"{_ROOT}/ScanJobs/([^/]+)/NextDocument", path):
            self._next(device.jobs.get(match[1]))
        else:
            self._answer(404)

    def do_DELETE(self) -> None:
        if self._may_not():
            return
        job = self.device.jobs.get(self.path.rstrip("/").rpartition("/")[2])
        if job is not None and job.state == "Processing":
            job.state, job.reason = "Canceled", "JobCanceledByUser"
        self.device.go_on.set()
        self._answer(200 if job else 404)

    def do_POST(self) -> None:
        if self._may_not():
            return
        device = self.device
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if device.refuse:
            status, device.refuse = device.refuse[0], device.refuse[1:]
            return self._answer(status, more={"Retry-After": "0"})
        settings = {
            element.tag.rpartition("}")[2]: (element.text or "").strip() for element in ET.fromstring(raw).iter()
        }
        device.adf = "" if device.adf == "ScannerAdfJam" else device.adf
        name = f"job-{len(device.jobs) + 1}"
        device.jobs[name] = Job(settings=settings)
        path = f"{_ROOT}/ScanJobs/{name}"
        hosts = {
            "absolute": f"http://{self.headers['Host']}",
            "local": "http://SIM1234.local:8080",
            "foreign": "http://192.0.2.77",
        }
        slash = "/" if device.location == "slash" else ""
        self._answer(201, more={"Location": hosts.get(device.location, "") + path + slash})

    def _next(self, job: Job | None) -> None:
        device = self.device
        if job is None or job.state in ("Canceled", "Aborted"):
            return self._answer(404)
        job.asked += 1
        at, _, fault = device.fault.partition(":")
        if fault and job.images + 1 == int(at) and self._met(fault, job):
            return
        is_feeder = job.settings["InputSource"] == "Feeder"
        is_over = device.sheets == 0 if is_feeder else job.images == 1
        if is_over:
            job.state, job.reason = "Completed", "JobCompletedSuccessfully"
            return self._answer(device.end_status)
        body = device.page(job)
        job.images += 1
        if is_feeder and (job.settings.get("Duplex") != "true" or job.images % 2 == 0):
            device.sheets -= 1
        self._answer(200, body, kind=job.settings.get("DocumentFormat", "image/jpeg"))

    def _met(self, fault: str, job: Job) -> bool:
        """Meet a fault; whether it answered."""
        device, body = self.device, self.device.page(job)
        states = {"jam": "ScannerAdfJam", "hatch": "ScannerAdfHatchOpen", "multipick": "ScannerAdfMultipickDetected"}
        if fault in states:
            device.adf, job.state, job.reason = states[fault], "Aborted", "AbortedBySystem"
            self._answer(200 if fault == "jam" else 409)
        elif fault == "silent-jam":
            job.state, job.reason = "Aborted", "AbortedBySystem"
            self._answer(200)
        elif fault == "late-jam":
            self._answer(200)
            threading.Timer(0.15, lambda: setattr(device, "adf", "ScannerAdfJam")).start()
        elif fault in ("cut", "canceled"):
            if fault == "canceled":
                job.state, job.reason = "Canceled", "JobCanceledByUser"
            self._answer(200, body[: len(body) // 2])
        elif fault == "reset":
            self._answer(200, body[: len(body) // 2], more={"Content-Length": str(len(body))})
            self.close_connection = True
        elif fault == "over-promise":
            job.images, device.sheets = job.images + 1, device.sheets - 1
            self._answer(200, body, kind="image/jpeg", more={"Content-Length": str(len(body) + 9)})
            self.close_connection = True
        elif fault == "early" and job.asked < 3 + job.images:
            self._answer(404)  # a Brother MFC-L2710DW that was asked too soon
        elif fault == "busy" and job.asked < 3 + job.images:
            self._answer(503, more={"Retry-After": "1" if job.images else "0"})
        elif fault == "stall":
            self._answer(200, body[: len(body) // 2], more={"Content-Length": str(len(body))})
            device.go_on.wait(30)
            self.close_connection = True
        elif fault.isdigit():
            self._answer(int(fault))
        else:
            return False
        return True

    def _answer(
        self, status: int, body: bytes = b"", *, kind: str = "text/xml", more: dict[str, str] | None = None
    ) -> None:
        headers = {"Content-Type": kind, **(more or {})}
        if self.device.is_packed and body:
            body, headers["content-encoding"] = gzip.compress(body), "gzip"
        is_chunked = self.device.is_chunked and bool(body) and "Content-Length" not in headers
        with suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if is_chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if is_chunked:
                for start in range(0, len(body), 1000):
                    part = body[start : start + 1000]
                    self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                body = b"0\r\n\r\n"
            self.wfile.write(body)
            self.wfile.flush()


def _pdf(pixels: numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.uint8]], dpi: int) -> bytes:
    import io

    document = pikepdf.new()
    height, width = pixels.shape[:2]
    document.add_blank_page(page_size=(width * 72 / dpi, height * 72 / dpi))
    page = document.pages[0]
    space = pikepdf.Name.DeviceGray if pixels.ndim == 2 else pikepdf.Name.DeviceRGB
    raw = bytes(cv2.imencode(".jpg", pixels)[1])
    image = pikepdf.Stream(document, raw)
    image.update(
        {
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": width, "/Height": height,
            "/ColorSpace": space, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode,
        }
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
    page.Contents = pikepdf.Stream(document, f"{width * 72 / dpi} 0 0 {height * 72 / dpi} 0 0 cm /Page Do".encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def self_signed(folder: Path) -> str:
    file = folder / "scanner.pem"
    if not file.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=Simulated", "-days", "2",
             "-keyout", str(file), "-out", str(folder / "cert.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        file.write_bytes(file.read_bytes() + (folder / "cert.pem").read_bytes())
    return str(file)
