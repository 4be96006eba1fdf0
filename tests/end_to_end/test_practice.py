"""综合轮训 through the real window: from the real desk to practice and back, and that the two never mix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from cryptography import x509

from tests.end_to_end import windows
from tests.support.desks import Keys, WireDesk, enrol
from tests.support.district import RunningDistrict
from yichuang_client.config import read_config

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path_factory.mktemp("real") / "district")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDistrict]:
    running = RunningDistrict(tmp_path_factory.mktemp("training") / "district", training=True)
    running.start()
    yield running
    running.stop()


def test_f8_leads_to_practice_with_a_folder_of_its_own_and_back(
    real: RunningDistrict, training: RunningDistrict, tmp_path: Path
) -> None:
    with windows.opened(tmp_path / "desk") as desktop:
        windows.enrol(desktop, real, "lianfeng")
        desktop.wait("screen", name="sign_in")
        desktop.wait("line", state="ONLINE")
        desktop.mark()
        desktop.key("F8")
        desktop.wait("world left", practice=False)
        desktop.wait("closed")
        windows.fill_slip(desktop, real, real.code("lianfeng"), real.founded["root_fingerprint"])
        assert desktop.wait("error shown")["reason"].startswith("OTHER_WORLD")
        desktop.mark()
        desktop.key("F8")
        desktop.wait("world left", practice=True)
        desktop.wait("screen", name="sign_in")
        desktop.mark()
        desktop.key("F8")
        windows.enrol(desktop, training, "lianfeng")
        windows.sign_in(desktop, "yaolan", training.secret("yaolan")["password"])
        desktop.now("screen", name="intake")
        assert "Traceback" not in desktop.noise
    practice = read_config({}, tmp_path / "desk", is_practice=True).data.root
    assert practice == tmp_path / "desk-practice"
    assert "999999" in x509.load_pem_x509_certificate(training.root).subject.rfc4514_string()
    assert not _pieces(tmp_path / "desk") & _pieces(practice), "the two desks share no file"


def test_a_desk_of_one_district_is_a_stranger_to_the_other(real: RunningDistrict, training: RunningDistrict) -> None:
    for home, other in ((real, training), (training, real)):
        keys = Keys()
        enrolled = enrol(home.root, home.ports["enrolment_port"], home.code("lianfeng"), keys)
        stranger = WireDesk(other.root, other.ports["port"], enrolled, keys)
        with pytest.raises(grpc.RpcError) as refused:
            stranger.sign_in("yaolan", other.secret("yaolan")["password"], "")
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert not _pieces(real.folder) & _pieces(training.folder), "the two districts share no file"


def _pieces(folder: Path) -> set[bytes]:
    """What lies in the files of a folder, without the empty ones."""
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 16}
