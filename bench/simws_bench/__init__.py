"""Measures simWS beside other servers: what bench/run and the programs beside it share."""

import pathlib

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
