"""Where a server finds the application.

The settings are read before the rooms are imported: what is refused is refused at once, in a few lines.
What is imported stays to the end, so garbage is searched for only afterwards, and never among it: the server starts a
fifth sooner, and no visitor waits for that search through all of it.
"""

import gc

gc.disable()

from crm.config.reading import ending_in_words  # noqa: E402 imported while nothing is searched
from crm.db.invented import settings_that_fit  # noqa: E402

settings = settings_that_fit()

from crm.app import create_app  # noqa: E402

with ending_in_words():
    app = create_app(settings)
gc.freeze()
gc.enable()
