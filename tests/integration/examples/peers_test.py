"""Two simulations that exchange their states: each goes on when the other is killed, and both find each other again."""
import os
import re
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / folder) for folder in ('support', 'bindings')]

from clients import each  # noqa: E402
from programs import environment_of, host, plain_python  # noqa: E402
from simws_host import DEADLINE, ROOT, Host, Process  # noqa: E402

EXAMPLES = ROOT / 'examples'


def lua(where):
    return host(EXAMPLES / 'lua/peers/peer.lua', where), {}


def python(where):
    return plain_python(EXAMPLES / 'python/peers/peer.py', where), environment_of(plain_python)


def cpp(where):
    return [os.environ['SIMWS_CPP_PEER'], where], {}


class Peer(Process):
    def __init__(self, language, where):
        super().__init__(*language(where))
        self._seen = 0

    @property
    def port(self):
        return Host.port.fget(self)

    def expect(self, pattern):
        """The next line with this pattern; those before are passed over."""
        with self._changed:
            self._changed.wait_for(lambda: self._unseen_with(pattern) or not self._is_read(), DEADLINE)
            found = self._unseen_with(pattern)
        assert found, f'no further {pattern!r}\n{self.transcript()}'
        self._seen = found[0] + 1

    def _unseen_with(self, pattern):
        return [number for number, line in enumerate(self.stdout) if number >= self._seen and re.search(pattern, line)]

    def _is_read(self):
        return any(reader.is_alive() for reader in self._readers)

    def expect_exchange(self):
        """The other comes, and then its state."""
        self.expect('the other is here')
        self.expect(r's: [+-]\d\.\d\d, the other [+-]\d\.\d\d$')

    def expect_to_go_on_alone(self):
        self.expect('the other is away')
        for _ in range(2):
            self.expect(r's: [+-]\d\.\d\d, the other silent$')


@each(((lua, python), (python, cpp), (cpp, lua)), lambda pair: '_'.join(x.__name__ for x in pair))
class Peers(unittest.TestCase):
    def test_each_goes_on_without_the_other(self, languages):
        serving_language, connecting_language = languages
        serving = self.enterContext(Peer(serving_language, '0'))
        port = str(serving.port)

        def connect():
            return self.enterContext(Peer(connecting_language, f'ws://localhost:{port}'))

        connecting = connect()
        for peer in (serving, connecting):
            peer.expect_exchange()

        connecting.kill()
        serving.expect_to_go_on_alone()
        connecting = connect()
        for peer in (serving, connecting):
            peer.expect_exchange()

        serving.kill()
        connecting.expect_to_go_on_alone()
        serving = self.enterContext(Peer(serving_language, port))
        for peer in (serving, connecting):
            peer.expect_exchange()


if __name__ == '__main__':
    unittest.main()
