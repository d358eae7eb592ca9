"""Debian's Prometheus collects a server's figures, in both formats, and answers what the dashboard asks."""
import http.server
import json
import re
import tempfile
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from metrics import DEADLINE, MESSAGES, MetricsHost, Process, dashboard, expressions, find, free_port, libraries

TOKEN = 'secret-of-the-test'
CONFIGURATION = '''
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: openmetrics
    authorization:
      credentials: {token}
    static_configs:
      - targets: ['127.0.0.1:{port}']
  - job_name: text
    static_configs:
      - targets: ['127.0.0.1:{text_port}']
'''


class Prometheus(Process):
    """In a folder of its own; it answers soon after its start."""

    def __init__(self, folder, port, text_port):
        self.port = free_port()
        configuration = folder / 'prometheus.yml'
        configuration.write_text(CONFIGURATION.format(token=TOKEN, port=port, text_port=text_port))
        super().__init__([find('usr/bin/prometheus'), f'--config.file={configuration}', f'--storage.tsdb.path={folder}/data',
                          f'--web.listen-address=127.0.0.1:{self.port}', '--log.level=warn'],
                         cwd=folder, env={'LD_LIBRARY_PATH': libraries()})

    def ask(self, what, **query):
        url = f'http://127.0.0.1:{self.port}/api/v1/{what}?{urllib.parse.urlencode(query)}'
        with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
            return json.load(answer)['data']

    def series(self, query):
        return self.ask('query', query=query)['result']

    def wait_for_series(self, query, count):
        """Until it has collected so many; nothing tells when."""
        while self.process.poll() is None:
            try:
                found = self.series(query)
            except urllib.error.URLError:
                found = []
            if len(found) == count:
                return {one['metric']['job']: float(one['value'][1]) for one in found}
        raise AssertionError(self.transcript())


class TextOnly(http.server.BaseHTTPRequestHandler):
    """Asks the server as one does who knows no OpenMetrics."""
    target = ''

    def do_GET(self):
        request = urllib.request.Request(self.target, headers={'Authorization': f'Bearer {TOKEN}', 'Accept': 'text/plain'})
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            body = answer.read()
            self.send_response(200)
            self.send_header('Content-Type', answer.headers['Content-Type'])
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class PrometheusTest(unittest.TestCase):
    def setUp(self):
        self.host = self.enterContext(MetricsHost(f'token={TOKEN}'))
        self.host.exchange_messages(f'/?token={TOKEN}')
        handler = type('Handler', (TextOnly,), {'target': f'http://127.0.0.1:{self.host.port}/metrics'})
        between = self.enterContext(http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler))
        threading.Thread(target=between.serve_forever, daemon=True).start()
        self.addCleanup(between.shutdown)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        self.prometheus = self.enterContext(Prometheus(folder, self.host.port, between.server_port))

    def test_collects_both_formats(self):
        both = {'openmetrics': MESSAGES, 'text': MESSAGES}
        self.assertEqual(self.prometheus.wait_for_series('simws_messages_received_total', 2), both)
        self.assertEqual(self.prometheus.wait_for_series('up', 2), {'openmetrics': 1, 'text': 1})
        self.assertEqual(self.prometheus.wait_for_series('simws_topic_published_total{topic="arm/pose"}', 2), both)
        for name in ('pass', 'callback', 'step_lateness'):
            for job in ('openmetrics', 'text'):
                with self.subTest(name, job=job):
                    query = f'histogram_quantile(0.99, simws_{name}_seconds_bucket{{job="{job}"}})'
                    self.assertGreater(self.prometheus.wait_for_series(query, 1)[job], 0)
        self.judge_what_is_known_of_names()
        self.judge_expressions()

    def judge_what_is_known_of_names(self):
        known = self.prometheus.ask('metadata')
        self.assertIn({'type': 'histogram', 'help': 'How long callbacks of the script took.', 'unit': 'seconds'},
                      [{**one} for one in known['simws_callback_seconds']])
        kinds = {one['type'] for name, all_of_it in known.items() if name.startswith('simws_messages_sent') for one in all_of_it}
        self.assertEqual(kinds, {'counter'})

    def judge_expressions(self):
        """Those of the dashboard are understood, and have an answer."""
        board = json.loads(dashboard().read_text())
        for expression in expressions(board['panels']):
            for variable, value in (('$__rate_interval', '10s'), ('$instance', '.*'), ('$job', '.*')):
                expression = expression.replace(variable, value)
            self.assertNotIn('$', expression)
            with self.subTest(expression):
                plain = re.sub(r'rate\(([^\[]*)\[10s\]\)', r'\1', expression)
                self.assertTrue(self.prometheus.series(plain))
                self.prometheus.series(expression)


if __name__ == '__main__':
    unittest.main()
