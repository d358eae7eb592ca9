import unittest

from simws_bench.goals import GOALS, MET, MISSED, NOT_MEASURED, Goal, Growth, Most, Times, TimesBest, TimesOwn, is_any_missed
from simws_bench.peers import NAMES
from simws_bench.testing import results_of
from simws_bench.works import CPU_MS, MEMORY, WORKS


class GoalTest(unittest.TestCase):
    def test_is_met_up_to_its_factor(self):
        goal = Goal('echo-64B-1', 'cpp', (Times(0.9, 'beast'),))
        met = goal.judge(results_of({'echo-64B-1': {'cpp': 9, 'beast': 10}}))
        self.assertEqual((met.result, met.ratio), (MET, 0.9))
        missed = goal.judge(results_of({'echo-64B-1': {'cpp': 9.1, 'beast': 10}}))
        self.assertEqual(missed.result, MISSED)
        self.assertTrue(is_any_missed([met, missed]))
        self.assertFalse(is_any_missed([met]))

    def test_allows_the_greater_of_two_limits(self):
        goal = Goal('echo-64B-1', 'cpp', (Times(0.95, 'uws'), Times(1.05, 'raw')))
        judged = goal.judge(results_of({'echo-64B-1': {'cpp': 10.4, 'uws': 10, 'raw': 10}}))
        self.assertEqual((judged.result, judged.allowed), (MET, 10.5))
        self.assertEqual(goal.judge(results_of({'echo-64B-1': {'cpp': 10.4, 'uws': 12, 'raw': 9}})).ratio, 10.4 / 12)

    def test_without_what_it_compares_is_not_measured(self):
        goal = Goal('echo-64B-1', 'cpp', (Times(0.9, 'beast'),))
        for servers in ({}, {'cpp': 1}, {'beast': 1}):
            judged = goal.judge(results_of({'echo-64B-1': servers}))
            self.assertEqual(judged.result, NOT_MEASURED)
            self.assertFalse(is_any_missed([judged]))

    def test_raw_sockets_stand_for_uwebsockets_that_is_not_there(self):
        goal = Goal('echo-16K-16', 'cpp', (Times(0.9, 'uws'),))
        judged = goal.judge(results_of({'echo-16K-16': {'cpp': 9, 'raw': 10}}))
        self.assertEqual((judged.result, round(judged.allowed, 3)), (MET, 15.57))
        measured = goal.judge(results_of({'echo-16K-16': {'cpp': 9, 'raw': 10, 'uws': 5}}))
        self.assertEqual(measured.result, MISSED)

    def test_growth_is_beyond_that_of_raw_sockets(self):
        goal = Goal('echo-1000', 'cpp', (Growth(1.15, 'echo-64B-1'),))
        figures = {'echo-64B-1': {'cpp': 10, 'raw': 10}, 'echo-1000': {'cpp': 23, 'raw': 20}}
        self.assertEqual(goal.judge(results_of(figures)).result, MET)
        figures['echo-1000']['cpp'] = 24
        self.assertEqual(goal.judge(results_of(figures)).result, MISSED)

    def test_the_best_of_several_counts(self):
        goal = Goal('deflate', 'cpp', (TimesBest(0.8, ('beast', 'websocketpp')),))
        self.assertEqual(goal.judge(results_of({'deflate': {'cpp': 8, 'beast': 10, 'websocketpp': 11}})).result, MET)
        self.assertEqual(goal.judge(results_of({'deflate': {'cpp': 8, 'beast': 11, 'websocketpp': 9}})).result, MISSED)
        self.assertEqual(goal.judge(results_of({'deflate': {'cpp': 8}})).result, NOT_MEASURED)

    def test_its_own_figure_of_another_work(self):
        goal = Goal('fan-out-deflate', 'cpp', (TimesOwn(1.3, 'fan-out-json'),))
        figures = {'fan-out-json': {'cpp': 10}, 'fan-out-deflate': {'cpp': 13}}
        self.assertEqual(goal.judge(results_of(figures)).result, MET)
        figures['fan-out-deflate']['cpp'] = 14
        self.assertEqual(goal.judge(results_of(figures)).result, MISSED)

    def test_an_absolute_limit_is_in_the_metrics_unit(self):
        goal = Goal('idle', 'cpp', (Most(1024),), MEMORY)
        self.assertEqual(goal.judge(results_of({'idle': {'cpp': 1024}}, MEMORY.key)).result, MET)
        self.assertEqual(goal.text(), '≤ 1024 B')
        slow = Goal('big-16M-binary', 'cpp', (Most(10),), CPU_MS)
        self.assertEqual(slow.judge(results_of({'big-16M-binary': {'cpp': 11000}})).result, MISSED)

    def test_the_median_counts(self):
        goal = Goal('echo-64B-1', 'cpp', (Most(5),))
        self.assertEqual(goal.judge(results_of({'echo-64B-1': {'cpp': [4, 100, 5]}})).value, 5)

    def test_all_goals_are_of_works_and_servers_there_are(self):
        works = {work.name: work for work in WORKS}
        for goal in GOALS:
            self.assertIn(goal.server, NAMES)
            if works[goal.work].programs:
                self.assertIn(goal.server, works[goal.work].programs)


if __name__ == '__main__':
    unittest.main()
