"""The story's citizens, invented, as they are typed into the intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support import intakes
from yichuang_client.actions.receiving import Typed


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """Who applies."""

    kind: int
    """Place in the row of kinds, from 0: person, sole trader, body."""
    typed: Typed = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    """Field of the item's own form to what is typed."""

    @property
    def fields(self) -> dict[str, str]:
        """Field of the intake to what is typed, in the screen's order."""
        own = ("name", "credit_code", "operator", "id_number", "phone")
        typed = {key: getattr(self.typed, key) for key in own}
        return {key: text for key, text in typed.items() if text} | {f"form.{k}": v for k, v in self.form.items()}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no stranger may read."""
        typed = self.typed
        return tuple(text for text in (typed.name, typed.operator, typed.id_number, typed.phone) if text)


GU = Citizen(kind=1, typed=intakes.GU, form={"address": "凤桥镇示例路102号", "area": "86"})
LIU = Citizen(kind=0, typed=intakes.LIU, form={"address": "凤桥镇示例路7号", "area": "40"})
