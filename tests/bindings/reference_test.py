"""What is generated from the table is in the tree as `simws` prints it."""
import difflib
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from simws_host import ROOT, program  # noqa: E402

for command, file in (('reference', 'docs/reference.md'), ('stubs', 'src/bindings/python/package/__init__.pyi')):
    stored = (ROOT / file).read_text(encoding='utf-8')
    printed = subprocess.run([program(), command], check=True, capture_output=True, encoding='utf-8').stdout
    difference = '\n'.join(difflib.unified_diff(stored.splitlines(), printed.splitlines(), file, f'simws {command}',
                                                lineterm=''))
    if difference:
        sys.exit(f'{difference}\nWrite it anew: simws {command} > {file}')
