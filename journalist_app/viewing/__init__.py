"""Safe viewing: programs in a closed room look at what strangers sent, and only simple things come out.

Every program that reads such bytes in earnest runs in `room`. Out here are read: a few bytes that tell the
kind (`kinds`), raw pixels (`pixels`), what the programs told (`reports`), and plain text (`text`). The
service `services.viewing` puts them together.
"""
