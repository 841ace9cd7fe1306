"""The CRM of the West Midlands creative business support pathway, floor by floor, from the ground up.

``kernel``    the words of the field, in pure Python: money, postcodes, eligibility, roles, permissions, workflows
``config``    the settings, read once from the environment
``db``        SQLAlchemy, once
``gateways``  the outside world: mail, files, Companies House
``web``       Flask, once; it knows no room
``audit``     who did what, when, from what to what
``links``     one-time links · ``places`` where a postcode lies · ``figures`` dated figures
``documents`` files that people hand in, and the trash they go to
``notices``   the outbox: letters queued with the act and sent after it
``accounts``  people who sign in, their roles, hubs and the hubs' areas
``businesses``  businesses, their people, consents and claims; search
``directory`` providers, their support services, and what each asks of a business · ``diagnostics`` question sets
``billing``   periods of membership · ``rights`` what a business owns · ``caseload`` who leads which
``evidence``  what help came to, and what finance was sought
``funding``   in wings: ``envelopes`` and the ledger of every movement · ``subsidy`` given
``casework``  conversations, hours of help, next steps
``meetings``  appointments and workshops
``referrals`` passing a business on, and the answer that comes back
``signposting`` find support, enquiries and action plans · ``programme`` rounds, applications and their assessment
``angels``    in wings: ``investors`` and the gate to promotions · ``pitches`` · ``introductions``
``ip``        what a readiness assessment leads to
``desk``      home, the public pages, help and the health of the system
``app``       puts the rooms together

A room may import any floor below it and never one above or beside it.
"""
