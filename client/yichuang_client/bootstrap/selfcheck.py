"""``yichuang --selfcheck``: whether this program has all that it needs; asked of a new version before it may start."""

from __future__ import annotations

from yichuang_client.update.status import running_version


def check_self() -> int:
    """Load what a window needs, open a database and start the window's library; 0 if all of it is here."""
    from sqlcipher3 import dbapi2

    import yichuang_client.bootstrap.client
    import yichuang_client.bootstrap.workplace  # noqa: F401

    connection = dbapi2.connect(":memory:")
    connection.execute("PRAGMA key = 'x'")
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    print(running_version())
    return 0
