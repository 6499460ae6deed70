"""The only bytes that cross the gap between source server and officer station.

A bundle is a folder on a removable disk: a signed manifest and part files. `log` numbers what
the server accepted, `manifest` is what a bundle says, `pack` writes one, `medium` finds them
on a stick, `unpack` verifies and copies out, `continuity` holds the rules of order, `message`
is an answer to a source. The medium is taken to be hostile. Nothing here opens an envelope.
"""
