"""The law of a case, without web or SQL.

What stands here now is `stages.py`: the coarse stages that a source is told. Here will stand: the
states of a case and the table of legal steps between them (`lifecycle.py`), the clocks that the law
sets running (`clocks.py`), relief and reward money, and the packs that hold one jurisdiction's rules
as data. Time and the pack come in as arguments; no function asks for the date. The officer app's
services call it and store what it answers. Until then, the officer app keeps a stage and a due date
per case and decides nothing from them.
"""
