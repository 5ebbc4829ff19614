import Dispatch
import EngineSupport
import Foundation
import NetworkVerification
import NeuralRuntime
import ONNXFormat
import PropertyFormat
import Synchronization
import TensorCore
import Testing

/// Verdicts on small networks whose truth is known, and on networks of the corpus.
@Suite struct PropertyVerifierTests {
  private static let seed: UInt64 = 23

  /// A network of dense layers with rectifiers between them.
  private static func dense(_ sizes: [Int], _ random: inout SeededRandom, scale: Double = 1) throws
    -> Network
  {
    let place = SourceLocation(document: "test.onnx")
    var nodes: [ONNXNode] = []
    var constants: [ONNXTensor] = []
    var name = "x"
    for layer in 1..<sizes.count {
      let shape = [sizes[layer - 1], sizes[layer]]
      func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float((random.uniform() * 2 - 1) * scale) }
      }
      constants.append(
        ONNXTensor(
          name: "w\(layer)", values: Tensor(shape: shape, elements: values(shape[0] * shape[1])),
          location: place))
      constants.append(
        ONNXTensor(
          name: "b\(layer)", values: Tensor(shape: [shape[1]], elements: values(shape[1])),
          location: place))
      let isLast = layer == sizes.count - 1
      let sum = isLast ? "y" : "a\(layer)"
      nodes.append(node("Gemm", [name, "w\(layer)", "b\(layer)"], [sum]))
      if !isLast { nodes.append(node("Relu", [sum], ["r\(layer)"])) }
      name = "r\(layer)"
    }
    var diagnostics = Diagnostics()
    return try Network(
      planning: ONNXModel(
        irVersion: 8, producer: "test", opsets: ["": 17],
        graph: ONNXGraph(
          name: "test", nodes: nodes, initializers: constants,
          inputs: [ONNXValue(name: "x", elementType: 1, shape: [.fixed(1), .fixed(sizes[0])])],
          outputs: [ONNXValue(name: "y", elementType: 1, shape: nil)])),
      reportingTo: &diagnostics)
  }

  private static func node(_ operation: String, _ inputs: [String], _ outputs: [String]) -> ONNXNode
  {
    ONNXNode(
      name: outputs[0], operation: operation, domain: "", inputs: inputs, outputs: outputs,
      attributes: [:], location: SourceLocation(document: "test.onnx", path: outputs[0]))
  }

  /// Inputs from −1 to 1, and assertions.
  private static func property(
    inputs: Int, outputs: Int, _ assertions: String
  ) throws -> SafetyProperty {
    var text = ""
    for input in 0..<inputs {
      text +=
        "(declare-const X_\(input) Real)(assert (<= X_\(input) 1))(assert (>= X_\(input) -1))\n"
    }
    for output in 0..<outputs { text += "(declare-const Y_\(output) Real)\n" }
    return try SafetyProperty(
      reading: InputDocument(name: "p.vnnlib", bytes: Array((text + assertions).utf8)))
  }

  private static func verifier(_ network: Network, _ property: SafetyProperty) throws
    -> PropertyVerifier
  { try PropertyVerifier(network, property, at: SourceLocation(document: "p.vnnlib")) }

  /// The greatest output over a fine grid, against thresholds a little above and below it.
  @Test(arguments: 0..<12)
  func verdictsAgreeWithAGrid(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("grid", index)
    let inputs = 1 + index % 2
    let network = try Self.dense([inputs, 8, 6, 1], &random)
    let side = inputs == 1 ? 20_001 : 401
    let points = (0..<(inputs == 1 ? side : side * side)).flatMap { place -> [Float] in
      let coordinates = [place % side, place / side].prefix(inputs)
      return coordinates.map { Float($0) / Float(side - 1) * 2 - 1 }
    }
    let values = try network.outputs(
      for: Tensor(shape: [points.count / inputs, inputs], elements: points)
    ).elements
    let most = try #require(values.max())
    let reachable = try Self.verifier(
      network, Self.property(inputs: inputs, outputs: 1, "(assert (>= Y_0 \(most - 0.01)))")
    ).verify()
    guard case .refuted(let found) = reachable.verdict else {
      Issue.record("\(reachable), seed \(Self.seed)")
      return
    }
    #expect(found.inputs.allSatisfy { $0 >= -1 && $0 <= 1 } && found.outputs[0] >= most - 0.01)
    let replay = try network.outputs(for: Tensor(shape: [1, inputs], elements: found.inputs))
    #expect(replay.elements == found.outputs)
    // Between the points of the grid the output rises by less than this.
    let beyond = try Self.verifier(
      network, Self.property(inputs: inputs, outputs: 1, "(assert (>= Y_0 \(most + 0.1)))")
    ).verify()
    #expect(beyond.verdict == .proved, "\(beyond), seed \(Self.seed)")
  }

  /// Constraints that mix inputs with outputs, several cases, and boxes that do not touch.
  @Test func inputsAndOutputsMayMeetInAConstraint() throws {
    var random = SeededRandom(seed: Self.seed).stream("mixed", 0)
    let network = try Self.dense([2, 6, 2], &random)
    let values = try network.outputs(
      for: Tensor<Float>(
        shape: [40_000, 2],
        elements: (0..<80_000).map { _ in Float(random.uniform() * 2 - 1) }))
    let gap = (0..<40_000).map { values.elements[2 * $0] - values.elements[2 * $0 + 1] }
    let most = try #require(gap.max())
    let text = """
      (assert (>= (- Y_0 Y_1 (* 0 X_0)) \(most + 0.2)))
      (assert (or (<= X_0 -0.5) (and (>= X_0 0.5) (>= (+ X_1 Y_0 (- Y_0)) -1))))
      """
    let result = try Self.verifier(network, Self.property(inputs: 2, outputs: 2, text)).verify()
    #expect(result.verdict == .proved)
    // x₀ + x₁ ≤ −2 holds in one corner only, and there the output is what it is.
    let corner = try network.outputs(for: Tensor<Float>(shape: [1, 2], elements: [-1, -1])).elements
    let open = """
      (assert (<= (+ X_0 X_1) -1.999))
      (assert (<= Y_0 \(corner[0] + 0.01)))
      """
    let found = try Self.verifier(network, Self.property(inputs: 2, outputs: 2, open)).verify()
    guard case .refuted(let example) = found.verdict else {
      Issue.record("\(found), seed \(Self.seed)")
      return
    }
    #expect(example.inputs[0] + example.inputs[1] <= -1.999)
  }

  @Test func theResultDoesNotDependOnTheSchedule() throws {
    var random = SeededRandom(seed: Self.seed).stream("schedule", 0)
    let network = try Self.dense([4, 16, 16, 2], &random, scale: 0.7)
    let values = try network.outputs(
      for: Tensor<Float>(
        shape: [20_000, 4], elements: (0..<80_000).map { _ in Float(random.uniform() * 2 - 1) }))
    let most = try #require((0..<20_000).map { values.elements[2 * $0] }.max())
    for margin in [Float(0.3), 0.02, -0.2] {
      let verifier = try Self.verifier(
        network, Self.property(inputs: 4, outputs: 2, "(assert (>= Y_0 \(most + margin)))"))
      let effort = VerificationEffort(boxes: 20_000)
      let serial = verifier.verify(within: effort)
      let parallel = verifier.verify(
        within: effort,
        schedule: { tasks in
          let outcomes = Mutex([Int: PropertyVerifier.Outcome]())
          DispatchQueue.concurrentPerform(iterations: tasks.count) { place in
            let outcome = tasks[place]()
            outcomes.withLock { $0[place] = outcome }
          }
          return outcomes.withLock { outcomes in tasks.indices.compactMap { outcomes[$0] } }
        })
      #expect(serial == parallel)
    }
  }

  @Test func withoutTimeTheWholeBoxIsOpen() throws {
    var random = SeededRandom(seed: Self.seed).stream("time", 0)
    let network = try Self.dense([3, 12, 12, 1], &random)
    let verifier = try Self.verifier(
      network, Self.property(inputs: 3, outputs: 1, "(assert (>= Y_0 1e6))"))
    let result = verifier.verify(isTimeLeft: { false })
    #expect(result.verdict == .unknown(openShare: 1) && result.boxes == 0)
    #expect(verifier.verify().verdict == .proved)
  }

  /// With more than twelve inputs boxes are not halved along inputs.
  @Test func manyInputsAreSplitAtActivations() throws {
    var random = SeededRandom(seed: Self.seed).stream("many", 0)
    let network = try Self.dense([16, 10, 8, 1], &random, scale: 0.5)
    let values = try network.outputs(
      for: Tensor<Float>(
        shape: [50_000, 16], elements: (0..<800_000).map { _ in random.next() & 1 == 0 ? 1 : -1 }))
    let most = try #require(values.elements.max())
    let verifier = try Self.verifier(
      network, Self.property(inputs: 16, outputs: 1, "(assert (>= Y_0 \(most + 0.8)))"))
    let result = verifier.verify(within: VerificationEffort(boxes: 4_000))
    #expect(result.verdict == .proved, "\(result)")
    let reachable = try Self.verifier(
      network, Self.property(inputs: 16, outputs: 1, "(assert (>= Y_0 \(most - 0.5)))")
    ).verify()
    if case .refuted = reachable.verdict {} else { Issue.record("\(reachable)") }
  }

  @Test func wrongPropertiesAreRefusedWithAPlace() throws {
    var random = SeededRandom(seed: Self.seed).stream("wrong", 0)
    let network = try Self.dense([2, 3, 1], &random)
    let other = try Self.property(inputs: 3, outputs: 1, "(assert (>= Y_0 0))")
    #expect(throws: Diagnostic.self) { try Self.verifier(network, other) }
    let open = try SafetyProperty(
      reading: InputDocument(
        name: "p.vnnlib",
        bytes: Array(
          "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)(assert (<= X_0 1))"
            .utf8)))
    do {
      _ = try Self.verifier(network, open)
      Issue.record("an input without bounds was accepted")
    } catch {
      #expect((error as? Diagnostic)?.code == "vnnlib.unbounded")
    }
  }

  /// An input whose bounds leave no `Float` between them stands for the nearest one; bounds the wrong way round
  /// leave nothing to violate.
  @Test func degenerateBoxesAreUnderstood() throws {
    var random = SeededRandom(seed: Self.seed).stream("degenerate", 0)
    let network = try Self.dense([2, 3, 1], &random)
    func check(_ bounds: String, _ assertion: String) throws -> VerificationResult {
      let text =
        "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)" + bounds
        + assertion
      return try Self.verifier(
        network, SafetyProperty(reading: InputDocument(name: "p", bytes: Array(text.utf8)))
      ).verify()
    }
    let pinned =
      "(assert (<= X_0 0.1))(assert (>= X_0 0.1))(assert (<= X_1 0.7))(assert (>= X_1 0.7))"
    let found = try check(pinned, "(assert (<= Y_0 1e9))")
    if case .refuted(let example) = found.verdict {
      #expect(example.inputs == [0.1, 0.7])
      #expect(example.text.hasPrefix("((X_0 0.10000000149011612)\n(X_1 "))
    } else {
      Issue.record("\(found)")
    }
    #expect(try check(pinned, "(assert (>= Y_0 1e9))").verdict == .proved)
    let empty =
      "(assert (<= X_0 -1))(assert (>= X_0 1))(assert (<= X_1 0))(assert (>= X_1 0))"
    #expect(try check(empty, "(assert (<= Y_0 1e9))").verdict == .proved)
  }

  // MARK: Quantised networks

  private static func bundled(_ name: String) throws -> Network {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("models/\(name)/model.onnx")
    var diagnostics = Diagnostics()
    return try Network(
      planning: ONNXModel(
        reading: InputDocument(name: name, bytes: [UInt8](Data(contentsOf: file)))),
      reportingTo: &diagnostics)
  }

  /// ± 0.03 mV and ± 0.1 °C move the pressure by at most 0.05 bar: a staircase of 8 bits is proved step by step, and a
  /// tolerance below its steps is refuted.
  @Test(arguments: [
    [80.80469, -37.5], [54.726562, 69.1875], [6.984375, 80.625], [75.03906, -1.375],
    [60, 22.5], [110.3, 40.2],
  ])
  func aQuantisedRegressionIsCertified(_ reading: [Float]) throws {
    let network = try Self.bundled("pressure-comp")
    let pressure = try network.outputs(for: Tensor(shape: [1, 2], elements: reading)).elements[0]
    func check(_ reach: [Float], _ tolerance: Float) throws -> VerificationResult {
      var text = "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)"
      for (input, reach) in reach.enumerated() {
        text += "(assert (<= X_\(input) \(reading[input] + reach)))"
        text += "(assert (>= X_\(input) \(reading[input] - reach)))"
      }
      text += "(assert (or (>= Y_0 \(pressure + tolerance)) (<= Y_0 \(pressure - tolerance))))"
      let property = try SafetyProperty(
        reading: InputDocument(name: "p.vnnlib", bytes: Array(text.utf8)))
      return try Self.verifier(network, property).verify(within: VerificationEffort(boxes: 2_000))
    }
    let held = try check([0.03, 0.1], 0.05)
    #expect(held.verdict == .proved, "\(held)")
    #expect(held.boxes < 100, "\(held)")
    if case .refuted = try check([0.03, 0.1], 0.001).verdict {
    } else {
      Issue.record("a millibar is less than the straight line alone moves")
    }
    // A wider box holds dozens of steps.
    let wide = try check([1, 1], 0.3)
    #expect(wide.verdict == .proved, "\(wide)")
  }

  /// Quick instances of the ACAS Xu benchmark; all 186 are run by `benchmarks`.
  @Test(arguments: [
    ("1_1", 1, false), ("1_1", 4, false), ("2_9", 8, true), ("4_5", 10, false), ("1_7", 3, true),
    ("2_1", 2, true),
  ])
  func corpusVerdictsAreMet(_ net: String, _ number: Int, _ isViolated: Bool) throws {
    let corpus = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared/corpus")
    let model = corpus.appendingPathComponent("onnx/Marabou/ACASXU_experimental_v2a_\(net).onnx")
    let file = corpus.appendingPathComponent("vnnlib/vnncomp2021/prop_\(number).vnnlib")
    guard let bytes = try? Data(contentsOf: model), let text = try? Data(contentsOf: file) else {
      print("skipped: the corpus is not beside this checkout")
      return
    }
    var diagnostics = Diagnostics()
    let network = try Network(
      planning: ONNXModel(reading: InputDocument(name: net, bytes: [UInt8](bytes))),
      reportingTo: &diagnostics)
    let property = try SafetyProperty(
      reading: InputDocument(name: "prop_\(number).vnnlib", bytes: [UInt8](text)))
    let result = try Self.verifier(network, property).verify(
      within: VerificationEffort(boxes: 50_000))
    switch result.verdict {
    case .proved: #expect(!isViolated)
    case .refuted(let found):
      #expect(isViolated)
      for (input, value) in found.inputs.enumerated() {
        let item = property.cases[found.caseIndex]
        #expect(
          Double(value) >= item.least[input].above && Double(value) <= item.most[input].below)
      }
    case .unknown: Issue.record("\(net) property \(number) is open after \(result.boxes) boxes")
    }
  }
}
