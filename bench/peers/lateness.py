"""A loop of 1 kHz that waits by `simWS.poll`, beside an idle server: lateness.py <steps>

Prints how late its steps were, in milliseconds, as JSON.
"""
import json
import pathlib
import sys
import time

import simWS

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from simws_bench.programs import percentile  # noqa: E402

STEP = 0.001
simWS.start(0)
late = []
begun = due = time.monotonic()
for _ in range(int(sys.argv[1])):
    due += STEP
    while (left := due - time.monotonic()) > 0:
        simWS.poll(left)
    late.append((time.monotonic() - due) * 1000)
print(json.dumps({'p50_ms': percentile(late, 0.5), 'p99_ms': percentile(late, 0.99),
                  'per_second': len(late) / (time.monotonic() - begun)}))
