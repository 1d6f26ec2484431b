"""The wire between front end and target: messages, codec, channel, shared-memory ring."""
