"""A model file back to a checkpoint, so that training can go on from what is shipped.

  python -m stanced.restore ../models/stanced-en-small.bin build/training/shipped.pt

What export.py rounded to int8 stays rounded."""
import sys

import numpy as np
import torch

from .container import F32, I8, read_container
from .export import Exporter
from .network import new_network


class Restorer(Exporter):
    """Walks the network as the exporter does, and reads where that writes."""

    def __init__(self, container):
        self.sections = {name: (kind, dims, data) for name, kind, dims, data in container.sections}

    def array(self, name):
        kind, dims, data = self.sections[name]
        return np.frombuffer(data, {F32: np.float32, I8: np.int8}[kind]).reshape(dims)

    def put(self, parameter, value):
        if tuple(parameter.shape) != value.shape:
            raise ValueError(f"the file holds {value.shape} where the network has {tuple(parameter.shape)}")
        parameter.data.copy_(torch.from_numpy(np.array(value, dtype=np.float32)))

    def vector(self, name, parameter, factor=None):
        value = self.array(name)
        self.put(parameter, value if factor is None else value / factor)

    def matrix(self, name, parameter, factor=None):
        value = self.array(name).astype(np.float32)
        if name + ".scale" in self.sections:
            value = value * self.array(name + ".scale")[:, None]
        self.put(parameter, value if factor is None else value / factor[:, None])

    def chain(self, chain, transitions, start):
        self.put(chain.transitions, transitions - chain.blocked.numpy())
        self.put(chain.start, start - chain.blocked_start.numpy())

    def heads(self, network):
        super().heads(network)  # what it reads for the chains are their sums with what is blocked: once more, without
        self.chain(network.name_chain, self.array("names.transitions"), self.array("names.start"))
        self.chain(network.issue_chain, self.array("issues.transitions"), self.array("issues.start"))
        tags = len(self.array("roles.start")[0])
        for n, chain in enumerate(network.role_chains):
            self.chain(chain, self.array("roles.transitions")[n * tags:(n + 1) * tags], self.array("roles.start")[n])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    network = new_network()
    restorer = Restorer(read_container(sys.argv[1]))
    restorer.encoder(network.encoder)
    restorer.heads(network)
    torch.save(network.state_dict(), sys.argv[2])


if __name__ == "__main__":
    main()
