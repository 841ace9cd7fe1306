"""Where a server finds the application.

What is imported stays to the end, so garbage is searched for only afterwards, and never among it: the server starts a
fifth sooner, and no visitor waits for that search through all of it.
"""

import gc

gc.disable()

from crm.app import create_app  # noqa: E402 imported while nothing is searched

app = create_app()
gc.freeze()
gc.enable()
