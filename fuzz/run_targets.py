"""Runs fuzz targets that are built, each for a time, and shows how they get on. See fuzz/run."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
EVERY = 1  # seconds between two looks
TELL_EVERY = 30  # seconds between two lines where no terminal is
GRACE = 120  # seconds more that a target may take, to read its corpus and to end
STATUS = re.compile(r'#(\d+)\s+\w+\s+cov: (\d+) .*?corp: (\d+).*?exec/s: (\d+)')
ENVIRONMENT = {'ASAN_OPTIONS': 'detect_leaks=1', 'UBSAN_OPTIONS': 'print_stacktrace=1:halt_on_error=1'}


def clock_text(seconds):
    return f'{int(seconds) // 60}:{int(seconds) % 60:02}'


class Target:
    """One program of libFuzzer's. What it learns lies in the build's folder, beside the corpus of the sources."""

    def __init__(self, build, name):
        self.name = name
        self.program = build / 'fuzz' / f'fuzz_{name}'
        self.learned = build / 'fuzz-corpus' / name
        self.findings = build / 'fuzz-findings' / name
        self.log = build / 'fuzz-findings' / f'{name}.log'
        self.runs = self.coverage = self.corpus = self.per_second = 0
        self.begun = self.code = None

    def start(self, seconds):
        for folder in (self.learned, self.findings):
            folder.mkdir(parents=True, exist_ok=True)
        self.before = set(self.findings.iterdir())
        seeds = [HERE / kind / self.name for kind in ('corpus', 'regressions')]
        command = [self.program, f'-max_total_time={seconds}', f'-artifact_prefix={self.findings}/',
                   '-print_final_stats=1', self.learned, *filter(pathlib.Path.is_dir, seeds)]
        self.seconds, self.begun = seconds, time.monotonic()
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, errors='replace',
                                        env={**os.environ, **ENVIRONMENT})
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        with open(self.log, 'w') as log, self.process.stderr as lines:
            for line in lines:
                log.write(line)
                if found := STATUS.match(line):
                    self.runs, self.coverage, self.corpus, self.per_second = map(int, found.groups())

    def has_ended(self):
        """A target that doesn't end is ended."""
        if time.monotonic() - self.begun > self.seconds + GRACE:
            self.process.kill()
        self.code = self.process.poll()
        if self.code is None:
            return False
        self.reader.join()
        return True

    def seconds_left(self):
        return max(0, self.seconds - (time.monotonic() - self.begun))

    def figures(self):
        return f'{self.name}: {self.runs:,} runs, {self.per_second:,}/s, coverage {self.coverage:,}'

    def found(self):
        return sorted(set(self.findings.iterdir()) - self.before)

    def is_good(self):
        return self.code == 0 and not self.found()

    def verdict(self):
        if self.is_good():
            return 'nothing found'
        lines = [f'FOUND; its log is {self.log}']
        if not self.found():
            lines = [f'ENDED with {self.code}, and left no input; its log is {self.log}']
        for path in self.found():
            lines.append(f'    replay: {self.program} {path}')
            lines.append(f'    once it is mended: cp {path} {HERE}/regressions/{self.name}/')
        return '\n'.join(lines)


class Show:
    """On a terminal one line that is overwritten; elsewhere a line for each target now and then."""

    def __init__(self, stream=sys.stderr):
        self.stream, self.is_terminal = stream, stream.isatty()
        self.told = time.monotonic()

    def tell(self, running, waiting):
        texts = [f'{target.figures()}, {clock_text(target.seconds_left())} left' for target in running]
        if waiting:
            texts[-1] += f'; {waiting} to go'
        if self.is_terminal:
            self.stream.write('\r\033[K' + ' | '.join(texts))
        elif time.monotonic() - self.told >= TELL_EVERY:
            self.told = time.monotonic()
            self.stream.write('\n'.join(texts) + '\n')
        self.stream.flush()

    def say(self, text):
        print(('\r\033[K' if self.is_terminal else '') + text, file=self.stream, flush=True)


def run(targets, seconds, jobs, show):
    waiting, running = list(targets), []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(waiting.pop(0))
                running[-1].start(seconds)
            show.tell(running, len(waiting))
            for target in [target for target in running if target.has_ended()]:
                running.remove(target)
                show.say(f'{target.figures()}, corpus {target.corpus:,}: {target.verdict()}')
            time.sleep(EVERY if seconds > EVERY else 0.01)
    finally:
        for target in running:
            target.process.kill()


def chosen(build, names):
    built = {path.name.removeprefix('fuzz_'): path for path in sorted((build / 'fuzz').glob('fuzz_*'))
             if path.is_file() and os.access(path, os.X_OK)}
    if unknown := set(names) - set(built):
        sys.exit(f'unknown: {", ".join(sorted(unknown))}; there are: {", ".join(built) or "none"}')
    return [Target(build, name) for name in names or built]


def main():
    parser = argparse.ArgumentParser(prog='fuzz/run', description='Builds the fuzz targets and runs them.')
    parser.add_argument('targets', nargs='*', metavar='TARGET', help='all, if none is named')
    parser.add_argument('--seconds', type=int, default=600, help='for each target')
    parser.add_argument('--jobs', type=int, default=1, help='how many run at the same time')
    parser.add_argument('--build', type=pathlib.Path, default=HERE.parent / 'build/fuzz',
                        help='what is built there; builds nothing')
    arguments = parser.parse_args()
    targets = chosen(arguments.build.resolve(), arguments.targets)
    if not targets:
        sys.exit(f'nothing is built in {arguments.build}')
    try:
        run(targets, arguments.seconds, max(1, arguments.jobs), Show())
    except KeyboardInterrupt:
        sys.exit(130)
    bad = [target.name for target in targets if not target.is_good()]
    print(f'{len(targets) - len(bad)} targets found nothing' + (f', {len(bad)} did: {", ".join(bad)}' if bad else ''))
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
