"""Where the wire ends: servers that take every message and keep it in a ledger. The faults they play stand in each."""

from statuspage.demo.sink_http import HttpSink
from statuspage.demo.sink_ledger import Caught, read
from statuspage.demo.sink_sms import SmsSink
from statuspage.demo.sink_smtp import SmtpSink

__all__ = ["Caught", "HttpSink", "SmsSink", "SmtpSink", "read"]
