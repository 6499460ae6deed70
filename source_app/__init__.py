"""The public web app of a source server: takes reports, seals them, shows answers; opens nothing.

Views call services, services own their transaction and call the store. `security/` holds one
file per defence, `wiring.py` alone knows which concrete classes are used, `cli.py` is what an
administrator types. Reading order: settings, store/, services/trust, services/gate,
services/sealing, services/reports, views/.
"""
