"""``python -m tests.faults``: simulations by seed, planted bugs, and the table of real faults (``make faults``)."""

from __future__ import annotations

import argparse
import sys

from tests.faults.bugs import BUGS, planted
from tests.faults.simulator import HORIZON_S, Outcome, Simulation


def main() -> int:
    """Run what was asked; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="play one seed and print what is wrong")
    parser.add_argument("--seeds", type=int, help="play so many seeds, from 0 on")
    parser.add_argument("--bug", choices=sorted(BUGS), help="plant a bug first")
    parser.add_argument("--horizon", type=float, default=HORIZON_S, help="virtual seconds that the faults last")
    given = parser.parse_args()
    seeds = [given.seed] if given.seed is not None else list(range(given.seeds or 1))
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


if __name__ == "__main__":
    sys.exit(main())
