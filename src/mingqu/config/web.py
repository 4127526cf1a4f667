"""
The web entry of `mingqu serve`: `wsgi`, in a worker process that ends when its master does.

granian's workers would outlive a master that was killed, and keep its port.
"""

import ctypes
import multiprocessing
import os
import signal
import sys

from mingqu.config.launcher_process import PR_SET_PDEATHSIG

if sys.platform.startswith("linux"):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if (master := multiprocessing.parent_process()) is not None and os.getppid() != master.pid:
        os._exit(1)  # it died before the line above took effect

# Until granian installs its own: the master's handlers, inherited, would leave a stop during loading unheard.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.SIG_IGN)

from mingqu.config.wsgi import application  # noqa: E402

__all__ = ["application"]
