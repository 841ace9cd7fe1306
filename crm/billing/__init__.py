"""Who is a paying member of what, for how long: periods, recorded by hand; a payment service will be another writer."""
