"""A client that stays and answers pings: echo_peer.py PORT plain|tls. Prints "open", and "end" when it's dropped."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from raw_client import RawClient  # noqa: E402

with RawClient(int(sys.argv[1]), timeout=None, tls=sys.argv[2] == 'tls') as client:
    print('open', flush=True)
    try:
        while client.receive_message():
            pass
    except OSError:
        pass
    print('end', flush=True)
