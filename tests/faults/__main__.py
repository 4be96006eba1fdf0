"""``python -m tests.faults``: the table of faults (``make faults``), or simulations by seed, with or without a bug.

What needs root, FUSE or a Debian package and does not find it is a row that fails, never one that is left out.
"""

from __future__ import annotations

import argparse
import sys

from tests.faults import desk_faults, district_faults, server_disk, table
from tests.faults.bugs import BUGS, planted
from tests.faults.simulator import HORIZON_S, Outcome, Simulation
from tests.faults.table import Fault, Row

_SHORT_S = 1200.0
_QUICKLY_FOUND = ("no_dedupe", "cursor_by_wall_clock", "same_epoch_for_the_next")


def main() -> int:
    """Run what was asked; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="play one seed and print what is wrong")
    parser.add_argument("--seeds", type=int, help="play so many seeds, from 0 on")
    parser.add_argument("--bug", choices=sorted(BUGS), help="plant a bug first")
    parser.add_argument("--horizon", type=float, default=HORIZON_S, help="virtual seconds that the faults last")
    parser.add_argument("--long", action="store_true", help="the long form of the table")
    given = parser.parse_args()
    if given.seed is None and given.seeds is None:
        return 0 if _table(is_long=given.long) else 1
    seeds = [given.seed] if given.seed is not None else list(range(given.seeds))
    return 0 if all([_play(seed, given.bug, given.horizon) for seed in seeds]) else 1


def _play(seed: int, bug: str | None, horizon_s: float) -> bool:
    outcome = play(seed, bug, horizon_s)
    numbers = (
        f"saved {outcome.saved}, recorded {outcome.recorded}, refused {outcome.refused}, crashes {outcome.crashes}"
    )
    print(f"seed {seed}: {numbers}: {'good' if not outcome.findings else 'BROKEN'}", flush=True)
    for finding in outcome.findings:
        print(f"  {finding}")
    if outcome.findings:
        again = f"python -m tests.faults --seed {seed}" + (f" --bug {bug}" if bug else "")
        print(f"  again: {again} --horizon {horizon_s:g}")
    return not outcome.findings


def play(seed: int, bug: str | None = None, horizon_s: float = HORIZON_S) -> Outcome:
    """One simulation, with a bug planted where one is named."""
    if bug is None:
        return Simulation(seed, horizon_s=horizon_s).run()
    stack, more = planted(bug)
    with stack:
        return Simulation(seed, horizon_s=horizon_s, **more).run()


def simulated(is_long: bool) -> Row:
    """Messages lost, doubled, overtaken and late; both sides die at any statement; lines away; clocks wrong."""
    seeds, horizon_s = (300, HORIZON_S) if is_long else (3, _SHORT_S)
    saved, lost, broken, crashes = 0, 0, list[str](), 0
    for seed in range(seeds):
        outcome = play(seed, None, horizon_s)
        names = " ".join(map(str, outcome.findings))
        lost += sum(one.deed in names for desk in outcome.desks for one in desk.saved)
        saved, crashes = saved + outcome.saved, crashes + outcome.crashes
        broken += [f"--seed {seed} --horizon {horizon_s:g}: {finding}" for finding in outcome.findings]
    return Row(
        fault="simulator: 5 desks, one district",
        runs=seeds,
        acknowledged=saved,
        found_once=saved - lost,
        broken=tuple(broken),
        notes=f"{crashes} crashes",
    )


FAULTS: tuple[tuple[str, Fault], ...] = (
    ("simulator", simulated),
    ("kill -9 of the client", desk_faults.killed),
    ("kill -9 at every write of the client", desk_faults.killed_at_every_write),
    ("disk full", desk_faults.disk_full),
    ("I/O errors", desk_faults.disk_errors),
    ("power cut", desk_faults.power_cut),
    ("power cut in a batch", desk_faults.power_cut_in_a_batch),
    ("kill -9 of the server", district_faults.server_killed),
    ("bad line", district_faults.bad_line),
    ("clock", district_faults.wrong_clock),
)


def _table(*, is_long: bool) -> bool:
    holds = table.play((*FAULTS, *server_disk.FAULTS) if is_long else FAULTS, is_long=is_long)
    print("planted bugs, and the seeds that it took to find each:")
    for bug in BUGS if is_long else _QUICKLY_FOUND:
        seeds = seeds_to_find(bug, 60 if is_long else 6, HORIZON_S if is_long else _SHORT_S)
        print(f"    {bug:28} {seeds or 'NOT FOUND'}", flush=True)
        holds &= seeds > 0
    print("everything holds" if holds else "SOMETHING DOES NOT HOLD")
    return holds


def seeds_to_find(bug: str, most: int, horizon_s: float) -> int:
    """How many seeds until a planted bug is found; 0 if it is not."""
    return next((seed + 1 for seed in range(most) if play(seed, bug, horizon_s).findings), 0)


if __name__ == "__main__":
    sys.exit(main())
