"""Jurisdiction packs: the law of one country as data, read, judged, signed and chosen.

`schema` says what a pack can hold, `pack` is one that was read, `reading` makes it from files,
`rules` judges it as a whole, `findings` is what a lawyer is told. The packs themselves are folders
under `cases/jurisdictions/`.
"""
