"""Benchmarks: what is measured against a bar, as a ratio to a reference measured in the same run.

A module ``bench_<subject>.py`` holds functions ``bench_<what>(size: Size) -> list[Row]``; ``python -m tests.bench``
finds them, runs them one after another, prints a table and writes ``build/bench.json``.
"""
