"""The source's own program, `cleandrop-send`: the place is kept, nothing is built yet.

Here will stand: a small program that seals a report on the source's own machine, before anything leaves it,
to keys that it checked itself, and that reads replies from the whole board so that the server cannot tell
whose they are. It stands on `crypto` alone. Until it exists, every report is sealed by the source server at
the moment it arrives, and that server sees the text for that moment.
"""
