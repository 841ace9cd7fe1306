"""The rules of test-bed projects: their words (`labels`), their money (`spending`) and who a text names (`naming`)."""
