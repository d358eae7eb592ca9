"""Runs every block of code in README.md and docs/*.md as it stands. pages.py says how it's told to."""
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / folder) for folder in ('support', 'bindings', 'browser')]

from chromium import Chromium  # noqa: E402
from pages import Snippet, rules_of, snippets_of  # noqa: E402
from programs import environment_of, host, plain_lua, plain_python, python_host  # noqa: E402
from simws_host import DEADLINE, ROOT, Host, Process, program  # noqa: E402
from visitors import visit  # noqa: E402

FRAMES = HERE / 'frames'
PAGES = [ROOT / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))]
GENERATED = 'reference.md'  # has no comments; its examples stand within a script that serves
WAYS = {('lua', None): host, ('lua', 'lua5.4'): plain_lua,
        ('python', None): python_host, ('python', 'python3'): plain_python}
COMPLAINT = re.compile(r"simWS: (error|warning):(?!.* origin 'https://stranger)|Traceback")
SUFFIXES = {'lua': '.lua', 'python': '.py', 'cpp': '.cpp'}


def run_script(snippet, way, path):
    """Starts the script, visits its server if it has one, and ends it. What was wrong, one line each."""
    wrong = []
    wrapper = HERE / ('wrapper' + path.suffix)
    for served in ('www', 'models'):
        (path.parent / served).mkdir(exist_ok=True)
    with Process(way(wrapper, path), env=environment_of(way), cwd=path.parent) as script:
        probe = int(script.wait_for(r'^PROBE (\d+)$', 'stdout')[1])
        port = script.wait_for(r'^PORT (\d+)$|^NO PORT$', 'stdout')[1]
        wrong += asyncio.run(visit(snippet, int(port), probe)) if port else ['it starts no server']
        if (code := script.terminate()) not in (0, -signal.SIGTERM):
            wrong.append(f'exit code {code}')
        expected = f'refused with {snippet.rules["refuses"]}: ' if 'refuses' in snippet.rules else '\n'
        wrong += [line for line in script.stderr if COMPLAINT.search(line) and expected not in line]
        return wrong and [*wrong, script.transcript()]


def finish(command, folder, env=None):
    done = subprocess.run(command, cwd=folder, env={**os.environ, **(env or {})}, text=True,
                          capture_output=True, timeout=DEADLINE)
    return [done.stdout + done.stderr] if done.returncode else []


def compile_cpp(path):
    return finish([os.environ['SIMWS_CXX'], '-std=c++20', '-Wall', '-Wextra', '-Werror', '-fsyntax-only',
                   '-I', ROOT / 'include', path], path.parent)


def put_lua(folder):
    """A module with a sanitizer needs its library in Lua, and not in the shell, which may not bear it."""
    preloaded = environment_of(plain_lua).get('LD_PRELOAD')
    if preloaded:
        lua = folder / 'lua5.4'
        lua.write_text(f'#!/bin/sh\nLD_PRELOAD={preloaded} exec {os.environ["SIMWS_LUA"]} "$@"\n')
        lua.chmod(0o755)


def run_shell(snippet, folder):
    """In a folder that has the frames' scripts, and the build's tree where it is in the repository."""
    for script in FRAMES.glob('my-script.*'):
        (folder / script.name).write_text(script.read_text())
    build = Path(program()).resolve().parents[1]
    (folder / 'build').mkdir()
    (folder / 'build/release').symlink_to(build)
    put_lua(folder)
    path = f'{folder}:{Path(program()).parent}:{os.environ["PATH"]}'
    return finish(['bash', '-euo', 'pipefail', '-c', snippet.text], folder, {'PATH': path})


def in_page(source):
    """As an expression; a module is evaluated by an element of its own."""
    if not re.search(r'^import ', source, re.M):
        return source
    return f"document.head.append(Object.assign(document.createElement('script'), {{type: 'module', text: {json.dumps(source)}}}))"


async def run_in_page(snippet):
    with Host(FRAMES / 'browser.lua') as server:
        async with Chromium() as browser:
            page = await browser.open(f'http://localhost:{server.port}/')
            await page.evaluate(in_page(snippet.source(FRAMES)))
            await page.until(snippet.rules['until'], snippet.rules['until'])
            return page.errors


def run(snippet):
    """What was wrong, one line each."""
    try:
        return attempt(snippet)
    except Exception:
        return [traceback.format_exc()]


def attempt(snippet):
    language = snippet.language
    way = WAYS.get((language, snippet.rules.get('by')))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f'{snippet.name}{SUFFIXES.get(language, "")}'
        if language in SUFFIXES:
            path.write_text(snippet.source(FRAMES))
        if way:
            return run_script(snippet, way, path)
        if language == 'cpp':
            return compile_cpp(path)
        if language in ('sh', 'bash'):
            return run_shell(snippet, folder)
        if language == 'js' and 'until' in snippet.rules:
            return asyncio.run(run_in_page(snippet))
    return [f'nothing says how to run {language or "a block of no language"}']


def all_snippets():
    for page in PAGES:
        for snippet in snippets_of(page):
            if page.name == GENERATED and not snippet.language:
                continue  # how a function is called, in no language's words
            if page.name == GENERATED:
                snippet.rules = rules_of('in connected.lua; by lua5.4')
            if not snippet.reason_not_to_run:
                yield snippet


class Snippets(unittest.TestCase):
    def test_each_runs(self):
        snippets = list(all_snippets())
        with ThreadPoolExecutor(3) as pool:
            for snippet, wrong in zip(snippets, pool.map(run, snippets)):
                with self.subTest(f'{snippet.page.name}:{snippet.line}'):
                    self.assertFalse(wrong, '\n'.join(wrong or []))


class TheTestItself(unittest.TestCase):
    """Finds what is wrong."""

    def wrong_with(self, language, text, comment=''):
        return run(Snippet(Path('x.md'), 1, language, text, rules_of(comment) if comment else {}))

    def test_errors_are_found(self):
        serve = "local simWS = require 'simWS'\nlocal server = simWS.start(9000)\n"
        connect = "local simWS = require 'simWS'\nlocal client = simWS.connect('ws://robot.example/x')\n"
        for language, text, comment in (
                ('lua', 'nonsense', ''), ('lua', 'print "hello"', ''), ('lua', 'undefined()', ''), ('python', 'undefined()', ''),
                ('lua', serve + 'simWS.setOpenHandler(server, "onOpen")', ''),
                ('lua', serve + 'simWS.setMessageHandler(server, function() undefined() end)', ''),
                ('lua', serve + 'simWS.setCloseHandler(server, function() undefined() end)', ''),
                ('lua', serve + 'simWS.setFailHandler(server, function() undefined() end)', ''),
                ('lua', serve + 'simWS.setHTTPHandler(server, function() return "x" end)', ''),
                ('lua', serve + 'simWS.setOpenHandler(server, function(s, c) simWS.close(s, c) end)', 'gets x'),
                ('lua', connect + 'simWS.setMessageHandler(client, function() undefined() end)', ''),
                ('cpp', '#include <simws/server.h>\nsimws::Nonsense x;', ''), ('sh', 'false; true', ''),
                ('', 'text', ''), ('nginx', 'server {}', '')):
            with self.subTest(language=language, text=text):
                self.assertTrue(self.wrong_with(language, text, comment))

    def test_what_is_right_is_not(self):
        self.assertFalse(self.wrong_with('lua', "require 'simWS'.start(9000)"))
        self.assertFalse(self.wrong_with('lua', "require 'simWS'.connect('ws://me:secret@robot.example:9000/x?y')"))
        self.assertFalse(self.wrong_with('sh', 'simws --version'))

    def test_comments_are_understood_or_refused(self):
        self.assertEqual(rules_of('in a.lua; gets x y'), {'in': 'a.lua', 'gets': 'x y'})
        self.assertEqual(rules_of('not run: it needs; a robot'), {'not run': 'it needs; a robot'})
        for comment in ('', 'in', 'not run', 'on Tuesdays'):
            with self.assertRaises(ValueError):
                rules_of(comment)


if __name__ == '__main__':
    unittest.main()
