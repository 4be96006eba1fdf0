"""What stands in the district: the server, a printer, a scanner, and the desks with their windows."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from tests.end_to_end.people import LIU
from tests.end_to_end.window_desk import WindowDesk
from tests.support import cards
from tests.support.district import RunningDistrict
from tests.support.ipp_printer import IPPPrinterProcess
from tests.support.sane import write_config

PAGES = Path(__file__).parents[2] / "data" / "pages"
_CONFIG = """\
[[printer]]
name = "窗口打印机"
uri = "{printer}"

[[card_reader]]
library = "{library}"

[[scanner]]
name = "平板扫描仪"
device = "pnm:0"
options = {{ filename = "{glass}" }}

[[scanner]]
name = "送纸扫描仪"
device = "test:0"
options = {{ "test-picture" = "Color pattern" }}
"""


class Office:
    """The things of the day, in one folder."""

    def __init__(self, folder: Path, stack: ExitStack, *, bundle: Path | None = None, display: str = "") -> None:
        self.folder = folder
        self.papers = folder / "papers"
        self.pictures = folder / "pictures"
        self.temporary = folder / "temporary"
        """Where the desks' programs put what they need for a moment."""
        for path in (self.papers, self.pictures, self.temporary):
            path.mkdir(parents=True)
        self._stack = stack
        self._bundle, self._display = bundle, display
        self.desks: list[WindowDesk] = []
        self._kept = 0

    def begin(self, *, items: bool = False) -> None:
        """The district's files; nothing serves yet. With ``items`` the sample catalogue is published."""
        self.district = RunningDistrict(self.folder / "district", items=items, own_address=True)

    def open_doors(self) -> None:
        """The server serves; printer and scanner are on."""
        self.district.start(web=True)
        self._stack.callback(self.district.stop)
        self.printer = self._stack.enter_context(IPPPrinterProcess(self.folder / "printer"))
        self.sane = write_config(self.folder / "sane", sorted(PAGES.glob("*.jpg")))
        self.library = cards.build_library(self.temporary)
        self.glass = self.folder / "sane" / "glass.pnm"

    def desk(self, name: str, place: str, section: str = "", settings: str = "") -> WindowDesk:
        """A machine with its window, enrolled; ``settings`` is the top of its `config.toml`."""
        folder = self.folder / "desks" / name
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text(
            settings + _CONFIG.format(printer=self.printer.uri, glass=self.glass, library=self.library),
            encoding="utf-8",
        )
        card = cards.message(number=LIU.typed.id_number, name=LIU.typed.name)
        desk = WindowDesk(
            folder,
            self.pictures / name,
            environment={
                "CARD_TEXT": card.hex(),
                "SANE_CONFIG_DIR": str(self.sane.folder),
                "TMPDIR": str(self.temporary),
            },
            bundle=self._bundle,
            display=self._display,
        )
        self._stack.callback(desk.close)
        self.desks.append(desk)
        desk.enrol(self.district, place, section)
        return desk

    # ---- paper ------------------------------------------------------------------------------------------------

    def printed(self, *names: str) -> list[bytes]:
        """What came out of the printer since the last time, kept under these names, in order."""
        came = self.printer.printed()[self._kept :]
        assert len(came) == len(names), f"{len(came)} papers instead of {names}"
        for name, pdf in zip(names, came, strict=True):
            self._kept += 1
            (self.papers / f"{self._kept:02d}-{name}.pdf").write_bytes(pdf)
        return came

    def set_aside(self) -> None:
        """What came out of the printer so far is nobody's concern."""
        self._kept = len(self.printer.printed())

    @staticmethod
    def code_of(pdf: bytes) -> str:
        """The two-dimensional code on the first page of a printed paper."""
        document = pypdfium2.PdfDocument(pdf)
        image = document[0].render(scale=200 / 72, grayscale=True).to_numpy()
        (code,) = (found.text for found in zxingcpp.read_barcodes(image))
        return str(code)

    def until_closed(self) -> None:
        """Wait until somebody has closed every window."""
        for desk in self.desks:
            desk.desktop.process.wait()

    @staticmethod
    def names(folder: Path) -> list[str]:
        """What lies in a folder, by its path in it."""
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def sizes(self) -> dict[str, Any]:
        """Bytes of what the day left behind."""

        def of(folder: Path) -> int:
            return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

        return {
            "district": of(self.folder / "district"),
            "desks": {path.name: of(path) for path in sorted((self.folder / "desks").iterdir())},
            "papers": of(self.papers),
        }
