"""A counter for the tests of presenters: the real store, work that is done at once, intakes with invented people."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from PIL import Image

from tests.support.desk import CLERK, TUESDAY, at_work
from yichuang_client.actions import receiving
from yichuang_client.actions.work import Work
from yichuang_client.devices.equipment import Equipment
from yichuang_client.devices.printing import PrinterDriver
from yichuang_client.devices.scan_worker import ScanWorker
from yichuang_client.documents.page_pool import PagePipeline
from yichuang_client.documents.press import Press
from yichuang_client.presenters.desk import Desk
from yichuang_client.presenters.models.common import Text
from yichuang_client.presenters.models.session import ScreenName
from yichuang_client.presenters.tray import Tray
from yichuang_client.store.store import Store
from yichuang_client.sync import status
from yichuang_client.sync.desk_session import DeskSession
from yichuang_client.ui.i18n.catalogue import Catalogue
from yichuang_domain.catalog import ItemVersion
from yichuang_domain.ids import CaseId
from yichuang_domain.material import required
from yichuang_domain.organisation import Person
from yichuang_domain.party import ApplicantKind, Evidence, HandedIn, HeldCertificate, Page

T = TypeVar("T")
WORDS, ENGLISH = Catalogue("zh"), Catalogue("en")
APPLICANT = receiving.Typed(
    kind=ApplicantKind.PERSON, name="顾小燕", id_number="11010519491231002X", phone="13800005521"
)


def both(*texts: Text) -> tuple[str, str]:
    """What a person reads, in Chinese and with YICHUANG_LANG=en."""
    chinese, english = ([words.say(text) for text in texts if text != ""] for words in (WORDS, ENGLISH))
    return " ".join(chinese), " ".join(english)


class Immediate:
    """A background, and a clock, that do at once what they are given."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """As ``Background.run``."""
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)

    def post(self, call: Callable[[], None]) -> None:
        """As ``Later.post``."""
        call()

    def after(self, milliseconds: int, call: Callable[[], None]) -> Callable[[], None]:
        """As ``Later.after``, without the wait."""
        call()
        return lambda: None


class Waiting:
    """A background that does its work when it is told to: what a person sees in between can be looked at."""

    def __init__(self) -> None:
        self._jobs: list[Callable[[], None]] = []

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """As ``Background.run``."""
        self._jobs.append(lambda: Immediate().run(work, done, failed))

    def go(self) -> None:
        """Do everything that was given so far, and what follows from it."""
        while self._jobs:
            self._jobs.pop(0)()


@dataclass
class Steps:
    """Where the presenters wished to go."""

    gone: list[tuple[str, Any]] = field(default_factory=list)

    def go(self, screen: ScreenName) -> None:
        """As ``Way.go``."""
        self.gone.append(("go", screen))

    def intake(self, draft: CaseId | None = None) -> None:
        """As ``Way.intake``."""
        self.gone.append(("intake", draft))

    def briefing(self, item: ItemVersion, answers: Mapping[str, str]) -> None:
        """As ``Way.briefing``."""
        self.gone.append(("briefing", item.code))

    def scan(self, tray: Tray) -> None:
        """As ``Way.scan``."""
        self.gone.append(("scan", tray))

    def case(self, case: CaseId) -> None:
        """As ``Way.case``."""
        self.gone.append(("case", case))

    def supplement(self, case: CaseId) -> None:
        """As ``Way.supplement``."""
        self.gone.append(("supplement", case))

    def issue(self, case: CaseId) -> None:
        """As ``Way.issue``."""
        self.gone.append(("issue", case))

    def handover(self) -> None:
        """As ``Way.handover``."""
        self.gone.append(("handover", None))

    def back(self) -> None:
        """As ``Way.back``."""
        self.gone.append(("back", None))


class Shown:
    """A view that remembers what was shown, and where the focus was sent."""

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.focused: list[str] = []

    def show(self, model: Any) -> None:
        """As ``View.show``."""
        self.models.append(model)

    def focus(self, field: str) -> None:
        """As ``View.focus``."""
        self.focused.append(field)

    def flash(self, field: str) -> None:
        """As ``View.flash``."""
        self.focused.append(field)

    @property
    def last(self) -> Any:
        """The newest model."""
        return self.models[-1]


class Line:
    """The district as far as finding a case by the applicant's means goes, and how the line to it stands."""

    def __init__(self) -> None:
        self.sync = self
        self.status = status.SyncStatus(line=status.Line.ONLINE, since=TUESDAY)
        self.asked: list[tuple[str, str, str]] = []
        self.answer: CaseId | Exception = CaseId("")
        self.held: tuple[HeldCertificate, ...] | Exception = ()
        self.types: list[tuple[str, str, list[str]]] = []

    def find_cases(self, person: str, *, token: str = "", number: str = "", id_number: str = "") -> tuple[CaseId, ...]:
        """As ``DeskSession.find_cases``."""
        self.asked.append((token, number, id_number))
        if isinstance(self.answer, Exception):
            raise self.answer
        return (self.answer,)

    def find_certificates(
        self, person: str, id_number: str, credit_code: str, types: Collection[str]
    ) -> tuple[HeldCertificate, ...]:
        """As ``DeskSession.find_certificates``."""
        self.types.append((id_number, credit_code, sorted(types)))
        if isinstance(self.held, Exception):
            raise self.held
        return self.held


def a_desk(
    store: Store,
    person: Person = CLERK,
    background: Any = None,
    *,
    machines: Any = None,
    equipment: Any = None,
    press: Press | None = None,
    now: Callable[[], datetime] = lambda: TUESDAY,
    on_line: Callable[[], bool] = lambda: True,
    line: Line | None = None,
) -> Desk:
    """A desk whose work is done at once unless another background is given."""
    worker = background or Immediate()
    return Desk(
        work=lambda: at_work(store, person, on_line=on_line(), now=now()),
        background=worker,
        scanning=machines or worker,
        printing=machines or worker,
        asking=machines or worker,
        reading=machines or worker,
        later=Immediate(),
        equipment=equipment or Equipment(cast(ScanWorker, None), print_service="ipp://localhost:9"),
        pages=page_pipeline,
        press=cast(Press, press),
        session=cast(DeskSession, line or Line()),
        way=Steps(),
    )


@functools.cache
def page_pipeline() -> PagePipeline:
    """Page processes that all desks of a test run share; they end with it."""
    return PagePipeline(processes=2)


def with_printer(printer: PrinterDriver) -> Equipment:
    """A desk's devices: this printer, and no scanner."""
    return Equipment(cast(ScanWorker, None), (("Sheets", printer),))


def steps(desk: Desk) -> list[tuple[str, Any]]:
    """Where the presenters of a desk wished to go."""
    return cast(Steps, desk.way).gone


def at_counter(store: Store, *, now: datetime = TUESDAY) -> Work:
    """The clerk at work."""
    return at_work(store, CLERK, now=now)


def an_item(work: Work, name: str) -> ItemVersion:
    """A sample item by its name."""
    hits = work.store.search.search(name, work.today, 9)
    found = [work.store.catalogue.current(hit.code) for hit in hits]
    return next(item for item in found if item.name == name)


def an_intake(work: Work, name: str, materials: Sequence[str] = ()) -> receiving.Intake:
    """The papers of an invented applicant, with these materials seen in the original."""
    item = an_item(work, name)
    answers = {question.key: question.options[0].key for question in item.questions}
    if "raw" in answers:
        answers["raw"] = "no"
    form = {f.key: f.choices[0] if f.choices else "12" for f in item.fields if f.required}
    form |= {"address": "凤桥镇桃园路 1 号"} if any(f.key == "address" for f in item.fields) else {}
    came = tuple(HandedIn(material=key, evidence=Evidence.ORIGINAL_CHECKED) for key in materials)
    return receiving.Intake(
        case=receiving.new_case(), item=item, answers=answers, applicant=APPLICANT, materials=came, form=form
    )


def whole(work: Work, name: str) -> receiving.Intake:
    """The same with everything that is asked for."""
    bare = an_intake(work, name)
    return an_intake(work, name, [m.key for m in required(bare.item, bare.answers)])


def a_page(work: Work, case: CaseId, material: str, ordinal: int) -> Page:
    """A scanned page, kept in the store; each ordinal has another picture."""
    image = Image.new("L", (330, 468), 255 - ordinal % 200)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return receiving.keep_page(
        work, case, buffer.getvalue(), material=material, ordinal=ordinal, size=image.size, is_blank=False
    )
