"""The age v1 file format (C2SP `age.md`), in the order in which it is best read.

`header` (grammar, MAC), `stream` (payload), `hybrid_stanza`, `x25519_stanza`, `scrypt_stanza` with
`wrapping` (types of recipient), `bech32` and `keys` (keys, also as text), `file` (the whole), `armor`
(the whole as text). Written anew because no Python library writes the hybrid type, gives the file key,
or takes pushed bytes of unknown length (ADR 1). Every check has the number of docs/protocol/age.md.
"""
