"""Bytes and keys: every format of protocol 1 that is sealed, signed or derived.

Imports nothing else of ours, and has no clock, disk, web or database: callers hand in
instants and byte streams and get values back. `transfer/` moves what is made here over the
gap; the two apps decide when.

Reading order: errors, labels, sizes, canonical, encoding; words, codename, hybrid, source_keys;
age/, padding, parcel, envelope; signing, trust, windows; slots, board; aead, vault, session; then
selftest, and apart from all of it openpgp with gpg_room and gpg_answers.
"""
