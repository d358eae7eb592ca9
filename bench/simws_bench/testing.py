"""What the tests of this package share."""

from simws_bench.results import Results

MACHINE = {'date': '2026-01-02', 'processor': 'a processor', 'cores': 2, 'kernel': '6.1', 'system': 'a system',
           'load': 0.1, 'simws': 'abc', 'versions': {'Boost': '1.81'}}
SETTINGS = {'rounds': 3, 'seconds': 1.0, 'is_quick': False, 'connections': None}


def results_of(figures, key='server_us_per_message'):
    """`figures` has runs by work and server: one figure each, or a list."""
    results = Results(dict(MACHINE), dict(SETTINGS))
    for work, servers in figures.items():
        for server, values in servers.items():
            for value in values if isinstance(values, list) else [values]:
                results.add(work, server, {key: value})
    return results
