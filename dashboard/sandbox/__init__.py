"""The sandbox: an emulated Navixy platform over real HTTP, a second reading of the API reference.

It shares no code with the client, so that a wrong reading on either side shows.
"""

from dashboard.sandbox.box import Sandbox
from dashboard.sandbox.clock import FrozenClock, SystemClock
from dashboard.sandbox.faults import Fault
from dashboard.sandbox.server import serve
from dashboard.sandbox.switches import Switches

__all__ = ["Fault", "FrozenClock", "Sandbox", "Switches", "SystemClock", "serve"]
