#!/usr/bin/python3
"""Fails on a link between pages of the documentation that leads nowhere: check_links.py ROOT"""

import pathlib
import re
import sys

LINK = re.compile(r'\]\(([^)\s]+)\)')
BLOCK = re.compile(r'^ *```.*?^ *```', re.M | re.S)
INLINE = re.compile(r'`[^`\n]*`')
HEADING = re.compile(r'^#+ +(.*)$', re.M)


def anchor(heading):
    """As GitHub makes it from a heading."""
    return re.sub(r'[^\w\- ]', '', heading.strip().lower()).replace(' ', '-')


def anchors(page):
    return {anchor(heading) for heading in HEADING.findall(BLOCK.sub('', page))}


def broken(path):
    """The links of a page that lead nowhere. Those to other sites aren't asked."""
    for link in LINK.findall(INLINE.sub('', BLOCK.sub('', path.read_text()))):
        if re.match(r'\w+:', link):
            continue
        file, _, fragment = link.partition('#')
        target = path.parent / file if file else path
        if not target.exists() or (fragment and anchor(fragment) not in anchors(target.read_text())):
            yield link


def check_tree(root):
    """All that is wrong in the tree, one line each. The index of docs has all pages of it."""
    pages = [*sorted(root.glob('*.md')), *sorted(root.glob('docs/*.md'))]
    found = [f'{page.relative_to(root)}: {link} leads nowhere' for page in pages for link in broken(page)]
    index = (root / 'docs/index.md').read_text()
    found += [f'docs/index.md has no link to {page.name}' for page in pages
              if page.parent.name == 'docs' and page.name != 'index.md' and f']({page.name})' not in index]
    return found


def main():
    found = check_tree(pathlib.Path(sys.argv[1]))
    print('\n'.join(found))
    return bool(found)


if __name__ == '__main__':
    sys.exit(main())
