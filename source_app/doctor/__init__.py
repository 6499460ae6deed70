"""`cleandrop-source doctor`: looks at everything that can be looked at, changes nothing, names the mend.

`machine` looks at the system, `folders` at owners and rights and room, `records` at the database and the
envelopes, `standing` at keys, clock and what waits to be carried, `site` at the running server. Each check
gives one finding; what rests on something that is broken is not looked at. Tor is not looked at.
"""

from source_app.doctor.examination import examine

__all__ = ["examine"]
