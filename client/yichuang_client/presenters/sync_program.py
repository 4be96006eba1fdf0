"""程序: which version runs, which one comes, and what to do when it does not; one line of the sync page."""

from __future__ import annotations

from yichuang_client.presenters.models.common import Mark, Text, Tone, msg
from yichuang_client.presenters.models.sync import Hop
from yichuang_client.update.status import UpdateReason, UpdateState, UpdateStatus

_WHY = {
    UpdateReason.UNTRUSTED: "sync.program_untrusted",
    UpdateReason.OUT_OF_DATE: "sync.program_out_of_date",
    UpdateReason.DISK: "sync.program_disk",
    UpdateReason.DOES_NOT_START: "sync.program_no_start",
}


def update_hop(update: UpdateStatus) -> Hop | None:
    """The line; None where this desk takes no updates."""
    name = msg("sync.hop_program")
    if update.state is UpdateState.OFF:
        return None
    if update.state is UpdateState.FAILED and update.reason is not None:
        return Hop(name=name, state=msg(_WHY[update.reason]), mark=Mark.WARN, tone=Tone.WARNING)
    if update.state is UpdateState.COMING:
        state: Text = msg("sync.program_coming", version=update.version, n=update.percent)
        return Hop(name=name, state=state, mark=Mark.WAIT, tone=Tone.NEUTRAL)
    if update.state is UpdateState.READY:
        state = msg("sync.program_ready", version=update.version)
        return Hop(name=name, state=state, mark=Mark.OK, tone=Tone.SUCCESS)
    if update.given_up:
        state = msg("sync.program_given_up", version=update.given_up)
        return Hop(name=name, state=state, mark=Mark.WARN, tone=Tone.WARNING)
    return Hop(name=name, state=msg("sync.program_newest", version=update.running), mark=Mark.OK, tone=Tone.SUCCESS)
