"""Completions and the manual page: shells and groff understand them, and they know what the help knows."""
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from commands import DEADLINE, finish
from terminal import Terminal

SHELLS = ('bash', 'zsh', 'fish')


def run(*command, cwd=None):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=DEADLINE, cwd=cwd)


def words_of_help(*command):
    """The names of options and commands that the help lists."""
    groups = re.findall(r'^\w.*:\n((?:  .*\n)+)', finish(*command, '--help').stdout, re.M)
    return set(re.findall(r'^  (?:-h,)?(-{0,2}[a-z][\w-]*)', ''.join(groups), re.M))


def commands():
    return sorted(word for word in words_of_help() if not word.startswith('-'))


class ShellTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for shell in SHELLS:
            (self.folder / shell).write_text(finish('completion', shell).stdout)
        self.cwd = self.folder / 'cwd'
        (self.cwd / 'folder').mkdir(parents=True)
        for name in ('robot.lua', 'robot.py', 'robot.txt', 'with space.lua'):
            (self.cwd / name).touch()

    def test_each_shell_reads_its_own(self):
        for shell in SHELLS:
            done = run(shell, '-n', self.folder / shell)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''), shell)

    def test_there_are_no_others(self):
        done = finish('completion', 'tcsh')
        self.assertEqual(done.returncode, 2)
        self.assertIn('write bash, zsh or fish', done.stderr)


class Bash(ShellTest):
    def complete(self, *words):
        """What bash offers for the last of the words, cut as bash cuts them."""
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _simws; '
                  'printf "%s\n" "${COMPREPLY[@]}"')
        done = run('bash', '-uc', script, 'bash', self.folder / 'bash', 'simws', *words, cwd=self.cwd)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return sorted(filter(None, done.stdout.split('\n')))

    def test_offers_the_commands_and_their_options(self):
        self.assertEqual(self.complete(''), commands())
        for command in commands():
            offered = set(self.complete(command, '-'))
            self.assertEqual(offered - {'-h'}, words_of_help(command) - {'-h'}, command)

    def test_goes_on_with_what_is_begun(self):
        self.assertEqual(self.complete('se'), ['serve'])
        self.assertEqual(self.complete('serve', '--la'), ['--lan'])
        self.assertEqual(self.complete('--ver'), ['--version'])
        self.assertEqual(self.complete('xyz', ''), [])

    def test_offers_values(self):
        self.assertEqual(self.complete('completion', ''), sorted(SHELLS))
        self.assertEqual(self.complete('run', '--log-level', ''), ['debug', 'error', 'info', 'warning'])
        self.assertEqual(self.complete('run', '--log-level', '=', 'd'), ['debug'])
        self.assertEqual(self.complete('run', '--log-level', '='), ['debug', 'error', 'info', 'warning'])
        self.assertEqual(self.complete('run', '--step', ''), [])
        self.assertEqual(self.complete('serve', ''), ['folder'])
        self.assertEqual(self.complete('serve', '--host', '::1', 'f'), ['folder'])
        self.assertEqual(self.complete('serve', 'folder', ''), [])

    def test_offers_scripts_and_then_what_they_may_want(self):
        scripts = ['folder', 'robot.lua', 'robot.py', 'with space.lua']
        self.assertEqual(self.complete('run', ''), scripts)
        self.assertEqual(self.complete('run', '--step', '=', '50ms', '--lan', 'ro'), ['robot.lua', 'robot.py'])
        self.assertEqual(self.complete('run', 'robot.lua', 'robot.t'), ['robot.txt'])
        self.assertEqual(self.complete('run', 'robot.lua', '--st'), [])


class Fish(ShellTest):
    def complete(self, line):
        done = run('fish', '--no-config', '-c', f'source {self.folder}/fish; complete -C "{line}"', cwd=self.cwd)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return sorted(offer.split('\t')[0] for offer in done.stdout.splitlines())

    def test_offers_the_commands_and_their_options(self):
        self.assertEqual(self.complete('simws '), commands())
        for command in commands():
            self.assertEqual(set(self.complete(f'simws {command} --')), words_of_help(command) | {'--help'}, command)

    def test_offers_values(self):
        self.assertEqual(self.complete('simws completion '), sorted(SHELLS))
        self.assertEqual(self.complete('simws run --log-level '), ['debug', 'error', 'info', 'warning'])
        self.assertEqual(self.complete('simws serve '), ['folder/'])


class Zsh(ShellTest):
    def test_completes_commands_options_values_and_scripts(self):
        (self.folder / '.zshrc').write_text(f"""
            autoload -Uz compinit && compinit -u -D
            source {self.folder}/zsh
            simws() {{ print -r -- "GOT $*" }}
            cd {self.cwd}
            print -r -- READY
        """)
        with Terminal(['zsh', '-i'], {'ZDOTDIR': str(self.folder), 'HISTFILE': ''}) as terminal:
            terminal.wait_until(lambda _: 'READY' in terminal.raw)
            for typed, got in (('compl\tz\t', 'completion zsh'), ('serve --la\tfo\t', 'serve --lan folder'),
                               ('run --log-l\tw\trobot.l\t', 'run --log-level warning robot.lua'), ('run robot.lua robot.t\t', 'run robot.lua robot.txt')):
                terminal.type(f'simws {typed}\r')
                terminal.wait_until(lambda _, got=got: f'GOT {got}' in terminal.raw)


class Manual(unittest.TestCase):
    def setUp(self):
        self.page = finish('manual').stdout

    def format(self, *options):
        done = subprocess.run(['groff', '-ww', '-man', '-Tascii', '-P-c', *options], input=self.page, capture_output=True,
                              text=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def test_groff_has_nothing_to_say_against_it(self):
        self.format('-z')

    def test_it_has_all_that_the_help_has(self):
        text = re.sub(r'.\x08', '', self.format())
        for command in commands():
            self.assertIn(f'simws {command} ', text)
            for option in words_of_help(command) - {'-h', '--help'}:
                if option.startswith('-'):
                    self.assertRegex(text, rf'(?m)^ +{option}\b')

    def test_no_line_begins_a_request_by_chance(self):
        known = {'TH', 'SH', 'SS', 'TP', 'PP', 'B', 'I', 'BR', 'IR', 'EX', 'EE', 'nf', 'fi', '\\"'}
        requests = {line[1:].split(' ')[0] for line in self.page.splitlines() if line.startswith(('.', "'"))}
        self.assertLessEqual(requests, known)


if __name__ == '__main__':
    unittest.main()
