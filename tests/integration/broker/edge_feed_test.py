"""What an edge hears of a simulation, with a NATS server and simws-broker beside it."""
import json
import os
import socket
import subprocess
import threading
import unittest

from broker import DEADLINE, EPOCH, Helper, NatsClient, NatsServer, until

PROBE = os.environ['SIMWS_EDGE_PROBE']
OTHER_EPOCH = 'ba9876543210'


class Edge:
    """The program beside, whose events come one after the other."""

    def __init__(self, url, name='arm', edge='hall', ca=''):
        self._command = [PROBE, url, name, edge, str(ca)]

    def __enter__(self):
        self.process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._watchdog = threading.Timer(DEADLINE, self.process.kill)
        self._watchdog.start()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.rest = self.process.stdout.read()
        self._watchdog.cancel()
        if self.process.wait(DEADLINE) != 0:
            raise AssertionError(f'the edge has ended with {self.process.returncode}')
        self.process.stdout.close()

    def say(self, *words):
        self.process.stdin.write(' '.join(words) + '\n')
        self.process.stdin.flush()

    def next(self, event, condition=lambda event: True):
        """The next one of that kind for which the condition holds."""
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            found = json.loads(line)
            if found['event'] == event and condition(found):
                return found
        raise AssertionError(f'no {event} but {"".join(seen[-50:])}')

    def status(self, **values):
        return self.next('status', lambda event: all(event[name] == value for name, value in values.items()))

    def message(self):
        return self.next('message')

    def events_until(self, event):
        """Kinds of those before."""
        kinds = []
        for line in self.process.stdout:
            found = json.loads(line)
            if found['event'] == event:
                return kinds
            kinds.append(found)
        raise AssertionError(f'no {event} but {kinds}')


class EdgeFeedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(NatsServer())

    def setUp(self):
        self.name = self.id().rpartition('.')[2][:60]

    def open_helper(self, **options):
        helper = self.enterContext(Helper(self.server.url, self.name, **options))
        helper.wait_for_state('open')
        return helper

    def open_edge(self):
        return self.enterContext(Edge(self.server.url, self.name))

    def test_what_is_published_comes_as_it_was(self):
        helper = self.open_helper()
        edge = self.open_edge()
        edge.next('caught_up')
        helper.message('robots/1/pose', 'größe'.encode(), key='left/arm')
        helper.message('raw', b'\0\1', opcode='binary', retain=True)
        helper.message('raw', b'', opcode='binary', retain=True)
        self.assertEqual(edge.message(), {
            'event': 'message', 'topic': 'robots/1/pose', 'key': 'left/arm', 'opcode': 'text', 'size': 7, 'data': 'größe',
            'retain': False, 'forget': False, 'epoch': EPOCH, 'sequence': 1, 'time': 1000.5})
        message = edge.message()
        self.assertEqual((message['opcode'], message['data'], message['retain'], message['forget']), ('binary', '\0\1', True, False))
        message = edge.message()
        self.assertEqual((message['size'], message['forget']), (0, True))

    def test_what_is_retained_comes_first_and_then_it_has_caught_up(self):
        helper = self.open_helper()
        for key in range(200):
            helper.message('pose', b'old', key=str(key), retain=True)
            helper.message('pose', b'new', key=str(key), retain=True)
        helper.message('pose', b'', key='7', retain=True)
        helper.message('scene', os.urandom(5_000_000), opcode='binary', retain=True)
        with NatsClient(self.server.port) as client:
            self.assertEqual(len(wait_for_stored(client, self.name, 200 - 1 + 5)), 204)
        events = self.open_edge().events_until('caught_up')
        self.assertEqual([event['event'] for event in events[:1]], ['status'])
        self.assertTrue(events[0]['connected'] and events[0]['held'])
        messages = [event for event in events if event['event'] == 'message']
        self.assertEqual({(each['topic'], each['key']): each['data'] for each in messages if each['topic'] == 'pose'},
                         {('pose', str(key)): 'new' for key in range(200) if key != 7})
        self.assertEqual([each['size'] for each in messages if each['topic'] == 'scene'], [5_000_000])

    def test_with_nothing_retained_it_has_caught_up_at_once(self):
        self.assertEqual([event['event'] for event in self.open_edge().events_until('caught_up')], ['status'])

    def test_the_status_says_who_holds_the_name(self):
        edge = self.open_edge()
        status = edge.status(connected=True)
        self.assertEqual((status['held'], status['holder'], status['epoch'], status['problem']), (False, '', '', ''))
        self.assertIn(str(self.server.port), status['server'])
        self.assertLess(status['round_trip'], 2)
        helper = self.open_helper(address='sim:9001')
        status = edge.status(held=True)
        self.assertEqual((status['holder'], status['epoch']), (f'sim:9001 on {socket.gethostname()}', EPOCH))
        self.assertEqual(helper.stop(), 0)
        edge.status(held=False)
        self.open_helper(epoch=OTHER_EPOCH)
        edge.status(held=True, epoch=OTHER_EPOCH)

    def test_what_its_viewers_publish_reaches_the_simulation(self):
        helper = self.open_helper()
        edge = self.open_edge()
        edge.next('caught_up')
        edge.say('publish', 'cmd/speed', 'faster')
        self.assertTrue(edge.next('published')['done'])
        words, payload = helper.wait_for('publish')
        self.assertEqual(words, ['publish', 'hall', {'address': '::1', 'connection': 7}, 'cmd/speed', 'text'])
        self.assertEqual(payload, b'faster')

    def test_what_strangers_make_up_is_passed_over(self):
        edge = self.open_edge()
        edge.next('caught_up')
        headers = {'Simws-Opcode': 'text', 'Simws-Epoch': EPOCH, 'Simws-Sequence': '1', 'Simws-Time': '1'}
        with NatsClient(self.server.port) as client:
            for subject, bad, data in (
                    ('pose._', {}, b'a'), ('pose._', {**headers, 'Simws-Sequence': '0'}, b'a'), ('pose', headers, b'a'),
                    ('pose._', headers, b'\xff'), ('pose._', {**headers, 'Simws-Part': '1/2'}, b'a'),
                    ('pose._', {**headers, 'Simws-Part': '0/4294967295'}, b'a')):
                client.publish(f'simws.{self.name}.t.{subject}', data, bad)
            client.publish(f'simws.{self.name}.t.pose._', b'good', headers)
        self.assertEqual(edge.message()['data'], 'good')

    def test_a_blocked_handler_holds_up_nothing_else(self):
        helper = self.open_helper()
        edge = self.open_edge()
        edge.next('caught_up')
        edge.say('hold')
        edge.next('gate')
        for number in range(1000):
            helper.message('pose', str(number).encode())
        helper.pass_mark(1)
        edge.say('publish', 'cmd', 'x')
        self.assertTrue(edge.next('published')['done'])
        edge.say('go')
        self.assertEqual([edge.message()['data'] for _ in range(1000)], [str(number) for number in range(1000)])

    def test_names_that_cannot_be_are_told(self):
        for words, why in (((self.server.url, 'a.b', 'hall'), 'invalid name'), ((self.server.url, 'arm', ''), 'invalid edge'),
                           (('http://a', 'arm', 'hall'), "broker 'http://a' is no address of a NATS server")):
            done = subprocess.run([PROBE, *words, ''], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(why, done.stderr)


RIGHTS = '''
authorization {
  users: [
    { user: arm, password: sim, permissions: {
        publish: ["simws.arm.>", "$KV.simws_names.arm", "$JS.API.>"]
        subscribe: ["simws.arm.in.>", "_INBOX.>"] } }
    { user: arm_edge, password: edge, permissions: {
        publish: ["simws.arm.in.>", "$JS.API.STREAM.INFO.simws_arm", "$JS.API.STREAM.INFO.KV_simws_names",
                  "$JS.API.CONSUMER.>", "$JS.API.STREAM.MSG.GET.KV_simws_names", "$JS.API.DIRECT.GET.KV_simws_names.>", "$JS.FC.>"]
        subscribe: ["simws.arm.t.>", "_INBOX.>"] } }
  ]
}
'''


class RightsTest(unittest.TestCase):
    def test_few_rights_suffice(self):
        with NatsServer(RIGHTS) as server, Helper(f'nats://arm:sim@127.0.0.1:{server.port}') as helper:
            helper.wait_for_state('open')
            for key in range(5000):
                helper.message('pose', b'x' * 1000, key=str(key), retain=True)
            with NatsClient(server.port, user='arm', **{'pass': 'sim'}) as client:
                wait_for_stored(client, 'arm', 5000)
            with Edge(f'nats://arm_edge:edge@127.0.0.1:{server.port}') as edge:
                events = edge.events_until('caught_up')
                self.assertEqual(len([event for event in events if event['event'] == 'message']), 5000)
                edge.say('publish', 'cmd', 'x')
                helper.wait_for('publish')
                self.assertEqual(edge.status(held=True)['problem'], '')
            self.assertEqual(helper.stop(), 0)


class LossTest(unittest.TestCase):
    """Brokers that go and come."""

    def test_the_broker_away_the_edge_comes_back_and_hears_all_again(self):
        with NatsServer() as server, Edge(server.url) as edge, Helper(server.url) as helper:
            helper.wait_for_state('open')
            helper.message('pose', b'state', key='a', retain=True)
            helper.message('pose', b'state', key='b', retain=True)
            edge.status(held=True)
            with NatsClient(server.port) as client:
                wait_for_stored(client, 'arm', 2)
            server.stop()
            edge.status(connected=False)
            helper.wait_for_state('connecting')
            edge.say('publish', 'cmd', 'x')
            self.assertFalse(edge.next('published')['done'])
            server.start()
            messages = [event for event in edge.events_until('caught_up') if event['event'] == 'message']
            # The helper's server hasn't told it its state again yet: what is stored is still there.
            self.assertEqual({each['key'] for each in messages}, {'a', 'b'})
            helper.wait_for_state('open')
            helper.message('pose', b'new', key='a')
            edge.next('message', lambda event: event['data'] == 'new')

    def test_a_broker_that_hangs_has_no_round_trip(self):
        with NatsServer() as server, Edge(server.url) as edge:
            edge.next('status', lambda event: event['round_trip'] is not None)
            server.pause()
            edge.next('status', lambda event: event['round_trip'] is None)
            server.go_on()
            edge.next('status', lambda event: event['round_trip'] is not None)

    def test_without_jetstream_live_messages_come_and_the_problem_is_told(self):
        with NatsServer(jetstream=False) as server, Edge(server.url) as edge:
            self.assertIn('start nats-server with -js', edge.next('status', lambda event: event['problem'])['problem'])
            with Helper(server.url) as helper:
                helper.wait_for_state('open')
                helper.message('pose', b'live')
                self.assertEqual(edge.message()['data'], 'live')

    def test_a_broker_that_is_not_there_yet_is_awaited(self):
        server = NatsServer()
        with Edge(server.url) as edge:
            self.assertIn('is nats-server running', edge.status(connected=False)['problem'])
            with server:
                edge.next('caught_up')


def wait_for_stored(client, name, count):
    """The subjects, once there are so many."""
    subjects = []

    def are_there():
        subjects[:] = client.stream_subjects(name)
        return len(subjects) == count
    until(are_there)
    return subjects


if __name__ == '__main__':
    unittest.main()
