"""The demo: example organizations, sinks where the wire ends, and the inbox page that shows what they caught.

Never in production.
"""
