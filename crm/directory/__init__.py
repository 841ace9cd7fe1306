"""The directory: who else can help a business, what each service asks and costs, and which fit best."""
