"""The only read model: status, errors, batches. The command line asks it, and so will the web page."""
