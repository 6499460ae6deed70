"""The law of a case, without web or SQL.

To read it: `kinds` is the vocabulary; `packs/` holds the rules of a jurisdiction as data and reads
them; `machine`, `machines/` say what can follow what in the life of a report; `event` and `events`
are what happens; `case` is where a case stands; `life` makes the case from its events, with
`persons`, `guards`, `sending` and `changes`; `clocks` counts its periods; `outlook` and `due` are what
can be shown of it. `stages` are the words that the source is told.

Time and the pack come in as arguments; no function asks for the date. The services of the officer
app call `life`, keep the events, and keep nothing that follows from them. Requests for protection,
relief and rewards have their rules in the packs, and their own lives are not here yet.
"""
