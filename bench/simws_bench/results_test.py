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


if __name__ == '__main__':
    unittest.main()
