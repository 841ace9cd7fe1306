"""The verbs on the end of personal data: by its time, for a person who asks, and the register of what people ask."""
