"""The deployment of examples/edges: what viewers get through it, and what becomes of them when a part of it is lost."""
import json
import re
import signal
import unittest

from edges import (EXAMPLE, VIEWERS, ExampleNats, HaProxy, Viewer, answer_to, edge_of, free_port, page_client, program, refuses,
                   simulation_of)
from simws_host import Process


class DeploymentTest(unittest.TestCase):
    def setUp(self):
        self.nats = self.enterContext(ExampleNats())
        self.simulation = self.enterContext(simulation_of(self.nats.url_of('simulation')))

    def edge(self, **options):
        return self.enterContext(edge_of(self.nats.url_of('edge'), **options))

    def viewer(self, port, *topics, **options):
        return self.enterContext(Viewer(port, *topics, **options))

    def test_viewers_get_what_is_published_and_what_is_retained(self):
        edges = [self.edge() for _ in range(3)]
        proxy = self.enterContext(HaProxy(edges))
        for _ in range(3):
            viewer = self.viewer(proxy.port, 'pose', 'map')
            self.assertEqual(viewer.next('map', 'table').data, '1.2 0.8 0.7')
            self.assertRegex(viewer.next('pose').data, r'^\[-?\d\.\d+,-?\d\.\d+\]$')
        status, _, page = answer_to(f'http://127.0.0.1:{proxy.port}/')
        self.assertEqual((status, '<h1>The arm</h1>' in page.decode()), (200, True))

    def test_viewers_reach_it_by_its_name_and_are_known_by_their_addresses(self):
        edges = [self.edge() for _ in range(3)]
        proxy = self.enterContext(HaProxy(edges))
        self.assertEqual(answer_to(f'http://127.0.0.1:{proxy.port}/simws.js', headers={'Host': VIEWERS})[0], 200)
        viewer = self.viewer(proxy.port, 'log', policy='all',
                             headers={'Host': VIEWERS, 'Origin': f'http://{VIEWERS}', 'X-Forwarded-For': '192.0.2.7'})
        viewer.next('log')
        viewer.say(['publish', 'commands/wave'], b'now')
        while not re.fullmatch(r'192\.0\.2\.7 at edge-\d+ says commands/wave: now', viewer.next('log').data):
            pass

    def test_an_edge_shows_what_the_simulation_shows(self):
        here = self.viewer(self.simulation.port, 'map')
        there = self.viewer(self.edge().port, 'map')
        things = [sorted((vars(viewer.next('map')) for _ in range(2)), key=lambda thing: thing['key']) for viewer in (here, there)]
        self.assertEqual([thing['key'] for thing in things[0]], ['box', 'table'])
        self.assertEqual(*things)

    def test_what_a_viewer_publishes_reaches_the_script_with_who_it_was(self):
        edge = self.edge()
        viewer = self.viewer(edge.port, 'log', policy='all')
        viewer.next('log')  # so it's subscribed all the way
        viewer.say(['publish', 'commands/wave'], b'now')
        here = '%s:%d' % viewer.socket.getsockname()
        self.assertEqual(viewer.next('log', data=f'{here} at edge-{edge.port} says commands/wave: now').topic, 'log')
        here = self.viewer(self.simulation.port)
        here.say(['publish', 'commands/wave'], b'later')
        viewer.next('log', data='a viewer here says commands/wave: later')

    def test_the_viewers_of_a_killed_edge_come_back_elsewhere(self):
        edges = [self.edge() for _ in range(2)]
        client = self.enterContext(page_client(*(edge.port for edge in edges)))
        first = self.message_of(client)
        seen = len(client.stdout)
        edges[0].kill()
        client.wait_for('"waiting"', 'stdout')
        later = self.message_of(client, seen)
        self.assertGreaterEqual(later['sequence'], first['sequence'])
        for line in client.stdout:
            said = json.loads(line)
            self.assertNotEqual(said['event'], 'error', said)

    def message_of(self, client, start=0):
        """The next one, behind so many lines."""
        while True:
            client.wait_for('"pose"', 'stdout')
            found = [line for line in client.stdout[start:] if '"pose"' in line]
            if found:
                return json.loads(found[-1])
            client._changed.acquire()
            client._changed.wait(0.2)
            client._changed.release()

    def test_a_proxy_leaves_out_an_edge_that_is_lost(self):
        edges = [self.edge() for _ in range(3)]
        proxy = self.enterContext(HaProxy(edges))
        viewers = [self.viewer(proxy.port, 'pose') for _ in range(3)]
        for viewer in viewers:
            viewer.next('pose')
        edges[1].kill()
        ended = self.viewer_that_ends(viewers)
        self.assertIsNotNone(ended)
        self.come_back(proxy)
        proxy.wait_for('Server edges/edge2 is DOWN')
        for _ in range(9):
            self.viewer(proxy.port, 'pose').next('pose')

    def come_back(self, proxy):
        """As pages do: whom the proxy ends together with the lost edge, at that very moment, comes once more."""
        try:
            self.viewer(proxy.port, 'pose').next('pose')
        except (AssertionError, EOFError, ConnectionError):
            self.viewer(proxy.port, 'pose').next('pose')

    def viewer_that_ends(self, viewers):
        for viewer in viewers:
            try:
                for _ in range(40):  # two seconds of steps
                    viewer.next('pose')
            except (EOFError, ConnectionError):
                return viewer
        return None

    def test_a_simulation_that_starts_anew_is_shown_anew(self):
        edge = self.edge()
        viewer = self.viewer(edge.port, 'pose', 'map')
        before = viewer.next('pose')
        port = self.simulation.port
        self.assertEqual(self.simulation.terminate(), 0)
        viewer.wait_until_stale(True)
        self.enterContext(simulation_of(self.nats.url_of('simulation'), port))
        viewer.wait_until_stale(False)
        after = viewer.next('pose')
        self.assertNotEqual(after.epoch, before.epoch)
        late = self.viewer(edge.port, 'map')
        self.assertEqual(late.next('map', 'box').epoch, after.epoch)

    def test_two_simulations_of_one_name(self):
        self.simulation.wait_for("connected, as 'arm'")
        second = self.enterContext(simulation_of(self.nats.url_of('simulation')))
        second.wait_for(f"'arm' is held by the server at .*:{self.simulation.port}")
        edge = self.edge()
        viewer = self.viewer(edge.port, 'pose')
        first = viewer.next('pose')
        self.assertEqual({viewer.next('pose').epoch for _ in range(20)}, {first.epoch})
        self.viewer(second.port, 'pose').next('pose')  # it serves its own
        self.assertEqual(self.simulation.terminate(), 0)
        while viewer.next('pose').epoch == first.epoch:
            pass

    def test_what_the_compose_file_starts_can_be_started(self):
        text = (EXAMPLE / 'compose.yaml').read_text()
        commands = [json.loads(re.sub(r'\s+', ' ', found)) for found in re.findall(r'command: (\["(?:run|edge)".*?\])', text, re.DOTALL)]
        self.assertEqual([command[0] for command in commands], ['run', 'edge', 'edge', 'edge'])
        for command in commands[1:]:
            words = [word.replace('/usr/share/simws/edges', str(EXAMPLE)).replace('${VIEWERS_HOST:-localhost}', VIEWERS)
                     for word in command]
            words[words.index('--port') + 1] = str(free_port())
            edge = self.enterContext(Process([program(), *words], env={'SIMWS_BROKER': self.nats.url_of('edge')}))
            edge.wait_for('listening on')
            self.assertEqual(edge.signal(signal.SIGINT), 0)

    def test_an_edge_that_ends_says_goodbye(self):
        edge = self.edge()
        viewer = self.viewer(edge.port, 'pose')
        viewer.next('pose')
        self.assertEqual(edge.terminate(), 0)
        viewer.wait_for_end()
        self.assertTrue(refuses(edge.port))


if __name__ == '__main__':
    unittest.main(verbosity=2)
