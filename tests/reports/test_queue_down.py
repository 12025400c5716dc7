"""A queue that refuses or hangs never holds a person up. Real sockets, the real client."""

import os
import socket
import subprocess
import sys

import pytest

PROGRAM = """
import time, django
django.setup()
from reports.tasks import hint
for _ in range(2):
    began = time.monotonic()
    hint(1)
    print(time.monotonic() - began)
"""


@pytest.mark.parametrize("answers", [False, True], ids=["refuses", "accepts-and-hangs"])
def test_a_hint_gives_up_within_two_seconds(answers: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if not answers:
            server.close()
        env = os.environ | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}

        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True,
            timeout=60,
        )  # fmt: skip

    assert all(float(line) < 2 for line in run.stdout.split()), run.stdout
    assert len(run.stdout.split()) == 2
