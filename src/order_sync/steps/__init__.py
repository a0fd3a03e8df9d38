"""The verbs of the flow, one a file: detect, stage, send, settle, promote, sweep, requeue."""
