"""Writes what was measured: RESULTS.md, the charts, and the tables of README and docs."""

import re

from simws_bench import ROOT
from simws_bench.chart import Bar, Panel, chart
from simws_bench.goals import judge
from simws_bench.peers import peer_named
from simws_bench.results import NONE
from simws_bench.table import details, goal_count, goal_table, ordered, reference_of, summary
from simws_bench.works import GROUPS, WORKS, works_named

COMMAND = 'bench/run'
CHARTS = {
    'echo': ('Server CPU time for an echoed message', ('echo-64B-1', 'echo-64B-16', 'echo-1K-1', 'echo-1K-16')),
    'large': ('Server CPU time for an echo of large messages',
              ('echo-16K-utf8', 'echo-16K-16', 'big-1M-binary', 'big-16M-binary')),
    'many': ('Many connections', ('fan-out-1', 'fan-out-16', 'connect', 'idle')),
    'live': ('Latency, and the age of a stream', ('latency-1000', 'latency-10000', 'latency-30000', 'age')),
}
PANEL_KINDS = {'echo': 'Echo', 'big': 'Echo', 'fan-out': 'Fan-out', 'latency': 'Latency'}
README_WORKS = ('echo-64B-1', 'echo-64B-16', 'echo-1K-1', 'echo-1K-16', 'echo-16K-utf8', 'echo-16K-16',
                'big-16M-binary', 'fan-out-16', 'connect', 'idle')
README_SERVERS = ('cpp', 'lua', 'python', 'uws', 'beast', 'websocketpp', 'ws', 'websockets-uvloop', 'aiohttp-uvloop',
                  'raw')


def write(results, folder):
    """RESULTS.md and charts/ in the folder."""
    charts = folder / 'charts'
    charts.mkdir(parents=True, exist_ok=True)
    drawn = [name for name in CHARTS if write_chart(results, name, charts / f'{name}.svg')]
    (folder / 'RESULTS.md').write_text(page(results, drawn))
    results.save(folder / 'results.json')


def write_chart(results, name, path):
    """False: nothing of it was measured."""
    title, works = CHARTS[name]
    panels = [panel(results, work) for work in works_named(works) if results.servers(work.name)]
    if panels:
        path.write_text(chart(title, panels))
    return bool(panels)


def panel(results, work):
    bars = tuple(Bar(peer_named(name).title, value, peer_named(name).is_ours) for name in ordered(results, work)
                 if (value := results.value(work.name, name, work.metric)) is not None)
    return Panel(panel_title(work), f'{work.metric.title}, {work.metric.unit}', bars)


def panel_title(work):
    kind = PANEL_KINDS.get(work.group)
    return f'{kind}: {work.title}' if kind else heading(work)


def page(results, drawn):
    reference = reference_of(results)
    parts = [f'# Results of `{COMMAND}`\n', conditions(results), '## Goals\n', goal_count(judge(results)) + '.\n',
             goal_table(results), '## All\n', about_ratios(reference), summary(results, reference=reference)]
    parts += [f'![{CHARTS[name][0]}](charts/{name}.svg)\n' for name in drawn]
    for group, title in GROUPS.items():
        works = [work for work in WORKS if work.group == group and results.servers(work.name)]
        if works:
            parts.append(f'## {title}\n')
        for work in works:
            parts += [f'### {heading(work)}\n', details(results, work, reference)]
    return '\n'.join([*parts, left_out(results)])


def heading(work):
    return work.title[0].upper() + work.title[1:]


def about_ratios(reference):
    told = f' In brackets the ratio to {peer_named(reference).title} in the same run.' if reference else ''
    return f'Lower is better everywhere.{told}\n'


def conditions(results):
    machine, settings = results.machine, results.settings
    versions = ', '.join(f'{name} {version}' for name, version in machine.get('versions', {}).items())
    kind = 'A quick run: for a look, not for comparison. ' if settings.get('is_quick') else ''
    if ended := settings.get('ended_after'):
        kind += f'Interrupted after {ended}. '
    if limit := settings.get('connections'):
        kind += f'{limit} connections at the most, whatever a title says. '
    return (f'{kind}{machine.get("date")}, {machine.get("system")}, Linux {machine.get("kernel")}, '
            f'{machine.get("cores")} × {machine.get("processor")}; load average {machine.get("load")} at the beginning. '
            f'simWS {machine.get("simws")}; {versions}.\n\n'
            f'Each figure is the median of rounds ({settings.get("rounds")}) of {settings.get("seconds"):g} s, taken in '
            'turns over the servers, each in a fresh process that is pinned to one core, with the load on another. '
            'Every byte that comes back is compared. Peak memory counts from before the first connection; faults are '
            'minor and major ones of the measured part.\n' + kept_works(results))


def kept_works(results):
    """Which were measured by an earlier run, and by which; each is compared with what was measured with it."""
    titles = {}
    for work in results.works():
        if origin := results.kept.get(work):
            key = (origin['date'], origin['simws'], results.rounds(work))
            titles.setdefault(key, []).append(works_named([work])[0].title)
    return ''.join(f'\nBy an earlier run, of {date} with simWS {version} (rounds: {rounds}): {"; ".join(names)}.\n'
                   for (date, version, rounds), names in titles.items())


def left_out(results):
    reasons = [f'- {peer_named(name).title}: {reason}.' for name, reason in results.missing.items()]
    works = {}
    for work, errors in results.errors.items():
        for server, error in errors.items():
            works.setdefault((server, error.splitlines()[-1]), []).append(works_named([work])[0].title)
    reasons += [f'- {peer_named(server).title}, {"; ".join(titles)}: {error}.'
                for (server, error), titles in works.items() if error != NONE]
    return '## Not measured\n\n' + ('\n'.join(reasons) or 'Nothing was left out.') + '\n'


def between_marks(text, name, content):
    """The text with the part between `<!-- bench: name -->` and `<!-- /bench -->` replaced."""
    pattern = re.compile(rf'(<!-- bench: {name} -->\n).*?(<!-- /bench -->)', re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f'there is no <!-- bench: {name} -->')
    return pattern.sub(lambda found: found[1] + content + found[2], text)


def publish(results, root=ROOT):
    """The tables of README.md and docs/performance.md."""
    reference = 'beast' if results.servers('echo-64B-1') and 'beast' in results.servers('echo-64B-1') else \
        reference_of(results)
    replace(root / 'README.md', 'summary', summary(results, works_named(README_WORKS), README_SERVERS, reference))
    replace(root / 'docs/performance.md', 'all', summary(results, reference=reference_of(results)))
    replace(root / 'docs/performance.md', 'goals', goal_table(results))


def replace(path, name, content):
    path.write_text(between_marks(path.read_text(), name, content))
