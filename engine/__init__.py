"""The engine: time (`kernel`), models (`llm`) and logs (`record`). It knows neither worlds nor agents."""
