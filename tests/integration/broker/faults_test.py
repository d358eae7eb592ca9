"""simws-broker where the broker is away, hangs, lacks something, wants to know who comes, or has the name's other holder."""
import signal
import socket
import tempfile
import unittest
from pathlib import Path

from accounts import Operator
from broker import EPOCH, Helper, NatsClient, NatsServer, until
from certificates import Authority

OTHER_EPOCH = 'ba9876543210'
SHORT_NAMES = {'name': 'KV_simws_names', 'subjects': ['$KV.simws_names.>'], 'max_msgs_per_subject': 1, 'max_age': 1_500_000_000,
               'storage': 'memory', 'retention': 'limits', 'discard': 'new', 'num_replicas': 1, 'max_consumers': -1,
               'max_msgs': -1, 'max_bytes': -1, 'duplicate_window': 1_000_000_000,
               'allow_rollup_hdrs': True, 'deny_delete': True}


class EntryTest(unittest.TestCase):
    """Brokers that don't let everybody in."""

    def open(self, url, **options):
        with Helper(url, **options) as helper:
            text = helper.wait_for_state('open')
            self.assertNotIn('s3cret', text)
            helper.message('pose', b'data')
            helper.pass_mark(1)
            self.assertEqual(helper.stop(), 0)

    def assert_refused(self, url, why, **options):
        with Helper(url, **options) as helper:
            text = helper.wait_for_state('error')
            self.assertRegex(text, why)
            self.assertNotIn('s3cret', text)
            self.assertNotRegex(text, r'\.c:\d')  # nothing of the library's source
            self.assertEqual(helper.stop(), 0)

    def test_a_user_and_a_password(self):
        with NatsServer('authorization { user: arm, password: "s3cret@x" }') as server:
            self.open(f'nats://arm:s3cret%40x@127.0.0.1:{server.port}')
            self.assert_refused(f'nats://arm:s3cret@127.0.0.1:{server.port}', 'user and password')
            self.assert_refused(server.url, 'user and password')

    def test_a_token(self):
        with NatsServer('authorization { token: "s3cret" }') as server:
            self.open(f'nats://s3cret@127.0.0.1:{server.port}')
            self.assert_refused(f'nats://s3cret2@127.0.0.1:{server.port}', 'token')

    def test_a_file_of_credentials(self):
        with tempfile.TemporaryDirectory() as folder:
            operator = Operator(folder)
            file = operator.credentials_of('arm')
            with NatsServer(operator.lines) as server:
                self.open(server.url, credentials=str(file))
                self.assert_refused(server.url, 'authorization|Authorization')
                self.assert_refused(server.url, "option credentials: the file '.*none.creds' can't be read: No such file",
                                    credentials=str(Path(folder, 'none.creds')))
                stranger = Operator(self.enterContext(tempfile.TemporaryDirectory())).credentials_of('arm')
                self.assert_refused(server.url, 'authorization|Authorization', credentials=str(stranger))

    def test_tls_with_certificates_of_both_sides(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            certificate, key = authority.issue()
            other = Authority(folder, 'other')
            tls = f'tls {{ cert_file: "{certificate}", key_file: "{key}", ca_file: "{authority.file}", verify: true }}'
            own = authority.issue('arm')
            options = {'ca': str(authority.file), 'certificate': str(own[0]), 'privateKey': str(own[1])}
            with NatsServer(tls) as server:
                url = f'tls://localhost:{server.port}'
                self.open(url, **options)
                self.assert_refused(url, "server's certificate", **{**options, 'ca': str(other.file)})
                for option, name in (('ca', 'ca'), ('certificate', 'certificate'), ('privateKey', 'private key')):
                    self.assert_refused(url, f"option {name}: the file '.*none.pem' can't be read: No such file",
                                        **{**options, option: str(Path(folder, 'none.pem'))})
                self.assert_refused(url, 'check the PEM files', **{**options, 'privateKey': str(key)})
                both = Path(folder, 'both.pem')
                both.write_text(own[0].read_text() + own[1].read_text())
                self.open(url, ca=str(authority.file), certificate=str(both))

    def test_a_certificate_of_another_host(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder)
            certificate, key = authority.issue('elsewhere', 'DNS:elsewhere.example')
            with NatsServer(f'tls {{ cert_file: "{certificate}", key_file: "{key}" }}') as server:
                self.assert_refused(f'tls://localhost:{server.port}', "server's certificate", ca=str(authority.file))

    def test_tls_of_a_server_without(self):
        with NatsServer() as server:
            self.assert_refused(f'tls://127.0.0.1:{server.port}', 'write nats://')

    def test_a_url_that_cannot_be(self):
        self.assert_refused('http://arm:s3cret@127.0.0.1', 'nats://')

    def test_what_is_no_nats_server(self):
        with socket.create_server(('127.0.0.1', 0)) as silent, Helper(f'nats://127.0.0.1:{silent.getsockname()[1]}') as helper:
            self.assertIn("doesn't answer as a NATS server does", helper.wait_for_reason())

    def test_what_it_may_not_publish_is_a_problem(self):
        rights = '{ publish: { deny: "simws.arm.t.>" } }'
        with NatsServer(f'authorization {{ users: [ {{ user: arm, password: s3cret, permissions: {rights} }} ] }}') as server:
            with Helper(f'nats://arm:s3cret@127.0.0.1:{server.port}') as helper:
                helper.wait_for_state('open')
                helper.message('pose', b'data')
                self.assertRegex(helper.wait_for('problem')[0][1], '(?i)permissions violation for publish to "simws.arm.t.pose.*has to permit it')


class NameTest(unittest.TestCase):
    """A name has one holder. The bucket, made before, lets it end soon."""

    def setUp(self):
        self.server = self.enterContext(NatsServer())
        self.client = self.enterContext(NatsClient(self.server.port))
        self.assertNotIn('error', self.client.request('$JS.API.STREAM.CREATE.KV_simws_names', SHORT_NAMES))

    def test_the_second_holder_hears_of_the_first_and_publishes_nothing(self):
        self.client.subscribe('simws.arm.t.>')
        one = self.enterContext(Helper(self.server.url, address='one:1'))
        one.wait_for_state('open')
        with Helper(self.server.url, epoch=OTHER_EPOCH, address='two:2') as two:
            self.assertEqual(two.wait_for_state('held'), f'one:1 on {socket.gethostname()}')
            two.message('pose', b'second')
            two.say(['mark', 1])
            one.message('pose', b'first')
            one.pass_mark(1)
            self.assertEqual(self.client.next_message().data, b'first')
            self.assertEqual(one.stop(), 0)
            two.wait_for_state('open')
            two.message('pose', b'second now')
            self.assertEqual(self.client.next_message().data, b'second now')

    def test_who_gets_it_back_begins_anew(self):
        self.client.subscribe('simws.arm.t.>')
        one = self.enterContext(Helper(self.server.url, address='one:1'))
        one.wait_for_state('open')
        one.message('pose', b'before')
        self.assertEqual(self.client.next_message().headers['Simws-Epoch'], EPOCH)
        one.process.send_signal(signal.SIGSTOP)
        with Helper(self.server.url, epoch=OTHER_EPOCH, address='two:2') as two:
            two.wait_for_state('open')
            one.process.send_signal(signal.SIGCONT)
            self.assertRegex(one.wait_for_state('held'), '^two:2 on ')
            self.assertEqual(two.stop(), 0)
        one.wait_for_state('open')
        one.message('pose', b'after')
        after = self.client.next_message()
        self.assertEqual(after.data, b'after')
        self.assertNotIn(after.headers['Simws-Epoch'], (EPOCH, OTHER_EPOCH))

    def test_who_is_killed_holds_it_no_longer(self):
        with Helper(self.server.url, address='one:1') as one:
            one.wait_for_state('open')
            one.process.kill()
        with Helper(self.server.url, epoch=OTHER_EPOCH) as two:
            self.assertEqual(two.wait_for_state('held'), f'one:1 on {socket.gethostname()}')
            two.wait_for_state('open')

    def test_who_stops_frees_it_at_once(self):
        with Helper(self.server.url) as one:
            one.wait_for_state('open')
            self.assertEqual(one.stop(), 0)
        with Helper(self.server.url, epoch=OTHER_EPOCH) as two:
            two.wait_for_state('open', but_not='held')

    def test_it_is_renewed(self):
        with Helper(self.server.url) as helper:
            helper.wait_for_state('open')
            first = self.holder()
            until(lambda: self.holder()['seq'] > first['seq'] + 5)

    def test_who_lost_it_says_so_and_stops_publishing(self):
        with Helper(self.server.url) as helper:
            helper.wait_for_state('open')
            self.client.publish('$KV.simws_names.arm', b'{"epoch":"%s","address":"two:2","host":""}' % OTHER_EPOCH.encode())
            self.assertEqual(helper.wait_for_state('held'), 'two:2')
            helper.wait_for_state('open')  # nobody renews what the other had

    def holder(self):
        return self.client.stored('KV_simws_names', '$KV.simws_names.arm')


class AwayTest(unittest.TestCase):
    def test_a_broker_that_is_not_there_yet_is_awaited(self):
        server = NatsServer()
        with Helper(server.url) as helper:
            self.assertIn('is nats-server running', helper.wait_for_reason())
            with server:
                helper.wait_for_state('open')
                self.assertEqual(helper.stop(), 0)

    def test_without_a_broker_it_stops_all_the_same(self):
        with Helper(NatsServer().url) as helper:
            helper.wait_for_reason()
            self.assertEqual(helper.stop(), 0)

    def test_a_broker_that_comes_back_is_found(self):
        with NatsServer() as server, Helper(server.url) as helper:
            helper.wait_for_state('open')
            server.stop()
            self.assertIn('is lost', helper.wait_for_state('connecting'))
            helper.message('pose', b'nobody hears it')
            server.start()
            helper.wait_for_state('open')
            with NatsClient(server.port) as client:
                client.subscribe('simws.arm.t.>')
                helper.message('pose', b'heard')
                self.assertEqual(client.next_message().data, b'heard')

    def test_what_is_not_retained_any_more_leaves_the_stream_after_a_return(self):
        with NatsServer() as server, Helper(server.url) as helper:
            helper.wait_for_state('open')
            for key in 'ab':
                helper.message('pose', b'old', key=key, retain=True)
            with NatsClient(server.port) as client:
                until(lambda: len(client.stream_subjects('arm')) == 2)
            server.stop()
            helper.wait_for_state('connecting')
            server.start()
            helper.wait_for_state('open')
            with NatsClient(server.port) as client:
                self.assertEqual(len(client.stream_subjects('arm')), 2)
                helper.retained('pose', b'new', key='a')

                def is_left_alone():
                    helper.message('other', b'live')
                    return client.stream_subjects('arm') == ['simws.arm.r.0.pose.a']
                until(is_left_alone)
                self.assertEqual(client.stored('simws_arm', 'simws.arm.r.0.pose.a')['data'], 'bmV3')

    def test_while_the_broker_hangs_nothing_piles_up(self):
        with NatsServer() as server, Helper(server.url) as helper:
            helper.wait_for_state('open')
            helper.pass_mark(1)
            memory = helper.memory()
            server.pause()
            helper.say(['mark', 2])
            helper.connection.end.setblocking(False)
            sent = 0
            payload = b'x' * 65536
            try:
                while sent < 64 << 20:
                    helper.message('pose', payload)
                    sent += len(payload)
            except BlockingIOError:
                pass
            self.assertLess(sent, 32 << 20)
            self.assertLess(helper.memory() - memory, 16 << 20)
            helper.process.send_signal(signal.SIGTERM)
            helper.connection.end.settimeout(60)
            words = []
            try:
                while True:
                    words.append(helper.next_word()[0])
            except (EOFError, ConnectionResetError):
                pass
            self.assertNotIn(['ack', 2], words)
            self.assertEqual(helper.process.wait(60), 0)

    def test_a_broker_that_hung_is_found_again(self):
        with NatsServer() as server, Helper(server.url) as helper:
            helper.wait_for_state('open')
            server.pause()
            helper.wait_for_state('connecting')
            server.go_on()
            helper.wait_for_state('open')
            helper.pass_mark(1)


class JetStreamTest(unittest.TestCase):
    def test_without_jetstream_live_messages_go_and_the_problem_is_told(self):
        with NatsServer(jetstream=False) as server, Helper(server.url) as helper, NatsClient(server.port) as client:
            client.subscribe('simws.arm.t.>')
            helper.wait_for('state', 'open', but_not=('problem',))
            self.assertIn('start nats-server with -js', helper.wait_for('problem')[0][1])
            helper.message('pose', b'live', retain=True)
            self.assertEqual(client.next_message().data, b'live')
            helper.pass_mark(1)

    def test_jetstream_that_comes_later_is_used(self):
        with NatsServer(jetstream=False) as server, Helper(server.url) as helper:
            helper.wait_for_state('open')
            server.stop()
            server.jetstream = True
            server.start()
            helper.wait_for_state('connecting')
            helper.wait_for_state('open')
            helper.retained('pose', b'state')
            with NatsClient(server.port) as client:
                until(lambda: client.stream_subjects('arm') == ['simws.arm.r.0.pose._'])

    def test_a_stream_that_vanishes_is_made_anew_and_the_state_asked_for(self):
        with NatsServer() as server, Helper(server.url) as helper, NatsClient(server.port) as client:
            helper.wait_for_state('open')
            client.request('$JS.API.STREAM.DELETE.simws_arm')
            helper.message('pose', b'state', retain=True)
            self.assertIn("isn't stored", helper.wait_for('problem')[0][1])
            helper.wait_for_state('connecting')
            helper.wait_for_state('open')
            helper.retained('pose', b'state')
            until(lambda: client.stream_subjects('arm') == ['simws.arm.r.0.pose._'])

    def test_a_stream_of_other_settings_is_set_right(self):
        with NatsServer() as server, NatsClient(server.port) as client:
            self.assertNotIn('error', client.request('$JS.API.STREAM.CREATE.simws_arm', {
                'name': 'simws_arm', 'subjects': ['simws.arm.r.0.>'], 'max_age': 60_000_000_000, 'storage': 'memory'}))
            with Helper(server.url) as helper:
                helper.wait_for_state('open')
                settings = client.request('$JS.API.STREAM.INFO.simws_arm')['config']
                self.assertEqual((settings['subjects'], settings['max_msgs_per_subject'], settings['max_age']), (['simws.arm.r.>'], 1, 0))


if __name__ == '__main__':
    unittest.main()
