"""The tables of a report's life: what can follow what, and who may do it.

`report` is the life of the whole, `allegation` of one matter in it, `referral` of one matter at
one competent body, `questions` of one round of questions to the source, `withdrawal` of the
source's wish to take the report back. An event goes through every machine that it concerns, and
each of them can refuse it. `acts` says who may record each event and what the source is told of
it. Nothing here looks at a case; `cases.life` does.
"""
