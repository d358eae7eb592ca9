"""Wires that are slow, bad, or cut while clients talk: networks of the test's own, with the server on another machine."""
import select
import threading
import unittest

from network import BINARY, TEXT, NetworkTest, each_wire, frame
import networks

if __name__ == '__main__':
    networks.enter()


@unittest.skipIf(networks.refusal(), networks.refusal())
@each_wire
class Wires(NetworkTest):
    def begin(self, tls, **options):
        """A server on another machine, to which two wires lead; the witness has the one that stays good."""
        machine = self.enterContext(networks.Machine())
        self.wire, good = machine.wire(1), machine.wire(2)
        self.serve(tls=tls, host='*', through=machine.command, **options)
        self.good = self.witness(address=good.address)
        self.good.has_more(1)
        self.sockets = self.server.sockets()

    def clients(self, count):
        return [self.client(address=self.wire.address) for _ in range(count)]

    def expect_all_is_given_back(self):
        self.until(lambda: self.server.sockets() == self.sockets, 'descriptors are left open')

    def test_what_is_under_way_when_the_wire_is_cut_arrives_once_it_is_mended(self, tls):
        self.begin(tls, ping_interval=0)
        clients = self.clients(3)
        for client in clients:
            client.echo()
        self.wire.cut()
        messages = [b'%d: ' % number + bytes(300) for number in range(50)]
        for client in clients:
            for message in messages:
                client.send(frame(BINARY, message))
        self.good.has_more(100)
        self.assertEqual(select.select([client.socket for client in clients], [], [], 0)[0], [])
        self.wire.mend()
        for client in clients:
            for message in messages:
                self.assertEqual(client.receive_message(), (BINARY, message))
        self.assertEqual(self.server.events('close'), [])

    def test_a_wire_that_stays_cut_ends_its_connections_and_no_others(self, tls):
        self.begin(tls, ping_interval=0.2, ping_timeout=0.5)
        clients = self.clients(20)
        self.wire.cut()
        self.server.wait_for_count('close', 20)
        self.assertEqual(set(self.server.events('close')), {'close 1006 (no sign of life within pingTimeout)'})
        self.good.has_more(100)
        self.expect_all_is_given_back()
        self.assertLess(len(self.server.stderr), 15, 'log lines are few')
        self.wire.mend()
        again = self.client(address=self.wire.address)
        again.send(frame(TEXT, b'back'))
        self.assertEqual(again.receive_message(), (TEXT, b'back'))
        del clients

    def test_a_wire_that_comes_and_goes_loses_nothing(self, tls):
        self.begin(tls, ping_interval=0)
        client, = self.clients(1)
        for number in range(5):
            self.wire.cut()
            message = b'%d' % number + bytes(5000)
            client.send(frame(BINARY, message))
            self.good.has_more(20)
            self.wire.mend()
            self.assertEqual(client.receive_message(), (BINARY, message))

    def test_a_slow_wire_slows_down_nobody_else(self, tls):
        self.begin(tls, ping_interval=0)
        client, = self.clients(1)
        self.wire.slow('4mbit')
        message = bytes(range(256)) * 4096
        before = self.good.rounds
        sending = threading.Thread(target=client.send, args=[frame(BINARY, message)])
        sending.start()
        self.assertTrue(client.receive_message() == (BINARY, message))
        sending.join()
        self.assertGreater(self.good.rounds, before + 50)

    def test_a_page_may_take_longer_than_keep_alive_timeout(self, tls):
        self.begin(tls, keep_alive_timeout=2)
        client = self.client(address=self.wire.address, handshake=False)
        self.wire.slow('1mbit')
        client.send(b'GET /size/1000000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
        self.assertEqual(len(client.receive_end().partition(b'\r\n\r\n')[2]), 1_000_000)

    def test_who_is_sent_more_than_its_wire_takes_is_dropped_alone(self, tls):
        self.begin(tls, ping_interval=0, max_queued_bytes=500_000)
        slow, = self.clients(1)
        orders = self.client(address=self.good.client.socket.getpeername()[0])
        self.wire.slow('1mbit')
        for _ in range(40):
            orders.send(frame(TEXT, b'/broadcast 100000'))
            self.assertEqual(self.answer(orders), b'broadcast')
            self.good.has_more(1)
        self.server.wait_for(r'^close 1013', 'stdout')
        self.assertEqual(len(self.server.events('close')), 1)
        orders.echo()
        del slow

    def answer(self, client):
        while (received := client.receive_message())[0] == BINARY:
            pass
        return received[1]

    def test_a_bad_wire_still_brings_all_in_order(self, tls):
        if not networks.has_netem():
            self.skipTest('this kernel has no netem; relay_test.py delays and drops by itself')
        self.begin(tls, ping_interval=0)
        self.wire.disturb()
        client, = self.clients(1)
        for number in range(200):
            client.send(frame(BINARY, b'%d' % number + bytes(number * 10)))
        for number in range(200):
            self.assertEqual(client.receive_frame(), (BINARY, b'%d' % number + bytes(number * 10)))


if __name__ == '__main__':
    unittest.main()
