"""What waits to be sent to one connection, however its script is driven: counted once, bounded once."""
import time
import unittest

from bounds import (BESIDE, DEADLINE, DIRECT, MIB, BoundsTest, each_drive, host, plain_lua, plain_python,
                    python_host)
from raw_client import CLOSE, TEXT, frame

LIMIT = 10 * MIB
SYSTEM = 5 * MIB  # what the system may take meanwhile, for one that doesn't read: 4 MiB by default


class Queues(BoundsTest):
    def fill(self, drive):
        """Accepted bytes, and the most that waited."""
        self.serve(drive, maxQueuedBytes=LIMIT, closeTimeout=0.2)
        self.mute = self.client('/mute', receive_buffer=4096)
        self.boss = self.client('/boss')
        self.heard('^open mute$')
        accepted, highest = self.numbers(self.tell(self.boss, f'fill mute 4000 {1 << 14}'))
        self.assertLessEqual(highest, LIMIT)
        self.assertGreater(accepted, LIMIT / 2)
        return accepted

    def check_end(self):
        """The one that doesn't read is closed, nobody else is, and nothing is left in the books."""
        self.heard('^close mute 1013$')
        self.heard('maxQueuedBytes', 'stderr')
        self.assertEqual(len(self.lines('maxQueuedBytes')), 1, self.script.transcript())
        self.wait_until_nothing_waits('boss')
        self.assertEqual(self.lines('^close boss', 'stdout'), [])

    def wait_until_nothing_waits(self, name):
        """But for the answer that says so, which isn't queued before it's asked for."""
        end = time.monotonic() + DEADLINE
        while self.numbers(answer := self.tell(self.boss, f'queued {name}')) != [0, 0]:
            self.assertLess(time.monotonic(), end, answer)
            self.assertGreaterEqual(min(self.numbers(answer)), 0)
            self.assertLessEqual(max(self.numbers(answer)), LIMIT)


@each_drive(tuple(DIRECT))
class InTheLoop(Queues):
    def test_a_callback_queues_no_more_than_the_limit(self, drive):
        self.assertLessEqual(self.fill(drive), LIMIT)
        self.check_end()


@each_drive(tuple(BESIDE))
class BesideTheLoop(Queues):
    def test_a_callback_queues_no_more_than_the_limit(self, drive):
        self.assertLessEqual(self.fill(drive), LIMIT + SYSTEM)
        self.check_end()


@each_drive()
class Books(Queues):
    def test_one_in_a_fragmented_message_pays_for_no_broadcast(self, drive):
        self.serve(drive)
        ann = self.client('/ann')
        self.boss = self.client('/boss')
        self.heard('^open ann$')
        self.assertEqual(self.tell(self.boss, 'begin ann'), 'begun')
        for _ in range(3):
            self.boss.send(frame(TEXT, b'broadcast'))
            self.assertEqual(self.boss.receive_frame(), (TEXT, b'b' * 100))
            self.assertEqual(self.boss.receive_frame(), (TEXT, b'broadcast for 1'))
        self.wait_until_nothing_waits('ann')
        self.assertEqual(self.tell(self.boss, 'finish ann'), 'finished')
        self.assertEqual(ann.receive_frame(), (TEXT, b'first '))
        self.assertEqual(ann.receive_frame(), (0, b'last'))
        self.wait_until_nothing_waits('ann')
        self.assertEqual(self.tell(ann, 'still here'), 'still here')

    def test_no_message_comes_after_close(self, drive):
        """Those behind it have been received already: they came in one piece."""
        self.serve(drive, closeTimeout=0.2)
        leaver = self.client('/leaver')
        leaver.send(frame(TEXT, b'before') + frame(TEXT, b'leave') + frame(TEXT, b'behind') * 1000)
        self.assertEqual(leaver.receive_frame(), (TEXT, b'before'))
        self.assertEqual(leaver.receive_frame(), (CLOSE, b'\x0f\xa0as asked'))
        leaver.send(frame(TEXT, b'behind') * 10 + frame(CLOSE, b'\x0f\xa0'))
        self.heard('^close leaver 4000$')
        self.assertEqual(self.lines('after close', 'stdout'), [])
        self.assertEqual(self.tell(self.client('/other'), 'still here'), 'still here')


@each_drive(tuple((way, 'late') for way in (host, plain_lua, python_host, plain_python)))
class BeforeRun(Queues):
    def test_what_came_before_run_is_answered_at_no_cost(self, drive):
        self.serve(drive)
        self.boss = self.client('/boss')
        for _ in range(3):
            self.boss.send(frame(TEXT, b'broadcast'))
        for _ in range(3):
            self.assertEqual(self.boss.receive_frame(), (TEXT, b'b' * 100))
            self.assertEqual(self.boss.receive_frame(), (TEXT, b'broadcast for 1'))
        self.assertEqual(self.tell(self.boss, 'still here'), 'still here')
        self.wait_until_nothing_waits('boss')
        self.assertEqual(self.lines('^close', 'stdout'), [])


if __name__ == '__main__':
    unittest.main()
