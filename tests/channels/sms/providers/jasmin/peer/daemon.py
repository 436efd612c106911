"""Jasmin's daemon without its lock on the whole machine (/tmp/jasmind), so that tests may run beside another.

Run in Jasmin's environment; the rest is what `jasmind.py` itself does.
"""

import signal
import sys

from jasmin.bin.jasmind import JasminDaemon, Options
from twisted.internet import reactor

options = Options()
options.parseOptions(sys.argv[1:])
daemon = JasminDaemon(options)
signal.signal(signal.SIGTERM, daemon.sighandler_stop)
daemon.start()
reactor.run()
