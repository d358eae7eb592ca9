"""What was measured: for each work and server its runs, or why there are none."""

import json
import statistics
from dataclasses import dataclass, field

NONE = 'none'  # the server has nothing of the kind
REFERENCES = ('uws', 'raw', 'beast')  # what ratios are to: the first of them that was measured


@dataclass
class Results:
    machine: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)  # reasons, by server
    runs: dict = field(default_factory=dict)  # lists of dicts, by work and server
    errors: dict = field(default_factory=dict)  # texts, by work and server
    kept: dict = field(default_factory=dict)  # date and version, by work that was measured by an earlier run

    def add(self, work, server, run):
        self.runs.setdefault(work, {}).setdefault(server, []).append(run)

    def add_error(self, work, server, text):
        self.errors.setdefault(work, {})[server] = text

    def error(self, work, server):
        return self.errors.get(work, {}).get(server)

    def median(self, work, server, key):
        """None: not measured."""
        values = [run[key] for run in self.runs.get(work, {}).get(server, ()) if run.get(key) is not None]
        return statistics.median(values) if values else None

    def value(self, work, server, metric):
        found = self.median(work, server, metric.key)
        return None if found is None else found * metric.scale

    def works(self):
        return [*self.runs, *(work for work in self.errors if work not in self.runs)]

    def servers(self, work):
        return list(self.runs.get(work, {}))

    def replaced_by(self, newer):
        """These, with the works that are in the newer ones as they are there: a work's servers were measured in one run."""
        older = [work for work in self.works() if work not in newer.works()]
        origin = {name: self.machine.get(name) for name in ('date', 'simws')}
        return Results(newer.machine, newer.settings, newer.missing,
                       {**{work: self.runs[work] for work in older if work in self.runs}, **newer.runs},
                       {**{work: self.errors[work] for work in older if work in self.errors}, **newer.errors},
                       {work: self.kept.get(work, origin) for work in older})

    def rounds(self, work):
        return max((len(runs) for runs in self.runs.get(work, {}).values()), default=0)

    def save(self, path):
        path.write_text(json.dumps(vars(self), indent=1, ensure_ascii=False) + '\n')

    @classmethod
    def load(cls, path):
        return cls(**json.loads(path.read_text()))


def ratio(value, reference):
    return None if value is None or not reference else value / reference
