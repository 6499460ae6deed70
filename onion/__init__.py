"""Everything that talks to tor: the place is kept, nothing is built yet.

Here will stand: the typed face of tor's control port (`control.py`, the only importer of stem), the
publishing of the source server's onion address with client limits and proof of work, and the check of the
clock against tor's consensus. Not here: web pages, keys of sources, bundles. The source server will call it;
the officer station never may, because that machine has no network, and a contract in `pyproject.toml` holds
both to it.
"""
