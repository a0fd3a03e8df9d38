"""The GraphQL of the service: its schema, what each field answers, how a document is checked and run."""
