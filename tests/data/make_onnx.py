"""Writes the models of onnx/ beside this file: the network of weights.safetensors in both precisions, a linear map of four
dimensions in the shapes that models come in, and models that are no field. Run once, with onnx 1.23."""
import pathlib
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

here = pathlib.Path(__file__).parent
(here / "onnx").mkdir(exist_ok=True)


def save(name, nodes, constants, inputs, outputs, kind=TensorProto.FLOAT):
    """Inputs and outputs are (name, shape)."""
    info = lambda tensors: [helper.make_tensor_value_info(n, kind, shape) for n, shape in tensors]
    graph = helper.make_graph(nodes, "field", info(inputs), info(outputs), [numpy_helper.from_array(v, n) for n, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, here / "onnx" / f"{name}.onnx")


node = helper.make_node
gemm = lambda k, x, z: node("Gemm", [x, f"layers.{k}.weight", f"layers.{k}.bias"], [z], transB=1)
plane = [("x", ["points", 2])], [("r", ["points", 2])]

weights = load_file(here / "weights.safetensors")
single = {name: value.astype(np.float32) for name, value in weights.items()}
layers = [gemm(0, "x", "z"), node("Sigmoid", ["z"], ["h"]), gemm(1, "h", "y"), node("Softplus", ["y"], ["g"]), gemm(2, "g", "r")]
save("single", layers, single, *plane)
save("one_point", layers, single, [("x", [1, 2])], [("r", [1, 2])])
# tract has neither Gemm nor Sigmoid nor Softplus in double precision.
save("gemm_double", layers, weights, *plane, TensorProto.DOUBLE)
matmul = lambda k, x, z: [node("MatMul", [x, f"layers.{k}.weight"], [f"{z}0"]), node("Add", [f"{z}0", f"layers.{k}.bias"], [z])]
sigmoid = [node("Neg", ["z"], ["m"]), node("Exp", ["m"], ["e"]), node("Add", ["e", "1"], ["d"]), node("Reciprocal", ["d"], ["h"])]
softplus = [node("Exp", ["y"], ["f"]), node("Add", ["f", "1"], ["p"]), node("Log", ["p"], ["g"])]
layers = [*matmul(0, "x", "z"), *sigmoid, *matmul(1, "h", "y"), *softplus, *matmul(2, "g", "r")]
columns = {name: np.ascontiguousarray(value.T) for name, value in weights.items()}
save("double", layers, columns | {"1": np.ones(1)}, *plane, TensorProto.DOUBLE)

# r_i = Σ_j A_ij x_j with A_ij = i + 1 on the diagonal, 1/4 above it and -1/4 below.
matrix = np.diag(np.arange(1.0, 5.0)) + np.triu(np.full((4, 4), 0.25), 1) - np.tril(np.full((4, 4), 0.25), -1)
linear = {"layers.0.weight": matrix.astype(np.float32), "layers.0.bias": np.zeros(4, np.float32)}
save("linear", [gemm(0, "x", "r")], linear, [("x", ["points", 4])], [("r", ["points", 4])])
shapes = {"flat": np.array([-1, 4]), "image": np.array([-1, 1, 2, 2])}
nodes = [node("Reshape", ["x", "flat"], ["f"]), gemm(0, "f", "g"), node("Reshape", ["g", "image"], ["r"])]
save("image", nodes, linear | shapes, [("x", ["points", 1, 2, 2])], [("r", ["points", 1, 2, 2])])

save("logarithm", [node("Log", ["x"], ["r"])], {}, *plane)
save("half", [node("Tanh", ["x"], ["r"])], {}, *plane, TensorProto.FLOAT16)
save("whole", [node("Neg", ["x"], ["r"])], {}, *plane, TensorProto.INT64)
save("timed", [node("Mul", ["x", "t"], ["r"])], {}, [*plane[0], ("t", ["points", 1])], plane[1])
save("narrowing", [node("ReduceSum", ["x", "axes"], ["r"])], {"axes": np.array([1])}, plane[0], [("r", ["points", 1])])
save("rankless", [node("Neg", ["x"], ["r"])], {}, [("x", [2])], [("r", [2])])
save("any_width", [node("Neg", ["x"], ["r"])], {}, [("x", ["points", "d"])], [("r", ["points", "d"])])

# Forces on atoms, whose input as a whole is one point: F_i = -sum_j |x_i - x_j|^2 (x_i - x_j), minus the gradient of
# sum_(i<j) |x_i - x_j|^4 / 4. They do not depend on the order of the atoms.
difference = [node("Unsqueeze", ["x", "after"], ["a"]), node("Unsqueeze", ["x", "before"], ["b"]), node("Sub", ["a", "b"], ["d"])]
square = [node("Mul", ["d", "d"], ["s"]), node("ReduceSum", ["s", "last"], ["l"], keepdims=1)]
force = [node("Mul", ["l", "d"], ["p"]), node("ReduceSum", ["p", "others"], ["t"], keepdims=0), node("Neg", ["t"], ["r"])]
axes = lambda first: {"after": np.array([first + 1]), "before": np.array([first]), "last": np.array([first + 2]), "others": np.array([first + 1])}
for name, shape in [("forces", [5, 3]), ("forces_any", ["atoms", 3]), ("forces_many", ["points", 5, 3])]:
    save(name, [*difference, *square, *force], axes(len(shape) - 2), [("x", shape)], [("r", shape)])
# Forces of another order of atoms: F_i = sum_j w_ij (x_j - x_i) with w_ij = 1 for j = i + 1, else 0, which has no energy.
pull = np.eye(5, k=1) - np.diag([1.0, 1.0, 1.0, 1.0, 0.0])
save("pull", [node("MatMul", ["w", "x"], ["r"])], {"w": pull.astype(np.float32)}, [("x", [5, 3])], [("r", [5, 3])])
# Each atom by itself, but with a stiffness of its own: F_i = -(i + 1) x_i.
stiffness = {"k": -np.arange(1, 6, dtype=np.float32)[:, None]}
save("stiffness", [node("Mul", ["x", "k"], ["r"])], stiffness, [("x", [5, 3])], [("r", [5, 3])])
# Five points in three dimensions, each alike and by itself.
save("five_points", [node("Sin", ["x"], ["r"])], {}, [("x", [5, 3])], [("r", [5, 3])])
