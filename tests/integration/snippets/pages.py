"""The blocks of code in the documentation, and what stands before them about how they are run.

    <!-- snippet: in frame.lua -->       in the place of SNIPPET in that file of the folder frames
    <!-- snippet: by lua5.4 -->          by Lua or Python alone, not in the host
    <!-- snippet: opens /a?b -->         clients ask for that resource; what is quoted in the block anyway
    <!-- snippet: sends hello -->        the text that clients send
    <!-- snippet: bytes 00ff -->         the bytes that they send after it
    <!-- snippet: refuses 401 -->        clients that ask for `/` get that; others only for what it opens
    <!-- snippet: gets welcome -->       this message comes to the client that asks for the first of these
    <!-- snippet: until document.x -->   js: evaluated in a page of frames/browser.lua, until this is true
    <!-- snippet: not run: why -->

The comment is the line before the block; several of these stand in it with semicolons between.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r'\s*```(\S*)')
_COMMENT = re.compile(r'<!-- snippet: (.*) -->$')
_WORDS = ('in', 'by', 'opens', 'sends', 'bytes', 'gets', 'refuses', 'until')


@dataclass
class Snippet:
    page: Path
    line: int
    language: str
    text: str
    rules: dict = field(default_factory=dict)

    @property
    def name(self):
        return f'{self.page.stem}_{self.line}'

    @property
    def reason_not_to_run(self):
        return self.rules.get('not run')

    def source(self, frames):
        """The text, in its frame if it has one."""
        if 'in' not in self.rules:
            return self.text
        frame = (frames / self.rules['in']).read_text()
        indent, mark = re.search(r'^( *)(.*SNIPPET.*)$', frame, re.M).groups()
        block = ''.join(indent + line if line.strip() else line for line in self.text.splitlines(True))
        return frame.replace(indent + mark, block.rstrip('\n'))


def rules_of(comment):
    if comment.startswith('not run: '):
        return {'not run': comment.removeprefix('not run: ')}
    rules = {}
    for rule in comment.split('; '):
        word, _, rest = rule.partition(' ')
        if word not in _WORDS or not rest:
            raise ValueError(f'{rule!r} is no way to run a snippet; known are {_WORDS} and "not run: why"')
        rules[word] = rest
    return rules


def snippets_of(page):
    """All fenced blocks of a page of Markdown."""
    found, open_block, before = [], None, ''
    for number, line in enumerate(page.read_text().splitlines(True), 1):
        fence = _FENCE.match(line)
        if open_block:
            if fence:
                found.append(open_block)
                open_block = None
            else:
                open_block.text += line
        elif fence:
            comment = _COMMENT.match(before)
            open_block = Snippet(page, number, fence[1], '', rules_of(comment[1]) if comment else {})
        elif _COMMENT.match(before):
            raise ValueError(f'{page.name}:{number}: a comment about a snippet has none below it')
        before = line.rstrip('\n')
    return found
