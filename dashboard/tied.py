"""`python -m dashboard.tied MODULE …`: `python -m MODULE …`, ended when the process that started it is gone.

That process holds the other end of its standard input and never writes, so that the input ends with it,
even after a `kill -9`. Without this its children would keep the ports and stay for ever.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _wait_for_the_end() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
