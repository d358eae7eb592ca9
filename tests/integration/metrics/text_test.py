"""The text of `/metrics`: judged by Prometheus' own checker, and held to what the documentation and the dashboard name."""
import json
import re
import subprocess
import unittest

from metrics import DEADLINE, MESSAGES, ROOT, MetricsHost, dashboard, expressions, families, find, libraries, samples

OPENMETRICS = 'application/openmetrics-text;version=1.0.0'


class TextTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(MetricsHost())
        cls.host.exchange_messages()
        cls.media_type, cls.text = cls.host.metrics()

    def test_promtool_finds_nothing_wrong(self):
        done = subprocess.run([find('usr/bin/promtool'), 'check', 'metrics'], input=self.text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE,
                              env={'LD_LIBRARY_PATH': libraries()})
        self.assertEqual((done.returncode, done.stdout), (0, ''))

    def test_both_formats_have_the_same_names(self):
        self.assertEqual(self.media_type, 'text/plain; version=0.0.4; charset=utf-8')
        media_type, openmetrics = self.host.metrics(OPENMETRICS)
        self.assertEqual(media_type, 'application/openmetrics-text; version=1.0.0; charset=utf-8')
        self.assertEqual(samples(openmetrics), samples(self.text))
        self.assertTrue(openmetrics.endswith('\n# EOF\n'))

    def test_has_the_figures_of_the_server(self):
        for sample in (f'simws_messages_received_total {MESSAGES}', f'simws_messages_sent_total {MESSAGES}',
                       'simws_handshakes_total 1', f'simws_topic_published_total{{topic="arm/pose"}} {MESSAGES}',
                       'simws_topic_retained_keys{topic="arm/pose"} 1'):
            self.assertIn(f'\n{sample}\n', self.text)
        for histogram in ('pass', 'callback', 'step_lateness'):
            count = re.search(rf'^simws_{histogram}_seconds_count (\d+)$', self.text, re.MULTILINE)
            self.assertGreater(int(count[1]), 0, histogram)

    def test_the_documentation_has_all_of_it(self):
        page = (ROOT / 'docs/metrics.md').read_text()
        rows = re.findall(r'^\| `(simws_\w+)` \| (\w+) \| (.+) \|$', page, re.MULTILINE)
        self.assertEqual({name: (kind, words) for name, kind, words in rows}, families(self.text))

    def test_the_dashboard_names_nothing_else(self):
        known = samples(self.text)
        board = json.loads(dashboard().read_text())
        named = {name for expression in expressions(board['panels']) for name in re.findall(r'\bsimws_\w+', expression)}
        self.assertLessEqual(named, known)
        self.assertGreater(len(named), 15)
        variables = {variable['name']: variable for variable in board['templating']['list']}
        self.assertEqual(variables['datasource']['query'], 'prometheus')
        for name in re.findall(r'\bsimws_\w+', json.dumps(board['templating'])):
            self.assertIn(name, known)

    def test_every_panel_is_of_the_datasource_that_is_chosen(self):
        for panel in json.loads(dashboard().read_text())['panels']:
            if panel['type'] != 'row':
                self.assertEqual(panel['datasource'], {'type': 'prometheus', 'uid': '${datasource}'}, panel['title'])

    def test_a_token_guards_it(self):
        with MetricsHost('token=secret') as host:
            with self.assertRaisesRegex(AssertionError, '401'):
                host.metrics()
            self.assertIn('simws_refused_total 1\n', host.metrics(Authorization='Bearer secret')[1])


if __name__ == '__main__':
    unittest.main()
