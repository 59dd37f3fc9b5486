"""Writes torch.safetensors, onnx/torch.onnx and torch.json beside this file: an untrained network saved as the documentation of
Network::read_safetensors and the README show, and what PyTorch computes with it. Run once, with PyTorch 2.15."""
import json, pathlib, os
import onnx
import torch

here = pathlib.Path(__file__).parent
os.chdir(here)
torch.manual_seed(1)

from safetensors.torch import save_file
net = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.Sigmoid(), torch.nn.Linear(6, 2))
tensors = {f"layers.{k}.{p}": getattr(net[2 * k], p).detach() for k in (0, 1) for p in ("weight", "bias")}
save_file(tensors, "torch.safetensors", metadata={"activation": "sigmoid"})

torch.onnx.export(net.eval(), (torch.zeros(2, 2),), "onnx/torch.onnx", dynamic_shapes=[{0: torch.export.Dim.DYNAMIC}], external_data=False)
model = onnx.load("onnx/torch.onnx")
for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
    del part.metadata_props[:]  # call stacks with the paths of this machine
onnx.save(model, "onnx/torch.onnx")

net, x = net.double(), torch.randn(4, 2, dtype=torch.float64)
jacobian = torch.stack([torch.autograd.functional.jacobian(net, point) for point in x])
stored = {"points": x.flatten().tolist(), "reconstruction": net(x).flatten().tolist(), "jacobian": jacobian.flatten().tolist()}
pathlib.Path("torch.json").write_text(json.dumps(stored) + "\n")
