"""The CRM of the West Midlands creative business support pathway, floor by floor, from the ground up.

``kernel``    the words of the field, in pure Python: money, postcodes, eligibility, roles, permissions, workflows
``config``    the settings, read once from the environment
``db``        SQLAlchemy, once
``gateways``  the outside world: mail
``web``       Flask, once; it knows no room
``audit``     who did what, when, from what to what
``links``     one-time links · ``places`` where a postcode lies · ``figures`` dated legal and programme figures
``notices``   the outbox: letters queued with the act and sent after it
``accounts``  people who sign in, their roles, hubs and the hubs' areas
``directory`` providers, their support services, and what each asks of a business
``signposting`` find support: a few questions, then the services that match, and why
``desk``      home, the public pages, help and the health of the system
``app``       puts the rooms together

A room may import any floor below it and never one above or beside it.
"""
