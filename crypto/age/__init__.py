"""The age v1 file format (C2SP `age.md`): header, stanzas, STREAM payload, bech32.

What stands here now is what an envelope needs: the hybrid recipient type. Written anew
because no Python library writes that type, gives the file key, or takes pushed bytes of
unknown length (ADR 1).
"""
