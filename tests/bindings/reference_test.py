"""docs/reference.md is what `simws reference` prints."""
import difflib
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from simws_host import ROOT, program  # noqa: E402

stored = (ROOT / 'docs/reference.md').read_text(encoding='utf-8')
printed = subprocess.run([program(), 'reference'], check=True, capture_output=True, encoding='utf-8').stdout
difference = '\n'.join(difflib.unified_diff(stored.splitlines(), printed.splitlines(), 'docs/reference.md',
                                            'simws reference', lineterm=''))
if difference:
    sys.exit(f'{difference}\nWrite it anew: simws reference > docs/reference.md')
