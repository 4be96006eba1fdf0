"""Names of things: opaque text ids, each with a type of its own.

Rules kept here: an id is never taken apart and never derived from a person's data; a number printed on
paper (``numbering``) is a label, not an id.
"""

from __future__ import annotations

from typing import NewType

CaseId = NewType("CaseId", str)
"""办件: random, 32 hex characters, made at the desk that receives."""

MatterId = NewType("MatterId", str)
"""一件事: random, 32 hex characters."""

PageOwner = CaseId | MatterId
"""Whose pages they are: under whose name they are encrypted, sent and kept."""

DeedId = NewType("DeedId", str)
"""One outbox row of a desk: random, 32 hex characters; the idempotency key."""

PrintId = NewType("PrintId", str)
"""One run of a paper through a printer: random, 32 hex characters."""

ReplicaId = NewType("ReplicaId", str)
"""One enrolment of one desk: the four digits of its device number, never given again."""

PersonId = NewType("PersonId", str)
"""A member of staff."""

PlaceId = NewType("PlaceId", str)
"""A hall, a town centre, a village station."""

SectionId = NewType("SectionId", str)
"""审批科室: a back-office queue."""

ItemCode = NewType("ItemCode", str)
"""业务办理项: the text by which the catalogue names a variant; its shape means nothing."""

BlobHash = NewType("BlobHash", str)
"""SHA-256 (hex) of the plain bytes of a page."""

Token = NewType("Token", str)
"""22 base64url characters in the receipt's QR; whoever has it may follow the case."""
