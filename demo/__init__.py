"""Both apps and a stick on one machine, for trying and for checking: never for real reports.

Everything here drives the installed programs from outside, as their users do: it starts
`cleandrop-source` and `cleandrop-officer` as processes and speaks HTTP to them. It imports
nothing of theirs. `python -m demo` runs a sample instance until Ctrl-C, `demo.code` prints the
six-digit code to type now, `demo.smoke` runs the whole journey of one report.
"""
