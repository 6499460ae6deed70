"""`cleandrop-officer doctor`: looks at all that needs no sign-in, changes nothing, names the mend.

`machine` looks at the system, `places` at the vault's folder, the key stick and the sticks, `programs` at
what the station runs. What is inside the vault is for officers: the home page says what is wrong there.
"""

from journalist_app.doctor.examination import examine

__all__ = ["examine"]
