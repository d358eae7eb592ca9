import pathlib
import tempfile
import unittest

from simws_bench import ROOT
from simws_bench.report import CHARTS, README_SERVERS, README_WORKS, between_marks, panel_title, publish, write
from simws_bench.peers import NAMES
from simws_bench.results import Results
from simws_bench.testing import results_of
from simws_bench.works import works_named

FIGURES = {'echo-64B-1': {'cpp': 5, 'beast': 10, 'raw': 4}, 'connect': {'cpp': 50, 'raw': 40}}


class ReportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_writes_a_page_and_the_charts_that_have_something(self):
        results = results_of(FIGURES)
        results.missing['uws'] = 'no checkout'
        results.add_error('connect', 'beast', 'it died')
        write(results, self.folder)
        page = (self.folder / 'RESULTS.md').read_text()
        self.assertEqual(sorted(path.name for path in (self.folder / 'charts').iterdir()), ['echo.svg', 'many.svg'])
        for part in ('charts/echo.svg', '## Goals', '| simWS, C++ | 5.0 | 1.25 | 0.50 |', '- uWebSockets: no checkout.',
                     '- Boost.Beast, connect, handshake, close: it died.', 'the median of rounds (3) of 1 s'):
            self.assertIn(part, page)
        self.assertNotIn('charts/live.svg', page)

    def test_says_what_was_measured_by_an_earlier_run(self):
        results = results_of(FIGURES)
        results.kept['connect'] = {'date': '2026-01-01', 'simws': 'one'}
        write(results, self.folder)
        self.assertIn('of 2026-01-01 with simWS one (rounds: 1): connect, handshake, close.',
                      (self.folder / 'RESULTS.md').read_text())

    def test_results_are_read_again(self):
        results = results_of(FIGURES)
        write(results, self.folder)
        self.assertEqual(Results.load(self.folder / 'results.json'), results)

    def test_tables_go_between_their_marks(self):
        text = 'before\n<!-- bench: a -->\nold\n<!-- /bench -->\nafter\n'
        self.assertEqual(between_marks(text, 'a', 'new\n'), text.replace('old', 'new'))
        with self.assertRaises(ValueError):
            between_marks(text, 'b', 'new\n')

    def test_publishes_in_the_pages_there_are(self):
        (self.folder / 'docs').mkdir()
        for page in ('README.md', 'docs/performance.md'):
            (self.folder / page).write_text((ROOT / page).read_text())
        publish(results_of(FIGURES), self.folder)
        self.assertIn('5.0 (0.50)', (self.folder / 'README.md').read_text())
        self.assertIn('≤ 0.9 × Boost.Beast', (self.folder / 'docs/performance.md').read_text())

    def test_titles_of_panels_are_as_wide_as_panels(self):
        for work in works_named(work for _, works in CHARTS.values() for work in works):
            self.assertLessEqual(len(f'{panel_title(work)} {work.metric.title}, {work.metric.unit}'), 60)

    def test_names_only_what_there_is(self):
        works_named([*README_WORKS, *(work for _, works in CHARTS.values() for work in works)])
        self.assertLessEqual(set(README_SERVERS), set(NAMES))


if __name__ == '__main__':
    unittest.main()
