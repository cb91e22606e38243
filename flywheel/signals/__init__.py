"""Record what people did with an answer."""
