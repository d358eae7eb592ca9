"""What the tests of figures share."""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / 'support'), str(HERE.parent / 'client')]

from clients import answer_to  # noqa: E402, F401
from proxies import find, libraries  # noqa: E402, F401
from raw_client import RawClient  # noqa: E402, F401
from simws_host import DEADLINE, ROOT, Host, Process, free_port  # noqa: E402, F401

MESSAGES = 25


class MetricsHost(Host):
    """The script beside, after some messages."""

    def __init__(self, *options):
        super().__init__(HERE / 'serve.lua', *options)

    def __enter__(self):
        super().__enter__()
        self.wait_for('^ready$', 'stdout')
        return self

    def exchange_messages(self, path='/'):
        with RawClient(self.port, path=path) as client:
            for _ in range(MESSAGES):
                client.echo()

    def metrics(self, accept='text/plain', **headers):
        status, answer, body = answer_to(f'http://127.0.0.1:{self.port}/metrics', headers={'Accept': accept, **headers})
        assert status == 200, (status, body)
        return answer['Content-Type'], body.decode()


def families(text):
    """Kind and help of each name, as the text format says."""
    kinds = dict(re.findall(r'^# TYPE (\S+) (\S+)$', text, re.MULTILINE))
    return {name: (kinds[name], words) for name, words in re.findall(r'^# HELP (\S+) (.+)$', text, re.MULTILINE)}


def samples(text):
    """The names of all samples, without labels."""
    return set(re.findall(r'^(\w+)(?:\{.*\})? \S+$', text, re.MULTILINE))


def dashboard():
    return ROOT / 'examples/grafana/simws.json'


def expressions(panels):
    """Those of a dashboard's panels, rows of panels too."""
    for panel in panels:
        yield from (target['expr'] for target in panel.get('targets', ()))
        yield from expressions(panel.get('panels', ()))
