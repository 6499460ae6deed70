"""Where the source server keeps things: one SQLite database, and sealed envelopes as files beside it.

Functions here are questions and statements in the words of the trade; services own the
transaction and hand in the connection. Nothing here knows of the web.
"""
