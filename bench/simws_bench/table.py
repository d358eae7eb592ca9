"""Tables in Markdown."""

from simws_bench.goals import MET, MISSED, NOT_MEASURED, judge
from simws_bench.peers import CLIENT, PEERS, peer_named
from simws_bench.results import NONE, REFERENCES, ratio
from simws_bench.works import WORKS


def number(value):
    """With as many digits as say something: 0.46, 7.4, 68, 1,006."""
    if value is None:
        return '—'
    digits = 2 if abs(value) < 2 else 1 if abs(value) < 20 else 0
    return f'{value:,.{digits}f}'


def markdown(head, rows, left=1):
    """The first `left` columns are words, the others are figures."""
    rule = ['---' if index < left else '---:' for index in range(len(head))]
    return '\n'.join('| ' + ' | '.join(map(str, row)) + ' |' for row in (head, rule, *rows)) + '\n'


def reference_of(results):
    measured = {server for work in results.runs.values() for server in work}
    return next((name for name in REFERENCES if name in measured), None)


def ratio_text(value, reference):
    found = ratio(value, reference)
    return '' if found is None else f'{found:.2f}'


def why_empty(results, work, server):
    error = results.error(work, server)
    return 'none' if error == NONE else '—' if error is None else 'failed'


def summary(results, works=WORKS, servers=None, reference=None):
    """A row for each work that was measured, a column for each server; in brackets the ratio to the reference."""
    names = [peer.name for peer in PEERS if servers is None or peer.name in servers]
    measured = [work for work in works if results.servers(work.name) and work.group not in ('client', 'simulation')]
    names = [name for name in names if any(name in results.servers(work.name) for work in measured)]
    if not measured:
        return ''
    rows = []
    for work in measured:
        base = results.value(work.name, reference, work.metric) if reference else None
        cells = [f'{work.title}, {work.metric.title}, {work.metric.unit}']
        for name in names:
            value = results.value(work.name, name, work.metric)
            relative = ratio_text(value, base) if name != reference else ''
            cells.append(why_empty(results, work.name, name) if value is None else
                         number(value) + (f' ({relative})' if relative else ''))
        rows.append(cells)
    return markdown(['', *(peer_named(name).title for name in names)], rows)


def details(results, work, reference=None):
    """A row for each server: all figures of one work."""
    others = dict.fromkeys(name for name in (reference, 'raw', 'beast', 'beast-client') if name)
    bases = {name: base for name in others if (base := results.value(work.name, name, work.metric)) is not None}
    has_load = not work.programs
    head = ['server', *(f'{metric.title}, {metric.unit}' for metric in work.metrics),
            *(f'÷ {peer_named(key).title}' for key in bases)]
    if has_load:
        busy = ['client busy', 'server busy'] if work.role == CLIENT else ['server busy', 'client busy']
        head += [f'{plural(work.each)} a second', 'peak memory, MiB', f'faults for each {work.each}', *busy]
    rows = [row(results, work, name, bases, has_load) for name in ordered(results, work)]
    return markdown(head, rows)


def plural(word):
    return word.removesuffix('y') + 'ies' if word.endswith('y') else word + 's'


def ordered(results, work):
    return sorted(results.servers(work.name), key=lambda name: results.value(work.name, name, work.metric) or 0)


def row(results, work, name, bases, has_load):
    values = [results.value(work.name, name, metric) for metric in work.metrics]
    cells = [peer_named(name).title, *map(number, values), *(ratio_text(values[0], base) for base in bases.values())]
    if not has_load:
        return cells
    rate, peak, faults, server, client = (results.median(work.name, name, key) for key in (
        'messages_per_second', 'peak_bytes', 'faults_per_message', 'server_busy', 'client_busy'))
    return [*cells, f'{rate or 0:,.0f}', number((peak or 0) / (1 << 20)), number(faults), f'{server or 0:.0%}',
            f'{client or 0:.0%}']


def goal_table(results):
    """Those that could be judged."""
    rows = []
    for judgement in judge(results):
        if judgement.result == NOT_MEASURED:
            continue
        goal = judgement.goal
        rows.append([goal.title(), peer_named(goal.server).title, goal.text(),
                     f'{number(judgement.value)} {goal.metric.unit}'.strip(),
                     '' if judgement.ratio is None else f'{judgement.ratio:.2f}', judgement.result])
    return markdown(['goal', 'server', 'allowed', 'measured', 'ratio', ''], rows, left=3)


def goal_count(judgements):
    met = sum(judgement.result == MET for judgement in judgements)
    missed = sum(judgement.result == MISSED for judgement in judgements)
    return f'{met} met, {missed} missed, {len(judgements) - met - missed} not measured'
