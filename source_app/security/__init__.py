"""The defences of the web side, one file each, every one on by default.

`defend` in app.py puts them in place; each has a test that fails when it is taken out.
"""
