"""The settings: read once from the environment, and refused loudly where they are incomplete or unsafe.

``known``     every setting, and what follows from it
``strength``  how long it takes to guess a secret
``refusals``  the tables of what is refused, and why
``reading``   reads the environment, and ends a process that must not start
"""

from crm.config.known import STRIPE
from crm.config.reading import Settings, settings_or_end
from crm.config.refusals import UnsafeSettings

__all__ = ["STRIPE", "Settings", "UnsafeSettings", "settings_or_end"]
