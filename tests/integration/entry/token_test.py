"""A token over real connections, in the log and in its absence."""
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1] / 'support'))

from clients import answer_to, answer_to_handshake  # noqa: E402
from simws_host import Host, Process, program  # noqa: E402

TOKEN = 's3cret-of-the-test'


class TokenTest(unittest.TestCase):
    def serve(self, *options):
        self.host = self.enterContext(Host(FOLDER / 'serve.lua', *options))
        self.host.wait_for('^ready$', 'stdout')
        self.port = self.host.port

    def test_opens_what_it_guards(self):
        self.serve(f'token={TOKEN}')
        bearer = {'Authorization': f'Bearer {TOKEN}'}
        for path, headers, status in ((f'/?token={TOKEN}', {}, 101), ('/', bearer, 101), ('/', {}, 401),
                                      ('/?token=x', {}, 401)):
            self.assertEqual(answer_to_handshake(self.port, path, headers)[0], status)
        url = f'http://127.0.0.1:{self.port}/'
        self.assertEqual(answer_to(url, headers=bearer)[0], 200)
        status, headers, _ = answer_to(url)
        self.assertEqual((status, headers['WWW-Authenticate']), (401, 'Bearer realm="simWS"'))

    def test_is_shown_to_nobody(self):
        self.serve(f'token={TOKEN}')
        _, headers, _ = answer_to_handshake(self.port, f'/a?token={TOKEN}&b=c')
        self.assertEqual(headers['X-Resource'], '/a?token=***&b=c')
        _, _, body = answer_to(f'http://127.0.0.1:{self.port}/a?token={TOKEN}')
        self.assertEqual(body, b'/a?token=***')
        self.host.wait_for(r'open http://localhost:\d+/\?token=\*\*\* ')
        self.assertEqual(self.host.terminate(), 0)
        self.assertNotIn(TOKEN, self.host.transcript().split('\n', 1)[1])

    def test_the_start_line_shows_it_to_a_terminal(self):
        command = f"exec {program()} run {FOLDER / 'serve.lua'} token={TOKEN}"
        with Process(['script', '-qec', command, '/dev/null']) as terminal:
            terminal.wait_for(rf'open http://localhost:\d+/\?token={TOKEN} ', 'stdout')

    def test_handshakes_are_limited(self):
        self.serve(f'token={TOKEN}', 'maxHandshakesPerSecond=1')
        statuses = [answer_to_handshake(self.port, '/?token=guess')[0] for _ in range(20)]
        self.assertEqual(set(statuses), {401, 503})
        self.host.wait_for('maxHandshakesPerSecond')

    def test_what_is_no_token_is_an_error_that_does_not_show_it(self):
        with Host(FOLDER / 'serve.lua', 'token=se cret') as host:
            host.wait_for('simWS.start: option token: entry 1 is no token')
            self.assertNotIn('cret', '\n'.join(host.stderr))


if __name__ == '__main__':
    unittest.main()
