"""Jurisdiction packs: the law of one country as data, read, judged, signed and chosen.

`schema` says what a pack can hold, `pack` is one that was read. `folder` takes the files from a disk,
`toml_lines` and `fields` bring each value into its form, `reading` puts them together. `sense` judges one
record, `rules` all of them, `wording` their words; `findings` is what a lawyer is told and `summary` what
the pack says. `signature`, `keys` and `shelf` are for editions that an agency trusts. The packs
themselves are folders under `cases/jurisdictions/`.
"""
