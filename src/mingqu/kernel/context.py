"""What is known of the request or job at hand, for the audit ledger and the logs."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
