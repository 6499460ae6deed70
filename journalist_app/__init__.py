"""The officer app: opens, decides, answers, on a station that is never online.

Reading order: settings, errors, store/ (what is kept), services/ (what is done), wiring (who
knows whom), views/ and templates/ (what is seen), cli/ (the same at a shell). It has no
network code but the loopback server that the officers' own browser talks to.
"""
