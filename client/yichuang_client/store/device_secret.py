"""Where the 32 bytes lie that bind the key slots to this machine.

Rules kept here: a protected place of the system (Secret Service, Windows' credential store, the macOS keychain)
where there is one; else a file that only its owner may read, and the fact is told, never hidden; the slot file
remembers which place was used, so that a keyring that comes or goes loses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from yichuang_client.store.errors import StoreError, StoreReason
from yichuang_client.store.files import disk_errors, read_file, write_atomically

SERVICE = "yichuang-desk"
_PROTECTED = ("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.Windows")
_PROTECTED_ELSEWHERE = ("keyring.backends.macOS",)


class Vault(Protocol):
    """A place for device secrets."""

    name: str
    """As the slot file remembers it."""
    is_protected: bool
    """Whether the system keeps it from other users and from a copied disk."""

    def read(self, account: str) -> bytes | None:
        """The secret, None if it is not there. Raises StoreError."""

    def write(self, account: str, secret: bytes) -> None:
        """Keep a secret. Raises StoreError."""

    def erase(self, account: str) -> None:
        """Forget a secret. Raises StoreError."""


class FileVault:
    """A file of mode 0600 in the data folder: not protected from a copied disk."""

    name = "FILE"
    is_protected = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, account: str) -> bytes | None:
        """The secret, None if there is no file."""
        return read_file(self._path)

    def write(self, account: str, secret: bytes) -> None:
        """Write the file, durable."""
        write_atomically(self._path, secret)

    def erase(self, account: str) -> None:
        """Overwrite and remove the file."""
        if self._path.exists():
            write_atomically(self._path, bytes(32))
            with disk_errors():
                self._path.unlink()


class KeyringVault:
    """The system's own protected place, through ``keyring``."""

    name = "KEYRING"
    is_protected = True

    def read(self, account: str) -> bytes | None:
        """The secret, None if the keyring has none."""
        import keyring
        from keyring.errors import KeyringError

        try:
            found = keyring.get_password(SERVICE, account)
        except (KeyringError, RuntimeError) as error:
            raise StoreError(StoreReason.SECRET_LOST, detail=type(error).__name__) from error
        return None if found is None else bytes.fromhex(found)

    def write(self, account: str, secret: bytes) -> None:
        """Keep a secret in the keyring."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, account, secret.hex())
        except (KeyringError, RuntimeError) as error:
            raise StoreError(StoreReason.SECRET_LOST, detail=type(error).__name__) from error

    def erase(self, account: str) -> None:
        """Forget a secret."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, account)
        except PasswordDeleteError:
            return
        except (KeyringError, RuntimeError) as error:
            raise StoreError(StoreReason.SECRET_LOST, detail=type(error).__name__) from error


def has_protected_keyring() -> bool:
    """Whether ``keyring`` speaks to a protected place here; a plaintext backend does not count."""
    import keyring

    chosen = keyring.get_keyring()
    backends = getattr(chosen, "backends", None) or [chosen]
    return type(backends[0]).__module__.startswith(_PROTECTED + _PROTECTED_ELSEWHERE)


def choose_vault(file: Path) -> Vault:
    """The best place that this system has."""
    return KeyringVault() if has_protected_keyring() else FileVault(file)


def vault_named(name: str, file: Path) -> Vault:
    """The place that a slot file names. Raises StoreError (DAMAGED) for an unknown name."""
    if name == KeyringVault.name:
        return KeyringVault()
    if name == FileVault.name:
        return FileVault(file)
    raise StoreError(StoreReason.DAMAGED, detail="slots")
