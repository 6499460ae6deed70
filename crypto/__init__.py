"""Bytes and keys: every format of protocol 1 that is sealed, signed or derived.

Imports nothing else of ours, and has no clock, disk, web or database: callers hand in
instants and byte streams and get values back. `transfer/` moves what is made here over the
gap; the two apps decide when.

Reading order: labels, sizes, canonical, words, codename, source_keys, hybrid, age/, padding,
parcel, envelope, windows, signing, trust, slots, vault, session.
"""
