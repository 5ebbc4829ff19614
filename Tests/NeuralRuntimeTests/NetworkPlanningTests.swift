import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// What the planner refuses, with which code and where.
@Suite struct NetworkPlanningTests {
  private func check(
    _ nodes: [ONNXNode], _ initializers: [ONNXTensor] = [], sample: [Int] = [4],
    opset: Int = 17, is code: Diagnostic.Code, saying words: String...,
    at sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let diagnostic = TestModel.refusal(
      TestModel.model(nodes, initializers, sample: sample, opset: opset))
    #expect(
      diagnostic?.code == code, "\(String(describing: diagnostic))", sourceLocation: sourceLocation)
    #expect(diagnostic?.location?.document == "test.onnx", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        diagnostic.map { "\($0)".contains(word) } == true,
        "\(String(describing: diagnostic)) does not say \(word)", sourceLocation: sourceLocation)
    }
  }

  @Test func unknownOperatorsAreNamedWithNodeAndOpset() {
    check(
      [TestModel.node("Frobnicate", ["x"], ["y"], name: "odd")],
      is: "onnx.operator.unsupported", saying: "Frobnicate", "odd", "17")
    check(
      [TestModel.node("Fancy", ["x"], ["y"], name: "scale", domain: "com.example")],
      is: "onnx.operator.unsupported", saying: "com.example", "scale")
    check(
      [TestModel.node("Relu", ["x"], ["y"], name: "old")], opset: 6,
      is: "onnx.operator.unsupported", saying: "opset 6")
    check(
      [TestModel.node("Relu", ["x"], ["y"], ["alpha": .float(1)], name: "r")],
      is: "onnx.operator.unsupported", saying: "alpha")
    check(
      [TestModel.node("MaxPool", ["x"], ["y", "indices"], ["kernel_shape": .ints([1])])],
      sample: [1, 4], is: "onnx.operator.unsupported", saying: "indices")
  }

  @Test func everyUnsupportedOperatorIsReported() {
    var diagnostics = Diagnostics()
    let model = TestModel.model(
      [
        TestModel.node("First", ["x"], ["a"]), TestModel.node("Relu", ["a"], ["b"]),
        TestModel.node("Second", ["b"], ["y"]),
      ], sample: [4])
    #expect(throws: Diagnostic.self) {
      try Network(planning: model, reportingTo: &diagnostics)
    }
    #expect(diagnostics.all.count == 1)
    #expect(diagnostics.all.first?.message.contains("Second") == true)
  }

  @Test func wrongShapesAreLocatedAtTheNode() {
    check(
      [TestModel.node("MatMul", ["x", "w"], ["y"], name: "dense")],
      [TestModel.floats("w", [5, 1], [1, 2, 3, 4, 5])], is: "onnx.shape.mismatch",
      saying: "dense", "[5, 1]")
    check(
      [TestModel.node("Add", ["x", "w"], ["y"], name: "sum")],
      [TestModel.floats("w", [3], [1, 2, 3])], is: "onnx.shape.mismatch", saying: "sum")
    check(
      [TestModel.node("Reshape", ["x", "s"], ["y"], name: "shape")],
      [TestModel.ints("s", [3, -1])], is: "onnx.shape.mismatch", saying: "[3, -1]")
    check(
      [TestModel.node("Softmax", ["x"], ["y"], ["axis": .int(Int.min)])],
      is: "onnx.shape.mismatch", saying: "axis")
    check(
      [TestModel.node("Relu", [], ["y"], name: "none")], is: "onnx.shape.mismatch", saying: "none")
  }

  @Test func namesMustBeDefinedOnceAndBeforeTheyAreRead() {
    check(
      [TestModel.node("Relu", ["ghost"], ["y"], name: "r")], is: "onnx.value.undefined",
      saying: "ghost", "\"r\"")
    check(
      [TestModel.node("Relu", ["x"], ["z"])], is: "onnx.value.undefined", saying: "output \"y\"")
    check(
      [
        TestModel.node("Add", ["x", "b"], ["a"], name: "one"),
        TestModel.node("Relu", ["a"], ["b"], name: "two"),
        TestModel.node("Relu", ["b"], ["y"]),
      ], is: "onnx.graph.order", saying: "cycle", "one", "two")
    check(
      [TestModel.node("Relu", ["x"], ["y"]), TestModel.node("Tanh", ["x"], ["y"])],
      is: "onnx.value.duplicate", saying: "y")
    check(
      [TestModel.node("Relu", ["x"], ["x"]), TestModel.node("Tanh", ["x"], ["y"])],
      is: "onnx.value.duplicate", saying: "x")
  }

  @Test func absurdSizesAreRefused() {
    check([TestModel.node("Relu", ["x"], ["y"])], sample: [1 << 40], is: "onnx.shape.too-large")
    check(
      [TestModel.node("Relu", ["x"], ["y"])], sample: [Int.max, Int.max],
      is: "onnx.shape.too-large")
    check([TestModel.node("Relu", ["x"], ["y"])], sample: [0], is: "onnx.shape.mismatch")
    check([TestModel.node("Relu", ["x"], ["y"])], sample: [-3], is: "onnx.shape.mismatch")
    let ones = [Float](repeating: 1, count: 1 << 15)
    check(
      [TestModel.node("Add", ["a", "b"], ["c"]), TestModel.node("Mul", ["x", "c"], ["y"])],
      [TestModel.floats("a", [1 << 15, 1], ones), TestModel.floats("b", [1, 1 << 15], ones)],
      sample: [1], is: "onnx.shape.too-large")
    // Sizes that are each allowed, and a product of 2³⁷ multiply-adds.
    check(
      [TestModel.node("MatMul", ["x", "b"], ["y"], name: "tall")],
      [TestModel.floats("b", [1 << 10, 1 << 10], Array(repeating: 1, count: 1 << 20))],
      sample: [1 << 17, 1 << 10], is: "onnx.shape.too-large", saying: "tall")
  }

  @Test func theInterfaceIsChecked() {
    func refused(_ inputs: [ONNXValue]) -> Diagnostic.Code? {
      TestModel.refusal(
        TestModel.model([TestModel.node("Relu", ["x"], ["y"])], [], inputs: inputs))?.code
    }
    let x = ONNXValue(name: "x", elementType: 1, shape: [.fixed(1)])
    #expect(refused([]) == "onnx.graph.interface")
    #expect(
      refused([x, ONNXValue(name: "z", elementType: 1, shape: [])]) == "onnx.graph.interface")
    #expect(
      refused([ONNXValue(name: "x", elementType: 7, shape: [.fixed(1)])]) == "onnx.type.unsupported"
    )
    #expect(refused([ONNXValue(name: "x", elementType: 1, shape: nil)]) == "onnx.shape.dynamic")
    #expect(
      refused([ONNXValue(name: "x", elementType: 1, shape: [.fixed(1), .dynamic("T")])])
        == "onnx.shape.dynamic")
    #expect(refused([ONNXValue(name: "x", elementType: 1, shape: [])]) == nil)
    #expect(
      TestModel.refusal(
        TestModel.model(
          [TestModel.node("Relu", ["c"], ["y"])], [TestModel.floats("c", [1], [1])], sample: [1])
      )?.code == "onnx.graph.interface")
  }

  @Test func integersAreNoOperandsAndParametersMustBeConstant() {
    check(
      [TestModel.node("Add", ["x", "i"], ["y"], name: "sum")], [TestModel.ints("i", [1])],
      is: "onnx.type.unsupported", saying: "sum")
    check(
      [TestModel.node("Reshape", ["x", "x"], ["y"], name: "shape")],
      is: "onnx.operator.unsupported", saying: "constant", "shape")
    check(
      [TestModel.node("Conv", ["x", "x"], ["y"], ["group": .string("one")], name: "c")],
      is: "onnx.attribute.invalid", saying: "group")
  }

  @Test func anOperatorWithoutDerivativeRunsButHasNoGradient() throws {
    var diagnostics = Diagnostics()
    let network = try Network(
      planning: TestModel.model([TestModel.node("Sign", ["x"], ["y"], name: "s")], sample: [2]),
      with: OperatorRegistry([Sign.self]), reportingTo: &diagnostics)
    let x = Tensor<Float>(shape: [1, 2], elements: [-3, 4])
    #expect(try network.outputs(for: x).elements == [-1, 1])
    #expect(!network.isDifferentiable)
    #expect { try network.gradient(at: x) { $0 } } throws: {
      ($0 as? Diagnostic)?.code == "onnx.operator.not-differentiable"
    }
  }

  /// An operator that only runs forwards.
  private struct Sign: NeuralRuntime.RealOperator {
    static let signatures = [OperatorSignature("Sign")]
    let node: OperatorNode
    init(_ node: OperatorNode) throws(Diagnostic) { self.node = node }
    func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { operands }
    func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }
    func forward<S: KernelScalar>(_ operands: [Tensor<S>], by path: KernelPath) -> [Tensor<S>] {
      operands.map { Tensor(shape: $0.shape, elements: $0.elements.map { $0 < 0 ? -1 : 1 }) }
    }
  }

  @Test func aBranchWithAConstantConditionIsItsBody() throws {
    func body(_ operation: String, _ constant: Float) -> ONNXGraph {
      ONNXGraph(
        name: operation, nodes: [TestModel.node(operation, ["x", "w"], ["inner"])],
        initializers: [TestModel.floats("w", [2], [constant, constant])], inputs: [],
        outputs: [ONNXValue(name: "inner", elementType: 1, shape: nil)])
    }
    for (condition, expected) in [(true, [3, 4] as [Float]), (false, [10, 20])] {
      // Both the branch and the graph around it have a "w".
      let network = try TestModel.network(
        TestModel.model(
          [
            TestModel.node(
              "If", ["c"], ["b"],
              [
                "then_branch": .graph(body("Add", 2)), "else_branch": .graph(body("Mul", 10)),
              ]),
            TestModel.node("Mul", ["b", "w"], ["y"]),
          ],
          [
            TestModel.tensor("c", TestModel.truths([], [condition])),
            TestModel.floats("w", [1], [1]),
          ], sample: [2]))
      let x = Tensor<Float>(shape: [1, 2], elements: [1, 2])
      #expect(try network.outputs(for: x).elements == expected)
    }
  }
}
