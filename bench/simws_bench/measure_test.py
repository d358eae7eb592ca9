import io
import unittest

from simws_bench.measure import Clock, Plan, measure_all
from simws_bench.programs import pass_figures, percentile
from simws_bench.progress import Progress
from simws_bench.results import NONE, Results
from simws_bench.servers import BenchError
from simws_bench.works import works_named


class FakeServers:
    """Each measurement is the next number; `failing` servers have none, `plain` ones no permessage-deflate."""

    def __init__(self, failing=(), plain=()):
        self.failing, self.plain, self.asked = failing, plain, []

    def measure(self, name, role, options, server_cpu, client_cpu):
        self.asked.append((name, role))
        if name in self.failing:
            raise BenchError('it died')
        return {'server_us_per_message': len(self.asked), 'deflate': 0 if name in self.plain else 1}


def measure(plan, servers):
    results = Results()
    measure_all(plan, servers, results, Progress(plan.count(), io.StringIO()))
    return results


class MeasureTest(unittest.TestCase):
    def test_servers_take_turns(self):
        servers = FakeServers()
        results = measure(Plan(works_named(['echo-64B-1']), ('cpp', 'beast'), rounds=2), servers)
        self.assertEqual([name for name, _ in servers.asked], ['cpp', 'beast', 'cpp', 'beast'])
        self.assertEqual(results.median('echo-64B-1', 'beast', 'server_us_per_message'), 3)

    def test_who_failed_is_not_asked_again(self):
        servers = FakeServers(failing=('beast',))
        results = measure(Plan(works_named(['echo-64B-1']), ('cpp', 'beast'), rounds=3), servers)
        self.assertEqual(len(servers.asked), 4)
        self.assertEqual(results.error('echo-64B-1', 'beast'), 'it died')

    def test_who_has_no_compression_is_shown_as_such(self):
        results = measure(Plan(works_named(['deflate']), ('raw', 'beast', 'ws'), rounds=1), FakeServers(plain=('ws',)))
        self.assertEqual([results.error('deflate', name) for name in ('raw', 'beast', 'ws')], [NONE, None, NONE])

    def test_what_comes_after_the_limit_is_left_out(self):
        servers = FakeServers()
        results = measure(Plan(works_named(['echo-64B-1']), ('cpp',), rounds=1, limit=1e-9), servers)
        self.assertEqual(servers.asked, [])
        self.assertIn('no time left', results.error('echo-64B-1', 'cpp'))

    def test_where_time_is_short_those_go_without_who_matter_least(self):
        times = iter([0, 40, 40, 60, 60, 100])
        clock = Clock(100, lambda: next(times))
        self.assertTrue(clock.has_time('ws', 0.4))
        self.assertTrue(clock.has_time('cpp', 0.4))
        self.assertFalse(clock.has_time('ws', 0.4))
        self.assertTrue(clock.has_time('raw', 0.4))
        self.assertFalse(clock.has_time('raw', 0.9))

    def test_progress_says_what_remains(self):
        times = iter([0, 10, 10, 10])
        stream = io.StringIO()
        progress = Progress(4, stream, lambda: next(times))
        self.assertEqual(progress.text('echo', 'beast', 1), '[1/4] echo: beast, round 1')
        progress.finish()
        self.assertEqual(progress.text('echo', 'cpp', 1), '[2/4] echo: cpp, round 1; 3 to go, 0:30 left')

    def test_quick_options_take_the_place_of_others(self):
        idle, = works_named(['idle'])
        self.assertIn('10000', idle.arguments())
        self.assertEqual(idle.arguments(is_quick=True), ['--mode', 'idle', '--connections', '1000'])


class ProgramsTest(unittest.TestCase):
    def test_percentile_is_the_nearest_rank(self):
        values = list(range(100, 0, -1))
        self.assertEqual([percentile(values, share) for share in (0, 0.5, 0.99, 0.991, 1)], [1, 50, 99, 100, 100])
        self.assertEqual(percentile([7], 0.999), 7)

    def test_figures_of_passes_are_found(self):
        text = ('idle pass, one server             13 ns\n'
                '64 B received and answered       617 ns\n'
                '  of it the plugin               531 ns\n')
        self.assertEqual(pass_figures(text), {'idle_ns': 13, 'message_ns': 531})
        with self.assertRaises(BenchError):
            pass_figures('nothing')


if __name__ == '__main__':
    unittest.main()
