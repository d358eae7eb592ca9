"""simws-broker with a NATS server of its own: what it publishes, stores and hands on."""
import base64
import json
import os
import pty
import subprocess
import unittest

from broker import EPOCH, HELPER, Helper, NatsClient, NatsServer, until


class HelperTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(NatsServer())

    def setUp(self):
        self.name = self.id().rpartition('.')[2][:60]
        self.client = self.enterContext(NatsClient(self.server.port))

    def open_helper(self, **options):
        helper = self.enterContext(Helper(self.server.url, self.name, **options))
        self.assertIn(str(self.server.port), helper.wait_for_state('open'))
        return helper

    def test_a_message_is_on_its_subject(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        helper.message('robots/1/pose', 'größe'.encode(), key='left/arm')
        helper.message('raw', b'\0\xff', opcode='binary')
        message = self.client.next_message()
        self.assertEqual(message.subject, f'simws.{self.name}.t.robots.1.pose.left%2Farm')
        self.assertEqual(message.data.decode(), 'größe')
        self.assertEqual(message.headers, {'Simws-Opcode': 'text', 'Simws-Epoch': EPOCH, 'Simws-Sequence': '1', 'Simws-Time': '1000.5'})
        message = self.client.next_message()
        self.assertEqual(message.subject, f'simws.{self.name}.t.raw._')
        self.assertEqual((message.data, message.headers['Simws-Opcode'], message.headers['Simws-Sequence']), (b'\0\xff', 'binary', '2'))

    def test_marks_are_acknowledged_in_order(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        for number in range(1, 101):
            helper.message('pose', b'x' * 1000)
            helper.say(['mark', number])
        for number in range(1, 101):
            self.assertEqual(helper.next_word()[0], ['ack', number])
        for number in range(1, 101):
            self.assertEqual(self.client.next_message().headers['Simws-Sequence'], str(number))

    def test_what_is_retained_is_stored_once_for_each_key(self):
        helper = self.open_helper()
        for text in ('a1', 'a2'):
            helper.message('pose', text.encode(), key='a', retain=True)
        helper.retained('pose', b'b1', key='b')
        helper.message('pose', b'gone')
        subjects = {f'simws.{self.name}.r.0.pose.a', f'simws.{self.name}.r.0.pose.b'}
        until(lambda: set(self.client.stream_messages(self.name)) == subjects)
        stored = until(lambda: self.client.stored(f'simws_{self.name}', f'simws.{self.name}.r.0.pose.a'))
        self.assertEqual(stored['data'], 'YTI=')

    def test_state_told_again_reaches_who_is_connected(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        helper.retained('pose', b'state', key='a')
        message = self.client.next_message()
        self.assertEqual((message.data, message.headers['Simws-Retain']), (b'state', '1'))

    def test_a_forgotten_key_leaves_the_stream(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        helper.message('pose', b'data', key='a', retain=True)
        until(lambda: self.client.stream_messages(self.name))
        helper.message('pose', b'', key='a', retain=True)
        until(lambda: not self.client.stream_messages(self.name))
        self.assertNotIn('Simws-Forget', self.client.next_message('simws').headers)
        self.assertEqual(self.client.next_message('simws').headers['Simws-Forget'], '1')

    def test_a_long_key_is_in_a_header(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        helper.message('pose', b'data', key='k' * 513)
        message = self.client.next_message()
        self.assertEqual(message.subject, f'simws.{self.name}.t.pose.%8459ccad325dfb9b8316edd4e9cfd345d378dd18')
        self.assertEqual(message.headers['Simws-Key'], 'k' * 513)

    def test_what_viewers_of_an_edge_publish_is_handed_on(self):
        helper = self.open_helper()
        viewer = {'address': '10.0.0.7', 'connection': 3}
        headers = {'Simws-Topic': 'cmd/speed', 'Simws-Opcode': 'text', 'Simws-Viewer': json.dumps(viewer)}
        subject = f'simws.{self.name}.in.hall-2'
        for bad in ({}, {**headers, 'Simws-Topic': 'a/#'}, {**headers, 'Simws-Viewer': '3'}, {**headers, 'Simws-Opcode': 'ping'}):
            self.client.publish(subject, b'bad', bad)
        self.client.publish(subject, b'\xff', headers)
        self.client.publish(subject, b'\xff', {**headers, 'Simws-Opcode': 'binary'})
        self.client.publish(subject, b'faster', headers)
        self.assertEqual(helper.next_word(), (['publish', 'hall-2', viewer, 'cmd/speed', 'binary'], b'\xff'))
        self.assertEqual(helper.next_word(), (['publish', 'hall-2', viewer, 'cmd/speed', 'text'], b'faster'))

    def test_a_new_start_forgets_what_the_one_before_stored(self):
        with Helper(self.server.url, self.name) as helper:
            helper.wait_for_state('open')
            helper.message('pose', b'old', retain=True)
            until(lambda: self.client.stream_messages(self.name))
            self.assertEqual(helper.stop(), 0)
        self.open_helper(epoch='ba9876543210')
        self.assertEqual(self.client.stream_messages(self.name), {})

    def test_stop_sends_what_is_under_way_and_frees_the_name(self):
        self.client.subscribe(f'simws.{self.name}.t.>')
        helper = self.open_helper()
        for _ in range(100):
            helper.message('pose', b'x' * 1000)
        self.assertEqual(helper.stop(), 0)
        for number in range(1, 101):
            self.assertEqual(self.client.next_message().headers['Simws-Sequence'], str(number))
        self.open_helper(epoch='ba9876543210')

    def test_the_end_of_the_server_is_a_stop(self):
        with Helper(self.server.url, self.name) as helper:
            helper.wait_for_state('open')
            helper.connection.end.close()
            self.assertEqual(helper.process.wait(), 0)
        self.open_helper(epoch='ba9876543210')

    def test_sigterm_is_a_stop_and_sigint_is_nothing(self):
        with Helper(self.server.url, self.name) as helper:
            helper.wait_for_state('open')
            helper.process.send_signal(2)
            helper.pass_mark(1)
            helper.process.terminate()
            self.assertEqual(helper.process.wait(), 0)

    def test_what_is_no_word_ends_it(self):
        for words, why in ((['message', 'a', '', 'text', 1, 1, False], 'start'), (['start', {'name': 'a b', 'epoch': EPOCH}], 'a b'),
                           (['start', {'name': 'arm', 'epoch': 'x'}], 'epoch'), ('start', 'array')):
            with self.subTest(words), Helper() as helper:
                helper.say(words)
                self.assertEqual(helper.process.wait(), 1)
                self.assertRegex(helper.process.stderr.read(), f'^simws-broker: .*{why}.*\n$')

    def test_by_hand_it_says_what_it_is(self):
        ours, theirs = pty.openpty()
        try:
            done = subprocess.run([HELPER], stdin=theirs, stderr=subprocess.PIPE, text=True)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertEqual(done.returncode, 2)
        self.assertIn('option broker', done.stderr)

    def test_what_is_set_for_topics_stands_beside_the_name(self):
        helper = self.open_helper()
        for settings in ({'pose': {'policy': 'latest', 'rate': 30}}, {'robots/#': {'policy': 'oldest'}}):
            helper.say(['topics'], json.dumps(settings).encode())
            until(lambda settings=settings: self.name_entry().get('topics') == settings)

    def name_entry(self):
        return json.loads(base64.b64decode(self.client.stored('KV_simws_names', f'$KV.simws_names.{self.name}')['data']))

    def test_live_topics_do_not_wait_until_others_are_stored(self):
        """The test has the stream's part, and keeps it waiting."""
        helper = self.open_helper()
        self.client.request(f'$JS.API.STREAM.DELETE.simws_{self.name}')
        self.client.subscribe(f'simws.{self.name}.r.>')
        self.client.subscribe(f'simws.{self.name}.t.pose.>')
        count = 3000
        for number in range(count):
            helper.message('map', b'x', key=str(number), retain=True)
        helper.say(['mark', 1, 'stored'])
        helper.message('pose', b'live')
        self.assertEqual(self.client.next_message(f'simws.{self.name}.t.').data, b'live')
        for number in range(count):
            copy = self.client.next_message(f'simws.{self.name}.r.')
            self.assertEqual(copy.subject, f'simws.{self.name}.r.0.map.{number}', 'in order')
            self.client.publish(copy.reply, json.dumps({'stream': f'simws_{self.name}', 'seq': number + 1}).encode())
        helper.wait_for('ack', 1, but_not=('problem',))


class SmallMessagesTest(unittest.TestCase):
    """A broker whose messages are small, so that others go in parts."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(NatsServer('max_payload: 1024'))

    def setUp(self):
        self.client = self.enterContext(NatsClient(self.server.port))
        self.client.subscribe('simws.arm.t.>')
        self.helper = self.enterContext(Helper(self.server.url))
        self.helper.wait_for_state('open')

    def tearDown(self):
        self.assertEqual(self.helper.stop(), 0)

    def test_a_large_message_goes_in_parts(self):
        payload = os.urandom(5000)
        self.helper.message('scene', payload, opcode='binary')
        self.helper.message('scene', b'x' * 10)
        first = self.client.next_message()
        count = int(first.headers['Simws-Part'].partition('/')[2])
        parts = [first, *(self.client.next_message() for _ in range(count - 1))]
        self.assertEqual([part.headers['Simws-Part'] for part in parts], [f'{index}/{count}' for index in range(count)])
        self.assertEqual({part.headers['Simws-Sequence'] for part in parts}, {'1'})
        self.assertEqual(b''.join(part.data for part in parts), payload)
        self.assertNotIn('Simws-Part', self.client.next_message().headers)

    def test_parts_that_are_too_many_leave_the_stream(self):
        self.helper.message('scene', b'x' * 5000, key='a', retain=True)
        until(lambda: len(self.client.stream_messages('arm')) > 5)
        self.helper.message('scene', b'x' * 1000, key='a', retain=True)
        until(lambda: set(self.client.stream_messages('arm')) == {f'simws.arm.r.{part}.scene.a' for part in (0, 1)})
        self.helper.message('scene', b'x', key='a', retain=True)
        until(lambda: set(self.client.stream_messages('arm')) == {'simws.arm.r.0.scene.a'})

    def test_what_cannot_even_go_in_parts_is_a_problem(self):
        self.helper.message('scene', b'x' * 5000, key='k' * 1000)
        self.assertIn('max_payload of 1024', self.helper.wait_for('problem')[0][1])
        self.helper.message('scene', b'small')
        self.assertEqual(self.client.next_message().data, b'small')


if __name__ == '__main__':
    unittest.main()
