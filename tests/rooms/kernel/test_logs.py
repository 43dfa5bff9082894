"""Log lines, where they cannot be written."""

import subprocess
import sys
from pathlib import Path

SAYS = """
import structlog
from catalog.kernel.logs import write_logs
write_logs("json")
for number in range(1_000):
    structlog.get_logger().info("a line that finds no room on the disk", number=number)
print("went on")
"""


def test_a_disk_that_is_full_of_logs_does_not_fail_what_they_tell_of() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-c", SAYS], stdout=subprocess.PIPE, stderr=full, text=True, check=False
        )

    assert ended.stdout == "went on\n"
