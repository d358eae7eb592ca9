"""The broker stopped, restarted, cut off: the simulation and its own viewers go on, edges say what they show is old, and catch up."""
import os
import time
import unittest

import edges  # noqa: F401 (the others are found by it)
import networks

networks.enter()

from edges import HERE, Host, NatsServer, Process, Viewer, edge_of, free_port, program, until  # noqa: E402

STEPS = 20  # a second
AWAY = float(os.environ.get('SIMWS_BROKER_AWAY', '4'))  # seconds; by hand a minute


class BrokerAwayTest(unittest.TestCase):
    def setUp(self):
        self.nats = self.enterContext(NatsServer())
        self.begin(self.nats.url)

    def begin(self, url, *options):
        self.simulation = self.enterContext(Host(HERE / 'clock.lua', url, *options))
        self.edge = self.enterContext(edge_of(url))
        self.there = self.enterContext(Viewer(self.edge.port, 'time', 'kept'))
        self.here = self.enterContext(Viewer(self.simulation.port, 'time', 'kept'))
        self.there.next('time')

    def watch_here(self, seconds):
        """Own viewers get every step, for so long."""
        number = int(self.here.next('time').data)
        for _ in range(int(seconds * STEPS)):
            later = int(self.here.next('time').data)
            self.assertLess(later - number, STEPS)
            number = later
            self.there.read_what_has_come()

    def catch_up(self):
        """The edge shows what is now, and the newest of each key."""
        self.there.wait_until_stale(False)
        now = int(self.here.next('time').data)
        while int(self.there.next('time').data) < now:
            pass
        newest = {key: int(self.here.next('kept', key).data) for key in ('a', 'b')}
        late = self.enterContext(Viewer(self.edge.port, 'kept'))
        for key, number in newest.items():
            until(lambda key=key, number=number: int(late.next('kept', key).data) >= number)

    def test_a_broker_that_is_stopped(self):
        self.nats.pause()
        try:
            self.watch_here(AWAY)
            self.there.wait_until_stale(True)
        finally:
            self.nats.go_on()
        self.catch_up()

    def test_a_broker_that_starts_anew(self):
        self.nats.stop()
        self.there.wait_until_stale(True)
        self.watch_here(1)
        self.nats.start()
        self.catch_up()

    def test_a_broker_that_comes_late(self):
        port = free_port()
        self.simulation.kill()
        self.edge.kill()
        url = f'nats://127.0.0.1:{port}'
        simulation = self.enterContext(Host(HERE / 'clock.lua', url))
        edge = self.enterContext(edge_of(url))
        viewer = self.enterContext(Viewer(edge.port, 'time'))
        viewer.wait_until_stale(True)
        self.enterContext(Viewer(simulation.port, 'time')).next('time')
        with NatsServer() as nats:
            nats.stop()
            nats.port = port
            nats.start()
            viewer.wait_until_stale(False)
            viewer.next('time')


class BrokerCutOffTest(unittest.TestCase):
    def setUp(self):
        if networks.refusal():
            print(networks.refusal())
            self.machine = None
            return
        self.machine = self.enterContext(networks.Machine())

    def begin(self, *options):
        wire = self.machine.wire(1)
        nats = self.enterContext(NatsServer(address=wire.address, command=self.machine.command))
        case = BrokerAwayTest()
        self.addCleanup(case.doCleanups)
        case.begin(nats.url, *options)
        return wire, case

    def test_a_network_that_is_cut(self):
        if not self.machine:
            return
        wire, case = self.begin()
        wire.cut()
        case.watch_here(AWAY)
        case.there.wait_until_stale(True)
        wire.mend()
        case.catch_up()

    def test_a_network_that_is_slow(self):
        """An eighth of what is published passes; what does is as new as that can be."""
        if not self.machine:
            return
        wire, case = self.begin(100_000)
        wire.slow('2mbit')
        case.watch_here(6)
        fresh = 0
        while fresh < 5:  # and not by chance
            message = case.there.next('time')
            age = time.time() - message.time / 1000
            fresh = fresh + 1 if age < 2 else 0  # seconds; all that was published since would take much longer

    def test_a_network_that_slows_suddenly(self):
        """What is on the way then is little: it has left in a second or two, and state is new again."""
        if not self.machine:
            return
        wire, case = self.begin(100_000)
        case.watch_here(2)
        wire.slow('2mbit')
        self.assertLess(worst_age(case.there), 4)

    def test_an_edge_whose_network_slows_suddenly(self):
        """The broker takes all and passes on an eighth, so that the rest would queue there."""
        if not self.machine:
            return
        wire, to_viewers = self.machine.wire(1), self.machine.wire(2)
        nats = self.enterContext(NatsServer(address='0.0.0.0'))
        self.enterContext(Host(HERE / 'clock.lua', f'nats://127.0.0.1:{nats.port}', 100_000))
        port = free_port()
        edge = self.enterContext(Process([*self.machine.command, program(), 'edge', '--name', 'arm', '--port', str(port), '--host',
                                          to_viewers.address, '--broker', f'nats://{wire.near_address}:{nats.port}']))
        edge.wait_for('viewers get')
        viewer = self.enterContext(Viewer(port, 'time', address=to_viewers.address))
        viewer.next('time')
        wire.slow('2mbit')
        self.assertLess(worst_age(viewer), 4)


def worst_age(viewer, seconds=15):
    """In seconds, of what it gets meanwhile."""
    worst, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        worst = max(worst, time.time() - viewer.next('time').time / 1000)
    return worst


if __name__ == '__main__':
    unittest.main(verbosity=2)
