"""Files in the tree are what the program simws prints of them."""
import difflib
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from simws_host import ROOT, program  # noqa: E402

PRINTED = {
    'reference': 'docs/reference.md',
    'stubs': 'src/bindings/python/package/__init__.pyi',
    'coppeliasim-module': 'src/bindings/coppeliasim/lua/simWS.lua',
    'coppeliasim-completion': 'src/bindings/coppeliasim/lua/simWS-ce.lua',
}


def difference(command, path):
    stored = (ROOT / path).read_text(encoding='utf-8')
    printed = subprocess.run([program(), command], check=True, capture_output=True, encoding='utf-8').stdout
    lines = difflib.unified_diff(stored.splitlines(), printed.splitlines(), path, f'simws {command}', lineterm='')
    text = '\n'.join(lines)
    return f'{text}\nWrite it anew: simws {command} > {path}' if text else ''


differences = [text for text in (difference(*item) for item in PRINTED.items()) if text]
if differences:
    sys.exit('\n'.join(differences))
