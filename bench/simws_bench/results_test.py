"""What was measured, kept and replaced."""

import unittest

from simws_bench.testing import results_of


class ResultsTest(unittest.TestCase):
    def test_a_newer_run_replaces_its_works_as_a_whole(self):
        older = results_of({'echo-64B-1': {'cpp': 1, 'raw': 2}, 'connect': {'cpp': 3, 'raw': 4}})
        older.add_error('connect', 'python', 'broken')
        older.add_error('idle', 'python', 'broken')
        newer = results_of({'connect': {'cpp': 5, 'python': 6}})
        both = older.replaced_by(newer)
        self.assertEqual(both.servers('echo-64B-1'), ['cpp', 'raw'])
        self.assertEqual(both.servers('connect'), ['cpp', 'python'])
        self.assertEqual(both.runs['connect'], newer.runs['connect'])
        self.assertIsNone(both.error('connect', 'python'))
        self.assertEqual(both.error('idle', 'python'), 'broken')

    def test_what_is_kept_has_the_date_and_version_of_its_run(self):
        first = results_of({'echo-64B-1': {'cpp': 1}, 'connect': {'cpp': 2}, 'idle': {'cpp': 3}})
        first.machine.update(date='2026-01-01', simws='one')
        second, third = results_of({'connect': {'cpp': 4}}), results_of({'idle': {'cpp': 5}})
        second.machine.update(date='2026-01-02', simws='two')
        third.machine.update(date='2026-01-03', simws='three')
        all_three = first.replaced_by(second).replaced_by(third)
        self.assertEqual(all_three.kept, {'echo-64B-1': {'date': '2026-01-01', 'simws': 'one'},
                                          'connect': {'date': '2026-01-02', 'simws': 'two'}})


if __name__ == '__main__':
    unittest.main()
