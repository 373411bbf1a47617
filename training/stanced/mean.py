"""The mean of some checkpoints' weights, of networks that went on from the same one.  python -m stanced.mean OUT CHECKPOINT CHECKPOINT..."""
import sys

import torch


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    if len(paths) < 2:
        sys.exit(__doc__)
    states = [torch.load(path, map_location="cpu", weights_only=False) for path in paths]
    mean = {name: sum(s[name] for s in states) / len(states) if value.is_floating_point() else value for name, value in states[0].items()}
    torch.save(mean, out)


if __name__ == "__main__":
    main()
