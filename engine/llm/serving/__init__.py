"""The embedded model as a server that speaks OpenAI's interface."""
