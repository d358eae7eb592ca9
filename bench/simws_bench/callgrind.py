"""The echo of a Lua script under callgrind, and a client that sends it small messages."""
import pathlib
import re
import subprocess
import sys
import tempfile

from simws_bench import BENCH, ROOT
from simws_bench.servers import read_port

sys.path.insert(0, str(ROOT / 'tests/support'))

from raw_client import TEXT, RawClient, frame  # noqa: E402

MESSAGE = frame(TEXT, b'x' * 64)
TOTAL = re.compile(r'^(?:summary|totals): (\d+)', re.MULTILINE)


def exchange(port, messages):
    with RawClient(port) as client:
        for _ in range(messages):
            client.send(MESSAGE)
            client.receive_frame()


def count(build, work, options=(), callgrind=()):
    """What the server takes for `work(port)`, its start and end included: instructions, and callgrind's list of them by function."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile('w+') as errors:
        out = pathlib.Path(folder, 'out')
        command = ['valgrind', '--tool=callgrind', f'--callgrind-out-file={out}', *callgrind, build / 'bin/simws', 'run', *options,
                   BENCH / 'peers/simws_peer.lua', '0', 'echo']
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            work(read_port(process, 'simws', errors))
        finally:
            process.terminate()
            process.communicate()
        listed = subprocess.run(['callgrind_annotate', '--inclusive=yes', '--threshold=100', out], capture_output=True, text=True, check=True).stdout
        return int(TOTAL.search(out.read_text(encoding='utf-8'))[1]), listed
