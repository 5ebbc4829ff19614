import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import PropertyFormat
import TensorCore
import Testing

@testable import NetworkVerification

/// Brackets of least distortions on networks whose truth is known in closed form or by enumeration.
@Suite struct DistortionBracketTests {
  private typealias Networks = DistortionNetworks
  private static let seed: UInt64 = 29

  private static func distortion(
    _ network: Network, from sample: [Float], reach: Float = 1, class target: Int,
    norm: DistortionNorm, _ arithmetic: MinimalDistortion.Arithmetic = .exact
  ) throws -> MinimalDistortion {
    try MinimalDistortion(
      network, from: sample, within: sample.map { $0 - reach }, sample.map { $0 + reach },
      to: MinimalDistortion.classConstraints(target, of: network.output.shape.reduce(1, *)),
      norm: norm, holdingFor: arithmetic)
  }

  /// |w · x + b| over the dual norm of w.
  @Test(arguments: 0..<8)
  func linearClassifiersHaveTheirClosedForm(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("linear", index)
    let inputs = 2 + index
    let layer = Networks.layer(inputs, 2, &random)
    let sample = (0..<inputs).map { _ in Float(random.uniform()) }
    let network = try Networks.dense([layer])
    let slopes = (0..<inputs).map {
      Double(layer.weights[2 * $0]) - Double(layer.weights[2 * $0 + 1])
    }
    var margin = Double(layer.bias[0]) - Double(layer.bias[1])
    for (slope, x) in zip(slopes, sample) { margin += slope * Double(x) }
    let target = margin > 0 ? 1 : 0
    for norm in DistortionNorm.allCases {
      let dual =
        norm == .linf
        ? slopes.reduce(0) { $0 + abs($1) } : slopes.reduce(0) { max($0, abs($1)) }
      let truth = abs(margin) / dual
      let result = try Self.distortion(
        network, from: sample, reach: 8, class: target, norm: norm
      ).bracket()
      #expect(result.lower <= truth * (1 + 1e-12), "\(result), seed \(Self.seed)")
      #expect(result.lower >= truth * (1 - 1e-6))
      let upper = try #require(result.upper)
      #expect(upper >= truth * (1 - 1e-6) && upper <= truth * (1 + 2e-5))
    }
  }

  /// The least distance over all patterns of sides, each a linear program of its own.
  private static func enumerated(
    _ layers: [(weights: [Float], bias: [Float])], slope: Double, from sample: [Float],
    reach: Double, class target: Int, norm: DistortionNorm
  ) -> Double {
    let inputs = sample.count
    let hidden = layers.dropLast().reduce(0) { $0 + $1.bias.count }
    var best = Double.infinity
    for pattern in 0..<1 << hidden {
      // Columns: what is added to each input and taken from it, and for the greatest change its value.
      let columns = 2 * inputs + 1
      var program = LinearProgram(
        cost: norm == .linf
          ? Array(repeating: 0, count: 2 * inputs) + [1]
          : Array(repeating: 1, count: 2 * inputs) + [0],
        lower: Array(repeating: 0, count: columns),
        upper: Array(repeating: reach, count: columns))
      var rows = (0..<inputs).map { input in
        var row = [Double](repeating: 0, count: columns)
        (row[input], row[inputs + input]) = (1, -1)
        if norm == .linf {
          program.addRow(
            [(input, 1), (inputs + input, 1), (2 * inputs, -1)], from: -reach, to: 0)
        }
        return (row, Double(sample[input]))
      }
      var bit = 0
      for (place, layer) in layers.enumerated() {
        let outputs = layer.bias.count
        var next = (0..<outputs).map { output in
          var (row, constant) = ([Double](repeating: 0, count: columns), Double(layer.bias[output]))
          for (source, given) in rows.enumerated() {
            let weight = Double(layer.weights[source * outputs + output])
            for column in 0..<columns { row[column] += weight * given.0[column] }
            constant += weight * given.1
          }
          return (row, constant)
        }
        if place < layers.count - 1 {
          for output in next.indices {
            let (row, constant) = next[output]
            let terms = row.enumerated().map { (column: $0, factor: $1) }
            if pattern >> bit & 1 == 1 {
              program.addRow(terms, from: -constant, to: 1e3)
            } else {
              program.addRow(terms, from: -1e3, to: -constant)
              next[output] = (row.map { $0 * slope }, constant * slope)
            }
            bit += 1
          }
        }
        rows = next
      }
      for (output, row) in rows.enumerated() where output != target {
        program.addRow(
          row.0.enumerated().map { ($0, $1 - rows[target].0[$0]) }, from: -1e3,
          to: rows[target].1 - row.1)
      }
      var simplex = DualSimplex(program)
      if simplex.solve(limit: 100_000) == .optimal { best = min(best, simplex.objective) }
    }
    return best
  }

  @Test(arguments: 0..<12)
  func tinyNetworksAgreeWithAllPatterns(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("patterns", index)
    let layers = [
      Networks.layer(3, 5, &random), Networks.layer(5, 4, &random), Networks.layer(4, 3, &random),
    ]
    let slope = index % 3 == 2 ? 0.125 : 0
    let network = try Networks.dense(
      layers, activation: slope > 0 ? "LeakyRelu" : "Relu",
      slope > 0 ? ["alpha": .float(Float(slope))] : [:])
    let sample = (0..<3).map { _ in Float(random.uniform()) }
    let norm: DistortionNorm = index % 2 == 0 ? .linf : .l1
    for target in 0..<3 {
      let truth = Self.enumerated(
        layers, slope: slope, from: sample, reach: 1, class: target, norm: norm)
      let result = try Self.distortion(network, from: sample, class: target, norm: norm).bracket()
      let place = "\(norm) to \(target): \(result), truth \(truth), seed \(Self.seed)"
      guard truth < .infinity else {
        #expect(result.ending == .infeasible && result.lower == .infinity, "\(place)")
        continue
      }
      #expect(result.lower <= truth + 1e-9 && result.lower >= truth * (1 - 1e-5) - 1e-9, "\(place)")
      let upper = try #require(result.upper)
      #expect(upper >= truth - 1e-7 && upper <= truth * (1 + 1e-4) + 1e-6, "\(place)")
      let example = try #require(result.example)
      let scores = try network.outputs(for: Tensor(shape: [1, 3], elements: example)).elements
      #expect(scores.allSatisfy { $0 <= scores[target] })
      // The claim for every engine is weaker, and by little.
      let any = try Self.distortion(
        network, from: sample, class: target, norm: norm, .anyFloat
      ).bracket()
      #expect(any.lower <= truth + 1e-9 && any.lower >= truth * (1 - 1e-3) - 1e-5, "\(place)")
    }
  }

  /// Operators beside Relu, against the same network with rectifiers, on a grid.
  @Test(arguments: ["Clip", "Abs", "Max", "Min", "MaxPool"])
  func otherKinksAgreeWithAGrid(_ operation: String) throws {
    var random = SeededRandom(seed: Self.seed).stream("kinks", operation.utf8.count)
    let (first, last) = (Networks.layer(2, 6, &random), Networks.layer(6, 2, &random))
    var constants = [
      Networks.floats("w", [2, 6], first.weights), Networks.floats("b", [6], first.bias),
      Networks.floats("low", [], [-0.25]), Networks.floats("high", [], [0.5]),
      Networks.floats("c", [6], first.bias.reversed()),
    ]
    var nodes = [Networks.node("Gemm", ["x", "w", "b"], "a")]
    var width = 6
    switch operation {
    case "Clip": nodes.append(Networks.node("Clip", ["a", "low", "high"], "h"))
    case "Abs": nodes.append(Networks.node("Abs", ["a"], "h"))
    case "MaxPool":
      width = 3
      constants.append(
        ONNXTensor(
          name: "s", values: Tensor(shape: [3], elements: [-1, 1, 6] as [Int64]),
          location: SourceLocation(document: "test.onnx")))
      nodes.append(Networks.node("Reshape", ["a", "s"], "r"))
      nodes.append(
        Networks.node("MaxPool", ["r"], "p", ["kernel_shape": .ints([2]), "strides": .ints([2])]))
      nodes.append(Networks.node("Flatten", ["p"], "h"))
    default: nodes.append(Networks.node(operation, ["a", "c"], "h"))
    }
    constants.append(Networks.floats("v", [width, 2], Array(last.weights.prefix(2 * width))))
    constants.append(Networks.floats("d", [2], last.bias))
    nodes.append(Networks.node("Gemm", ["h", "v", "d"], "y"))
    let network = try Networks.network(nodes, constants, sample: [2])
    let side = 801
    let points = (0..<side * side).flatMap { place -> [Float] in
      let (column, row) = (Float(place % side), Float(place / side))
      return [column / 400 - 1, row / 400 - 1]
    }
    let scores = try network.outputs(
      for: Tensor(shape: [side * side, 2], elements: points)
    ).elements
    for target in 0..<2 {
      var nearest = Double.infinity
      for row in 0..<side * side where scores[2 * row + target] >= scores[2 * row + 1 - target] {
        nearest = min(nearest, Double(max(abs(points[2 * row]), abs(points[2 * row + 1]))))
      }
      let result = try Self.distortion(network, from: [0, 0], class: target, norm: .linf).bracket()
      guard nearest < .infinity else {
        #expect(result.lower > 0.99, "\(result)")
        continue
      }
      #expect(result.lower <= nearest && result.lower >= nearest - 0.01, "\(result), \(nearest)")
      #expect(result.ending == .closed || result.upper == 0, "\(result)")
    }
  }

  @Test func aSampleThatFulfilsTheConstraintsIsItsOwnExample() throws {
    let network = try Networks.dense([([1, 0], [0, 0])])
    let result = try Self.distortion(network, from: [1], class: 0, norm: .linf).bracket()
    #expect(result.lower == 0 && result.upper == 0 && result.example == [1])
    #expect(result.ending == .closed)
  }

  @Test func whatNobodyReachesIsInfeasible() throws {
    // relu(x) + 1 is never below 0.
    let network = try Networks.dense([([1], [0]), ([1, 0], [1, 0])])
    let result = try Self.distortion(network, from: [0], class: 1, norm: .l1, .anyFloat).bracket()
    #expect(result.ending == .infeasible && result.lower == .infinity)
    #expect(result.upper == nil && result.example == nil)
  }

  @Test func spentEffortLeavesABracket() throws {
    var random = SeededRandom(seed: Self.seed).stream("effort", 0)
    let layers = [
      Networks.layer(8, 24, &random), Networks.layer(24, 24, &random),
      Networks.layer(24, 4, &random),
    ]
    let network = try Networks.dense(layers)
    let sample = (0..<8).map { _ in Float(random.uniform()) }
    let distortion = try Self.distortion(network, from: sample, class: 2, norm: .l1)
    let whole = try distortion.bracket(within: DistortionEffort(nodes: 400))
    for effort in [
      DistortionEffort(nodes: 1), DistortionEffort(pivots: 1), DistortionEffort(memory: 1),
    ] {
      let part = try distortion.bracket(within: effort)
      #expect(part.lower <= whole.lower && part.nodes <= whole.nodes, "seed \(Self.seed)")
      if let upper = part.upper, let best = whole.upper { #expect(upper >= best) }
    }
    let stopped = try distortion.bracket(isTimeLeft: { false })
    #expect(stopped.nodes <= whole.nodes && stopped.lower <= whole.lower)
  }

  @Test func theBracketDoesNotDependOnTheSchedule() throws {
    var random = SeededRandom(seed: Self.seed).stream("schedule", 0)
    let layers = [
      Networks.layer(6, 16, &random), Networks.layer(16, 12, &random),
      Networks.layer(12, 3, &random),
    ]
    let sample = (0..<6).map { _ in Float(random.uniform()) }
    let network = try Networks.dense(layers)
    for target in 0..<3 {
      let distortion = try Self.distortion(network, from: sample, class: target, norm: .linf)
      let effort = DistortionEffort(nodes: 200)
      let forwards = try distortion.bracket(within: effort)
      let backwards = try distortion.bracket(
        within: effort, schedule: { Array($0.reversed().map { $0() }.reversed()) })
      #expect(forwards == backwards, "seed \(Self.seed)")
    }
  }

  @Test func whatIsNotPiecewiseLinearIsRefusedByName() throws {
    let network = try Networks.dense([([1], [0]), ([1, 0], [0, 0])], activation: "Sigmoid")
    let distortion = try Self.distortion(network, from: [0], class: 1, norm: .linf)
    #expect {
      try distortion.bracket()
    } throws: { error in
      let diagnostic = error as? Diagnostic
      return diagnostic?.code == "onnx.operator.not-piecewise-linear"
        && diagnostic?.message.contains("Sigmoid") == true
    }
  }

  @Test func hostileSamplesAndConstraintsAreRefused() throws {
    let network = try Networks.dense([([1, 0], [0, 0])])
    func make(
      _ sample: [Float], _ low: [Float], _ high: [Float],
      _ constraints: [SafetyProperty.LinearConstraint] = []
    ) -> Diagnostic? {
      do {
        _ = try MinimalDistortion(
          network, from: sample, within: low, high, to: constraints, norm: .l1)
        return nil
      } catch {
        return error
      }
    }
    let place = SourceLocation(document: "test")
    func constraint(_ index: Int, _ coefficient: Double) -> SafetyProperty.LinearConstraint {
      SafetyProperty.LinearConstraint(
        inputs: [], outputs: [.init(index: index, coefficient: coefficient)], constant: 0,
        location: place)
    }
    #expect(make([0], [-1], [1]) == nil)
    for refused in [
      make([], [], []), make([2], [-1], [1]), make([.nan], [-1], [1]), make([0], [-.infinity], [1]),
      make([0], [1], [-1]), make([0], [-1], [1], [constraint(2, 1)]),
      make([0], [-1], [1], [constraint(-1, 1)]), make([0], [-1], [1], [constraint(0, .nan)]),
    ] {
      #expect(refused?.code == "distortion.malformed")
    }
  }
}
