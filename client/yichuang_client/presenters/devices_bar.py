"""设备页的操作栏: what is said of the chosen device and what can be done with it; pure."""

from __future__ import annotations

from yichuang_client.presenters.devices_cards import Device, DeviceKind
from yichuang_client.presenters.models.common import Act, ActKind, Mark, Sentence, Tone, msg
from yichuang_client.presenters.models.sync import DeviceAct

_USED = {
    DeviceKind.SCANNER: "devices.scans_with",
    DeviceKind.PRINTER: "devices.prints_with",
    DeviceKind.CARD_READER: "devices.reads_with",
}
_TEST = {
    DeviceKind.SCANNER: "devices.act_scan",
    DeviceKind.PRINTER: "devices.act_print",
    DeviceKind.CARD_READER: "devices.act_card",
}


def sentence_of(device: Device | None, *, is_in_use: bool) -> Sentence:
    """What stands with the chosen device."""
    if device is None or device.found is None:
        return Sentence(lead=msg("devices.choose_one"))
    if is_in_use and device.fault != "":
        lead = msg(_USED[device.kind], name=device.name)
        return Sentence(mark=Mark.WARN, tone=Tone.WARNING, lead=lead, hint=device.fault)
    if is_in_use:
        return Sentence(mark=Mark.OK, tone=Tone.SUCCESS, lead=msg(_USED[device.kind], name=device.name))
    return Sentence(lead=msg("devices.not_in_use", name=device.name), hint=msg("devices.use_how"))


def acts_of(device: Device | None, *, is_in_use: bool, is_trying: bool) -> tuple[Act, ...]:
    """The buttons."""
    is_there = device is not None and device.found is not None
    return (
        Act(id=DeviceAct.FIND, key="F5", label=msg("devices.act_find")),
        Act(
            id=DeviceAct.TEST,
            key="F6",
            label=msg(_TEST[device.kind if device is not None else DeviceKind.SCANNER]),
            is_enabled=is_there and not is_trying,
            blocked_by="list",
            reason="NOT_THERE" if not is_there else "BUSY",
        ),
        Act(
            id=DeviceAct.MAKE_DEFAULT,
            key="F8",
            label=msg("devices.act_use"),
            kind=ActKind.PRIMARY if is_there and not is_in_use else ActKind.NORMAL,
            is_enabled=is_there and not is_in_use,
            blocked_by="list",
            reason="IN_USE" if is_in_use else "NOT_THERE",
        ),
    )
