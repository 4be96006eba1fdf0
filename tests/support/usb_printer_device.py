#!/usr/bin/python3
"""模拟的 USB 收据打印机 (class 7/1/2): umockdev's ioctl emulation under the real libusb.

Runs with the system's Python (it has gi): ``umockdev-wrapper /usr/bin/python3 usb_printer_device.py FOLDER``. It prints
``UMOCKDEV_DIR=…`` and serves. What is printed goes to FOLDER/printed, what the kernel's interface was asked for to
FOLDER/calls, one word a line; FOLDER/faults is read at every call: paper_out, stall, silent, disconnect_after=BYTES,
usblp (the kernel's own driver has it at first).
"""

from __future__ import annotations

import errno
import importlib
import re
import struct
import sys
from pathlib import Path

gi = importlib.import_module("gi")  # the system's: it is in no environment of ours
gi.require_version("UMockdev", "1.0")
GLib, UMockdev = (importlib.import_module(f"gi.repository.{name}") for name in ("GLib", "UMockdev"))
FOLDER = Path(sys.argv[1])
BUS = (FOLDER / "bus").read_text(encoding="ascii")
"""What umockdev is to show, the printer first."""
DESCRIPTORS = bytes.fromhex(re.search(r"^H: descriptors=(\S+)", BUS, re.MULTILINE)[1])
DEVICE, CONFIGURATION = DESCRIPTORS[: DESCRIPTORS[0]], DESCRIPTORS[DESCRIPTORS[0] :]
TEXTS = {1: "EPSON", 2: "TM-T88V", 3: "J0001"}


def request(direction: int, number: int, size: int) -> int:
    """A number of usbfs's ioctls."""
    return (direction << 30) | (size << 16) | (0x55 << 8) | number


POINTER, URB = 8, 56
CALLS = {
    request(2, 15, 4): "claim",
    request(2, 16, 4): "release",
    request(2, 5, 4): "configure",
    request(2, 4, 8): "alternate",
    request(2, 21, 4): "clear",
    request(2, 3, 4): "reset-endpoint",
    request(0, 20, 0): "reset",
}
CAPABILITIES, SPEED, DRIVER, TO_DRIVER = request(2, 26, 4), request(0, 31, 0), request(1, 8, 260), request(3, 18, 16)
SUBMIT, REAP, REAP_NOW, DISCARD = (
    request(2, 10, URB),
    request(1, 12, POINTER),
    request(1, 13, POINTER),
    request(0, 11, 0),
)
DISCONNECT, CONNECT = request(0, 22, 0), request(0, 23, 0)


class Printer(UMockdev.IoctlBase):
    """One printer."""

    def __init__(self) -> None:
        super().__init__()
        self.printed = (FOLDER / "printed").open("ab", buffering=0)
        self.calls = (FOLDER / "calls").open("ab", buffering=0)
        self.done: list[list[object]] = []
        self.wait: list[list[object]] = []
        self.answers = bytearray()
        self.total = 0
        self.is_gone = False
        self.driver = b"usblp" if "usblp" in self.faults() else b""

    def faults(self) -> dict[str, str]:
        """What is wrong with it now."""
        words = (FOLDER / "faults").read_text(encoding="ascii").split()
        return {name: value for name, _, value in (word.partition("=") for word in words)}

    def note(self, word: str) -> None:
        """Remember what was asked for."""
        self.calls.write(f"{word}\n".encode("ascii"))

    def take(self, data: bytes) -> None:
        """Bytes for the printer; DLE EOT n among them is answered."""
        self.total += len(data)
        self.printed.write(data)
        at = data.find(b"\x10\x04")
        while at >= 0 and at + 2 < len(data):
            state = 0x12
            if "paper_out" in self.faults():
                state = {1: 0x1A, 2: 0x32, 4: 0x72}.get(data[at + 2], 0x12)
            if "cover_open" in self.faults():
                state = {1: 0x1A, 2: 0x16}.get(data[at + 2], 0x12)
            self.answers.append(state)
            at = data.find(b"\x10\x04", at + 1)

    def control(self, setup: bytes) -> bytes | None:
        """A control transfer; None: refused."""
        kind, what, value, _index, _length = struct.unpack("<BBHHH", setup)
        if kind == 0x80 and what == 6:
            number = value & 255
            if value >> 8 == 3:
                if number == 0:
                    return b"\x04\x03\x09\x04"
                text = TEXTS[number].encode("utf-16le")
                return bytes([len(text) + 2, 3]) + text
            return {1: DEVICE, 2: CONFIGURATION}.get(value >> 8)
        if kind == 0xA1 and what == 1:
            return bytes([0x38 if "paper_out" in self.faults() else 0x18])
        return b"" if kind in (0x21, 0x01, 0x02, 0) else None

    def do_handle_ioctl(self, client: UMockdev.IoctlClient) -> bool:
        """One call of a program."""
        number = client.get_request()
        if self.is_gone and not (number in (REAP, REAP_NOW) and self.done):
            client.complete(-1, errno.ENODEV)
        elif number in (REAP, REAP_NOW):
            self.reap(client)
        elif number == SUBMIT:
            self.submit(client.get_arg().resolve(0, URB))
            client.complete(0, 0)
        elif number == DISCARD:
            client.complete(0, 0)
            for urb in self.wait:
                self.finish(urb, -errno.ENOENT, 0)
            self.wait = []
        else:
            self.manage(client, number)
        return True

    def manage(self, client: UMockdev.IoctlClient, number: int) -> None:
        """Calls that carry no data of the printer."""
        if number == CAPABILITIES:
            client.get_arg().resolve(0, 4).update(0, struct.pack("<I", 0x01 | 0x04))
            client.complete(0, 0)
        elif number == SPEED:
            client.complete(3, 0)
        elif number == DRIVER:
            if self.driver:
                client.get_arg().resolve(0, 260).update(4, self.driver + b"\0")
            client.complete(*((0, 0) if self.driver else (-1, errno.ENODATA)))
        elif number == TO_DRIVER:
            code = struct.unpack_from("<I", bytes(client.get_arg().resolve(0, 16).retrieve()), 4)[0]
            self.note({DISCONNECT: "detach", CONNECT: "attach"}.get(code, "other"))
            self.driver = b"usblp" if code == CONNECT else b""
            client.complete(1 if code == CONNECT else 0, 0)
        elif number in CALLS:
            word = CALLS[number]
            is_taken = word == "claim" and self.driver == b"usblp"
            self.note(word)
            client.complete(*((-1, errno.EBUSY) if is_taken else (0, 0)))
        else:
            client.complete(-1, errno.ENOTTY)

    def reap(self, client: UMockdev.IoctlClient) -> None:
        """Hand a finished transfer back."""
        if not self.done:
            client.complete(-1, errno.EAGAIN)
            return
        urb = self.done.pop(0)
        client.get_arg().resolve(0, POINTER).set_ptr(0, urb[0])
        client.complete(0, 0)

    def submit(self, head: UMockdev.IoctlData) -> None:
        """Begin a transfer."""
        kind, endpoint, _status, _flags, _buffer, length = struct.unpack_from("<BB2xiI4xQi", bytes(head.retrieve()))
        data = head.resolve(16, length) if length else None
        urb: list[object] = [head, data, length]
        if kind == 2:
            raw = bytes(data.retrieve())
            reply = self.control(raw[:8])
            if reply is None:
                self.finish(urb, -errno.EPIPE, 0)
                return
            reply = reply[: struct.unpack_from("<H", raw, 6)[0]]
            if raw[0] & 0x80 and reply:
                data.update(8, reply)
            self.finish(urb, 0, len(reply))
        elif endpoint & 0x80:
            self.wait.append(urb)
            self.feed()
        else:
            self.write(urb, bytes(data.retrieve()) if data else b"")

    def write(self, urb: list[object], data: bytes) -> None:
        """A bulk transfer to the printer."""
        faults = self.faults()
        most = int(faults.get("disconnect_after", 0) or 0)
        if "stall" in faults:
            self.finish(urb, -errno.EPIPE, 0)
        elif "silent" in faults:
            self.wait.append(urb)
        elif most and self.total + len(data) > most:
            self.is_gone = True
            self.finish(urb, -errno.ESHUTDOWN, 0)
        else:
            self.take(data)
            self.finish(urb, 0, len(data))
            self.feed()

    def finish(self, urb: list[object], status: int, length: int) -> None:
        """End a transfer."""
        urb[0].update(4, struct.pack("<i", status))
        urb[0].update(28, struct.pack("<i", length))
        self.done.append(urb)

    def feed(self) -> None:
        """Answer a waiting read."""
        while self.wait and self.answers:
            urb = self.wait.pop(0)
            length = min(urb[2], len(self.answers))
            urb[1].update(0, bytes(self.answers[:length]))
            del self.answers[:length]
            self.finish(urb, 0, length)


def main() -> None:
    """Serve until killed."""
    bed = UMockdev.Testbed.new()
    bed.add_from_string(BUS)
    printer = Printer()
    bed.attach_ioctl("/dev/bus/usb/001/002", printer)
    print(f"UMOCKDEV_DIR={bed.get_root_dir()}", flush=True)
    GLib.MainLoop().run()


main()
