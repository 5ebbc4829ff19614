import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Models that nobody would write: planning ends in a network that runs, or in a Diagnostic.
@Suite struct HostileModelTests {
  static let signatures = OperatorRegistry.families.flatMap { $0.signatures }
  static let attributes = signatures.flatMap { $0.attributes.sorted() }

  static func number(_ random: inout SeededRandom) -> Int {
    switch random.index(below: 12) {
    case 0: Int.min
    case 1: Int.max
    case 2: 1 << 40
    case 3: -1 << 33
    case 4: 1 << 20
    default: random.index(below: 7) - 2
    }
  }

  /// Mostly what the attribute asks for, so that planning gets further; else anything.
  static func attribute(_ name: String, _ random: inout SeededRandom) -> ONNXAttribute {
    if random.index(below: 5) > 0 {
      switch name {
      case "kernel_shape", "strides", "dilations":
        return .ints((0..<2).map { _ in 1 + random.index(below: 3) })
      case "pads": return .ints((0..<4).map { _ in random.index(below: 3) })
      case "perm":
        return .ints([[0, 1], [1, 0], [0, 2, 1], [0, 3, 1, 2]][random.index(below: 4)])
      case "axes": return .ints([random.index(below: 4)])
      case "auto_pad": return .string(["SAME_UPPER", "SAME_LOWER"][random.index(below: 2)])
      case "alpha", "beta", "epsilon", "min", "max", "ratio": return .float(0.5)
      case "equation":
        return .string(["ij,jk->ik", "...i->...", "ii", "i,j->ij"][random.index(below: 4)])
      case "mode": return .string(["linear", "nearest", "reflect", "edge"][random.index(below: 4)])
      case "to", "dtype": return .int([1, 2, 3, 6, 7, 9, 10, 11][random.index(below: 8)])
      case "value": return .tensor(TestModel.floats("v", [1], [3]))
      default: return .int(random.index(below: 4) - 1)
      }
    }
    switch random.index(below: 7) {
    case 0: return .float([.nan, .infinity, 0, -1e38][random.index(below: 4)])
    case 1: return .string(["SAME_UPPER", "VALID", "", "\u{0}"][random.index(below: 4)])
    case 2: return .unsupported("graph")
    case 3, 4: return .ints((0..<random.index(below: 6)).map { _ in number(&random) })
    default: return .int(number(&random))
    }
  }

  static func tensor(_ name: String, _ random: inout SeededRandom) -> ONNXTensor {
    if random.index(below: 5) == 0 {
      return TestModel.ints(name, (0..<random.index(below: 5)).map { _ in number(&random) })
    }
    let shape = (0..<random.index(below: 5)).map { _ in
      random.index(below: 20) == 0 ? 0 : 1 + random.index(below: 4)
    }
    let count = shape.reduce(1, *)
    return TestModel.floats(name, shape, TestModel.random(count, scale: 3, &random))
  }

  static func model(_ random: inout SeededRandom) -> ONNXModel {
    var names = ["c0", "c1", "c2", "c3", "x"]
    let constants = (0..<4).map { tensor("c\($0)", &random) }
    var nodes: [ONNXNode] = []
    for index in 0..<[1, 1, 1, 2, 4][random.index(below: 5)] {
      let signature = signatures[random.index(below: signatures.count)]
      var count = min(signature.operands.upperBound + signature.placed.count, 5)
      if random.index(below: 2) == 0 { count = signature.operands.lowerBound }
      if random.index(below: 3) == 0 { count += signature.parameters.count }
      if random.index(below: 12) == 0 { count = random.index(below: 7) }
      let inputs = (0..<count).map { position in
        if position == 0, random.index(below: 8) > 0 { return names.last ?? "x" }
        return random.index(below: 20) == 0 ? "" : names[random.index(below: names.count)]
      }
      var chosen: [String: ONNXAttribute] = [:]
      for name in signature.attributes.sorted() where random.index(below: 3) == 0 {
        chosen[name] = attribute(name, &random)
      }
      if random.index(below: 20) == 0 {
        let name = attributes[random.index(below: attributes.count)]
        chosen[name] = attribute(name, &random)
      }
      let odd = ["Constant", "Nonsense"]
      let operation =
        random.index(below: 15) == 0
        ? odd[random.index(below: 2)] : signature.operation
      nodes.append(
        TestModel.node(
          operation, inputs, ["v\(index)"], chosen, name: "n\(index)", domain: signature.domain))
      names.append("v\(index)")
    }
    nodes.append(TestModel.node("Identity", [names.last ?? "x"], ["y"]))
    var shape: [ONNXValue.Dimension] = [.dynamic(nil)]
    for _ in 0..<[1, 3, 3, random.index(below: 6)][random.index(below: 4)] {
      shape.append(.fixed(1 + random.index(below: 6)))
    }
    if random.index(below: 10) == 0 { shape.append(.fixed(number(&random))) }
    var model = TestModel.model(
      nodes, constants, inputs: [ONNXValue(name: "x", elementType: 1, shape: shape)],
      opset: 7 + random.index(below: 16))
    model.opsets["ai.onnx.ml"] = 1 + random.index(below: 5)
    return model
  }

  /// The same kinds of model, run node by node, with integers and truth values among the constants.
  @Test func everySeedRunsOrIsRefused() {
    var ran = 0
    var codes: Set<String> = []
    let seed: UInt64 = 78
    for index in 0..<12_000 {
      var random = SeededRandom(seed: seed).stream("hostile run", index)
      var model = Self.model(&random)
      for place in model.graph.initializers.indices where random.index(below: 3) == 0 {
        let count = model.graph.initializers[place].values.count
        let shape = model.graph.initializers[place].shape
        let integers = (0..<count).map { _ in Int64(Self.number(&random)) }
        let tensor = Tensor(shape: shape, elements: integers)
        switch random.index(below: 4) {
        case 0: model.graph.initializers[place].values = tensor.converted(to: Bool.self)
        case 1: model.graph.initializers[place].values = tensor.converted(to: UInt8.self)
        case 2:
          model.graph.initializers[place].values = Tensor(
            shape: shape, elements: integers.map { "\($0)" })
        default: model.graph.initializers[place].values = tensor
        }
      }
      var diagnostics = Diagnostics()
      do throws(Diagnostic) {
        let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
        let shape = model.graph.inputs[0].shape?.map { dimension in
          if case .fixed(let length) = dimension { length } else { 2 }
        }
        guard let shape, (shape.allSatisfy { $0 >= 0 && $0 < 100 }) else { continue }
        let x = Tensor<Float>(repeating: 0.5, shape: shape)
        let outputs = try evaluator.run(["x": .tensor(x)])
        ran += 1
        #expect(outputs.count == 1, "seed \(seed), case \(index)")
        _ = try evaluator.gradients(at: ["x": .tensor(x)], of: "y") { (y: Tensor<Float>) in y }
      } catch {
        codes.insert(error.code.name)
        #expect(
          error.location != nil || error.code.name.hasPrefix("model."),
          "seed \(seed), case \(index): \(error)")
      }
    }
    print("hostile models: \(ran) ran, refused for \(codes.count) reasons")
    #expect(ran > 600 && codes.count >= 6, "\(ran) ran; \(codes.sorted())")
  }

  @Test func everySeedEndsInSuccessOrDiagnostic() {
    var planned = 0
    var codes: Set<String> = []
    let seed: UInt64 = 77
    for index in 0..<4_000 {
      var random = SeededRandom(seed: seed).stream("hostile", index)
      let model = Self.model(&random)
      var diagnostics = Diagnostics()
      do throws(Diagnostic) {
        let network = try Network(planning: model, reportingTo: &diagnostics)
        planned += 1
        guard network.input.shape.reduce(1, *) <= 1 << 12,
          network.output.shape.reduce(1, *) <= 1 << 16
        else { continue }
        let x = Tensor<Float>(repeating: 0.5, shape: [2] + network.input.shape)
        let (y, gradient) = try network.gradient(at: x) { $0 }
        #expect(y.shape == [2] + network.output.shape, "seed \(seed), case \(index)")
        #expect(gradient.shape == x.shape, "seed \(seed), case \(index)")
      } catch {
        codes.insert(error.code.name)
        #expect(error.location != nil, "seed \(seed), case \(index): \(error)")
      }
    }
    #expect(planned > 200, "only \(planned) models can run: the generator is too wild")
    #expect(
      codes.count >= 5, "and models that are refused for different reasons: \(codes.sorted())")
  }
}
