import unittest

from simws_bench.goals import judge
from simws_bench.results import NONE
from simws_bench.table import details, goal_count, goal_table, markdown, number, ordered, reference_of, summary
from simws_bench.testing import results_of
from simws_bench.works import works_named

WORK, = works_named(['echo-64B-1'])


class TableTest(unittest.TestCase):
    def test_a_number_has_the_digits_that_say_something(self):
        self.assertEqual([number(value) for value in (None, 0, 0.456, 7.44, 42.3, 1006.4)],
                         ['—', '0.00', '0.46', '7.4', '42', '1,006'])

    def test_figures_stand_to_the_right(self):
        self.assertEqual(markdown(['a', 'b'], [['x', 1]]), '| a | b |\n| --- | ---: |\n| x | 1 |\n')

    def test_summary_has_the_ratio_to_the_reference(self):
        results = results_of({'echo-64B-1': {'cpp': 5, 'beast': 10}})
        table = summary(results, reference='beast')
        self.assertIn('| simWS, C++ | Boost.Beast |', table)
        self.assertIn('5.0 (0.50) | 10.0 |', table)

    def test_summary_says_who_has_nothing_and_who_failed(self):
        results = results_of({'echo-64B-1': {'cpp': 5, 'beast': 1, 'uws': 1}, 'deflate': {'uws': 3}})
        results.add_error('deflate', 'cpp', NONE)
        results.add_error('deflate', 'beast', 'it died')
        self.assertIn('| none | 3.0 | failed |', summary(results))

    def test_details_are_in_order(self):
        results = results_of({'echo-64B-1': {'beast': 10, 'cpp': 5, 'raw': 4}})
        self.assertEqual(ordered(results, WORK), ['raw', 'cpp', 'beast'])
        table = details(results, WORK, 'raw')
        self.assertIn('| server | server CPU, µs | ÷ raw sockets | ÷ Boost.Beast |', table)
        self.assertIn('| simWS, C++ | 5.0 | 1.25 | 0.50 |', table)

    def test_the_reference_is_the_best_that_was_measured(self):
        self.assertIsNone(reference_of(results_of({'echo-64B-1': {'cpp': 1}})))
        self.assertEqual(reference_of(results_of({'echo-64B-1': {'beast': 1, 'raw': 1}})), 'raw')

    def test_goals_are_counted(self):
        results = results_of({'echo-64B-1': {'cpp': 5, 'lua': 20, 'beast': 10}})
        table = goal_table(results)
        self.assertIn('| 64 B, one in flight: server CPU | simWS, C++ | ≤ 0.9 × Boost.Beast | 5.0 µs | 0.50 | met |',
                      table)
        self.assertIn('| ≤ 1 × Boost.Beast | 20 µs | 2.00 | MISSED |', table)
        self.assertNotIn('not measured', table)
        self.assertRegex(goal_count(judge(results)), r'^1 met, 1 missed, \d+ not measured$')


if __name__ == '__main__':
    unittest.main()
