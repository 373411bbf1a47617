#!/usr/bin/env python3
"""The peer that bench.py measures the encoder against: the same weights in ONNX Runtime, int8, one thread.

  peer_onnx.py MODEL WORK   the model file (processor/model/file.h); a folder for what is made of it

Prints "WINDOWS COUNT RATE": pieces a CPU second with so many windows of so many pieces at a time; and last how near int8 comes
to f32 in ONNX Runtime itself (cosine of the vectors), so that it is seen that both are the encoder. Needs onnx, onnxruntime."""
import json
import os
import struct
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime as ort  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402

CASES = ((1, 64), (1, 128), (4, 128), (1, 192))
ROUNDS, SECONDS = 5, 1.0


def read_model(path):
    """name -> f32 array (or bytes) of the model file."""
    with open(path, "rb") as file:
        data = file.read()
    sections = {}
    for i in range(struct.unpack_from("<I", data, 12)[0]):
        at = 64 + 128 * i
        name = data[at:at + 64].split(b"\0")[0].decode()
        kind, rank, *rest = struct.unpack_from("<IIQQQQQ", data, at + 64)
        dims, (offset, size) = rest[:rank], rest[3:]
        raw = data[offset:offset + size]
        sections[name] = raw if kind == 0 else np.frombuffer(raw, "<f4" if kind == 1 else "i1").reshape(dims)
    for name, value in sections.items():
        if isinstance(value, np.ndarray) and value.dtype == np.int8:
            sections[name] = value.astype(np.float32) * sections[name + ".scale"].reshape(-1, 1)
    return sections


class Graph:
    """The graph of encoder.h. Attention and GELU are single operators of ONNX Runtime: what it is fastest with."""

    def __init__(self, model):
        self.model, self.config = model, json.loads(model["config"])
        self.nodes, self.weights, self.count = [], [], 0

    def put(self, kind, *inputs, domain="", **attributes):
        self.count += 1
        out = f"t{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], domain=domain, **attributes))
        return out

    def weight(self, name, turned=False):
        """Of the model file; `turned` from [out][in] to [in][out]."""
        value = np.ascontiguousarray(self.model[name].T if turned else self.model[name])
        self.weights.append(numpy_helper.from_array(value.astype(np.float32), name))
        return name

    def linear(self, x, prefix):
        return self.put("Add", self.put("MatMul", x, self.weight(prefix + ".weight", True)), self.weight(prefix + ".bias"))

    def norm(self, x, prefix):
        return self.put("LayerNormalization", x, self.weight(prefix + ".weight"), self.weight(prefix + ".bias"),
                        axis=-1, epsilon=self.config["norm_epsilon"])

    def layer(self, x, prefix):
        attended = self.put("Attention", x, self.weight(prefix + ".qkv.weight", True), self.weight(prefix + ".qkv.bias"),
                            domain="com.microsoft", num_heads=self.config["heads"], scale=1.0)
        x = self.norm(self.put("Add", x, self.linear(attended, prefix + ".out")), prefix + ".norm1")
        hidden = self.put("Gelu", self.linear(x, prefix + ".up"), domain="com.microsoft")
        return self.norm(self.put("Add", x, self.linear(hidden, prefix + ".down")), prefix + ".norm2")

    def build(self, path):
        words = self.put("Gather", self.weight("embed.words"), "ids")
        places = self.put("Gather", self.weight("embed.positions"), "places")
        cases = self.put("Gather", self.weight("embed.cases"), "shapes")
        x = self.norm(self.put("Add", self.put("Add", words, places), cases), "embed.norm")
        for i in range(self.config["layers"]):
            x = self.layer(x, f"layer.{i}")
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, shape)
                  for name, shape in (("ids", ["windows", "count"]), ("shapes", ["windows", "count"]), ("places", ["count"]))]
        output = helper.make_tensor_value_info(x, TensorProto.FLOAT, ["windows", "count", self.config["width"]])
        graph = helper.make_graph(self.nodes, "encoder", inputs, [output], self.weights)
        onnx.save(helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]), path)


def session_of(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def feed_of(windows, count):
    ids = np.arange(windows * count, dtype=np.int64).reshape(windows, count) * 7 % 20000 + 1000
    return {"ids": ids, "shapes": ids % 5, "places": np.arange(count, dtype=np.int64)}


def rate(session, windows, count):
    """The best round: pieces a second of this thread's CPU time."""
    feed, best = feed_of(windows, count), 0
    session.run(None, feed)
    for _ in range(ROUNDS):
        runs, start = 0, time.process_time()
        while time.process_time() - start < SECONDS / ROUNDS:
            session.run(None, feed)
            runs += 1
        best = max(best, runs * windows * count / (time.process_time() - start))
    return best


def main():
    model, work = read_model(sys.argv[1]), sys.argv[2]
    plain, small = os.path.join(work, "encoder.onnx"), os.path.join(work, "encoder-int8.onnx")
    Graph(model).build(plain)
    quantize_dynamic(plain, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Attention"],
                     extra_options={"DefaultTensorType": TensorProto.FLOAT})  # what other domains give
    session = session_of(small)
    for windows, count in CASES:
        print(windows, count, f"{rate(session, windows, count):.0f}", flush=True)
    a, b = (s.run(None, feed_of(1, 128))[0].ravel() for s in (session_of(plain), session))
    print("cosine", f"{float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)):.4f}")


if __name__ == "__main__":
    main()
