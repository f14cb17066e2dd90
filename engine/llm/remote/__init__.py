"""A model behind a server that speaks OpenAI's interface: where it is, how it is asked, and what is made of it."""
