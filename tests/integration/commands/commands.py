"""What the tests of the program's commands share."""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'support'))

from clients import ClientTest, answer_to, each  # noqa: E402, F401
from raw_client import RawClient  # noqa: E402, F401
from simws_host import DEADLINE, Host, Process, program  # noqa: E402, F401
from websocket_client import connect  # noqa: E402, F401


class Command(Host):
    """The program with a command and its arguments."""

    def __init__(self, *arguments, **options):
        Process.__init__(self, [program(), *arguments], **options)


def finish(*arguments, **options):
    """What a command did, when it has ended."""
    return subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=DEADLINE, **options)
