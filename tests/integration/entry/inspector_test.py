"""The inspector over real connections: who is let in, what a script hears of it, and what it tells."""
import json
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1] / 'support'))

from clients import answer_to, answer_to_handshake  # noqa: E402
from simws_host import Host  # noqa: E402
from websocket_client import connect  # noqa: E402

TOPICS = 'simws.topics.1'


class InspectorTest(unittest.IsolatedAsyncioTestCase):
    def serve(self, *options):
        self.host = self.enterContext(Host(FOLDER / 'serve.lua', 'inspector=true', *options))
        self.host.wait_for('^ready$', 'stdout')
        self.own = f'http://127.0.0.1:{self.host.port}'

    def status_of(self, origin, path='/_simws/live'):
        return answer_to_handshake(self.host.port, path, {'Origin': origin, 'Sec-WebSocket-Protocol': TOPICS})[0]

    def test_is_for_its_own_page(self):
        self.serve('origins=*')
        port = self.host.port
        for origin in (f'http://localhost:{port}', f'https://127.0.0.1:{port}', 'http://127.0.0.1', 'null', 'http://elsewhere.example'):
            self.assertEqual(self.status_of(origin), 403, origin)
        self.assertEqual(self.status_of(self.own), 101)
        status, headers, body = answer_to(f'{self.own}/_simws/')
        self.assertEqual(status, 200)
        self.assertIn(b'simWS inspector', body)
        self.assertIn("default-src 'self'", headers['Content-Security-Policy'])

    def test_a_token_guards_it(self):
        self.serve('token=swordfish', 'host=*')
        self.assertEqual(answer_to(f'{self.own}/_simws/')[0], 401)
        self.assertEqual(self.status_of(self.own), 401)
        self.assertEqual(self.status_of(self.own, '/_simws/live?token=swordfish'), 101)

    def test_without_one_only_this_machine_may_come(self):
        host = self.enterContext(Host(FOLDER / 'serve.lua', 'inspector=true', 'host=*'))
        host.wait_for(r"inspector needs the option token where other machines can connect \(host='\*'\)")

    async def test_tells_what_the_server_does(self):
        self.serve()
        port = self.host.port
        async with connect(f'ws://127.0.0.1:{port}/arm', {'User-Agent': 'robot'}) as robot, \
                connect(f'ws://127.0.0.1:{port}/_simws/live', {'Origin': self.own}, subprotocols=[TOPICS]) as page:
            for topic in ('server', 'connections', 'messages', 'done'):
                await page.send(json.dumps(['subscribe', topic]))
            told = {}
            while not {'server', 'connections'} <= told.keys():
                await self.hear(page, told)
            self.assertEqual(told['server']['connections'], 1)
            row = dict(zip(told['connections']['columns'], told['connections']['rows'][0]))
            self.assertEqual((row['resource'], row['agent'], row['state']), ('/arm', 'robot', 'open'))
            while 'messages' not in told:
                await robot.send('a message')
                await self.hear(page, told)
            self.assertEqual(told['messages']['messages'][0]['text'], 'a message')
            await page.send('["publish","do/t/close/%d"]\n4005 go' % row['number'])
            while 'done' not in told:
                await self.hear(page, told)
            self.assertEqual(told['done'], {'tag': 't', 'done': True, 'words': 'closed with 4005'})
            await robot.wait_closed()
            self.assertEqual(robot.close_code, 4005)

    async def hear(self, page, told):
        line, _, payload = (await page.recv()).partition('\n')
        word, *values = json.loads(line)
        if word == 'mark':
            await page.send(json.dumps(['ack', values[0]]))
        if word == 'message' and payload:
            told[values[0]] = json.loads(payload)


if __name__ == '__main__':
    unittest.main()
