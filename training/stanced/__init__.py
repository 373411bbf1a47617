"""How the model in models/ is made; see training/README.md."""
