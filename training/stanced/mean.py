"""The weighted mean of two checkpoints, of networks that went on from the same one.  python -m stanced.mean OUT FIRST SECOND [--second 0.5]"""
import argparse

import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("checkpoints", nargs=2)
    parser.add_argument("--second", type=float, default=0.5, help="the second's share")
    options = parser.parse_args()
    first, second = (torch.load(path, map_location="cpu", weights_only=False) for path in options.checkpoints)
    share = options.second
    mean = {name: (1 - share) * value + share * second[name] if value.is_floating_point() else value for name, value in first.items()}
    torch.save(mean, options.out)


if __name__ == "__main__":
    main()
