import EngineSupport
import NeuralRuntime
import ONNXFormat
import PropertyFormat
import TensorCore
import Testing

@testable import NetworkVerification

/// The relaxation behind least distances: every input keeps to its rows, in every part of the tree that holds the input.
@Suite struct DistortionModelTests {
  private typealias Networks = DistortionNetworks
  private static let seed: UInt64 = 31
  /// Of sums of some dozen terms about 1.
  private static let tolerance = 1e-11

  private static func network(_ kind: String, _ random: inout SeededRandom) throws -> Network {
    let layers = [
      Networks.layer(4, 12, &random), Networks.layer(12, 6, &random), Networks.layer(6, 2, &random),
    ]
    switch kind {
    case "LeakyRelu": return try Networks.dense(layers, activation: kind, ["alpha": .float(0.125)])
    case "MaxPool":
      let inner = Networks.layer(3, 6, &random)
      let constants = [
        Networks.floats("w", [4, 12], layers[0].weights),
        Networks.floats("b", [12], layers[0].bias),
        Networks.floats("v", [3, 6], inner.weights), Networks.floats("d", [6], inner.bias),
        ONNXTensor(
          name: "s", values: Tensor(shape: [3], elements: [-1, 1, 12] as [Int64]),
          location: SourceLocation(document: "test.onnx")),
      ]
      let nodes = [
        Networks.node("Gemm", ["x", "w", "b"], "a"), Networks.node("Relu", ["a"], "r"),
        Networks.node("Reshape", ["r", "s"], "t"),
        Networks.node("MaxPool", ["t"], "p", ["kernel_shape": .ints([4]), "strides": .ints([4])]),
        Networks.node("Flatten", ["p"], "f"), Networks.node("Gemm", ["f", "v", "d"], "g"),
        Networks.node("Relu", ["g"], "y"),
      ]
      return try Networks.network(nodes, constants, sample: [4])
    default: return try Networks.dense(layers)
    }
  }

  /// The model of a ball, with a constraint that every input fulfils.
  private static func model(
    _ kind: String, _ norm: DistortionNorm, within ceiling: Double, _ random: inout SeededRandom,
    holdingFor arithmetic: MinimalDistortion.Arithmetic = .exact
  ) throws -> DistortionModel {
    let network = try network(kind, &random)
    let sample = (0..<4).map { _ in Float(random.uniform()) }
    let constraint = SafetyProperty.LinearConstraint(
      inputs: [],
      outputs: (0..<network.output.shape[0]).map { .init(index: $0, coefficient: 1) },
      constant: -1_000, location: SourceLocation(document: "test"))
    let model = try MinimalDistortion(
      network, from: sample, within: [0, 0, 0, 0], [1, 1, 1, 1], to: [constraint], norm: norm,
      holdingFor: arithmetic
    ).model(within: ceiling)
    // Only the rows' own constants shall count: bounds from elsewhere know more of them.
    var form = model.form
    for maximum in form.maxima.indices {
      for candidate in form.maxima[maximum].candidates.indices {
        form.maxima[maximum].candidates[candidate].lower = -1e3
        form.maxima[maximum].candidates[candidate].upper = 1e3
      }
    }
    return DistortionModel(form, from: model.sample, norm: norm)
  }

  /// An input within the limits and within the distance, every other time a corner of them.
  private static func input(
    of model: DistortionModel, within ceiling: Double, _ random: inout SeededRandom
  ) -> [Double] {
    let isCorner = random.uniform() < 0.5
    var left = ceiling
    var input = model.sample
    for place in input.indices.shuffled(using: &random) {
      let sign = random.uniform() < 0.5 ? 1.0 : -1
      let change = (isCorner ? 1 : random.uniform()) * left * (1 - 1e-15)
      input[place] = min(1, max(0, input[place] + sign * change))
      if model.norm == .l1 { left -= abs(input[place] - model.sample[place]) }
    }
    return input
  }

  /// The input, the maxima and the distance as columns of the program, and the leaders of the maxima, with each
  /// constant at this share of its range.
  private static func point(
    of input: [Double], in model: DistortionModel, constantsAt share: Double = 0.5
  ) -> (columns: [Double], leaders: [Int]) {
    var variables = input
    var leaders: [Int] = []
    for maximum in model.form.maxima {
      let values = maximum.candidates.map { candidate in
        candidate.row.terms.reduce(
          candidate.row.lower * (1 - share) + candidate.row.upper * share
        ) { $0 + $1.factor * variables[$1.variable] }
      }
      let leader = values.indices.max { values[$0] < values[$1] } ?? 0
      leaders.append(leader)
      variables.append(values[leader])
    }
    let maxima = variables[input.count...]
    let changes = zip(input, model.sample).map { $0 - $1 }
    let columns =
      switch model.norm {
      case .l1: changes.map { max(0, $0) } + changes.map { max(0, -$0) } + maxima
      case .linf: input + maxima + [changes.reduce(0) { max($0, abs($1)) }]
      }
    return (columns, leaders)
  }

  /// The greatest distance of a column or a row from its bounds.
  private static func excess(of point: [Double], in program: LinearProgram) -> Double {
    let activities = (0..<program.rows).map { row in
      (program.rowStarts[row]..<program.rowStarts[row + 1]).reduce(0.0) {
        $0 + program.factors[$1] * point[program.indices[$1]]
      }
    }
    return (point + activities).enumerated().reduce(0) { worst, entry in
      max(
        worst, program.lower[entry.offset] - entry.element,
        entry.element - program.upper[entry.offset])
    }
  }

  @Test(arguments: ["Relu", "LeakyRelu", "MaxPool"], DistortionNorm.allCases)
  func everyInputKeepsToTheRowsOfItsParts(_ kind: String, _ norm: DistortionNorm) throws {
    var maxima = 0
    for index in 0..<8 {
      var random = SeededRandom(seed: Self.seed).stream("rows", index)
      let ceiling = 0.05 + random.uniform() / 2
      let model = try Self.model(
        kind, norm, within: ceiling, &random, holdingFor: index < 3 ? .exact : .anyFloat)
      var root = model.ranges(ceiling: ceiling)
      var pivots = 0
      #expect(model.propagate(&root, ceiling: ceiling))
      if index % 2 == 1 {
        #expect(model.tighten(&root, ceiling: ceiling, pivots: &pivots, while: { true }))
      }
      for _ in 0..<12 {
        let input = Self.input(of: model, within: ceiling, &random)
        let share = [0, 0.5, 1][Int(random.uniform() * 3)]
        let (point, leaders) = Self.point(of: input, in: model, constantsAt: share)
        var part = root
        let place = "\(kind), \(norm), \(index), seed \(Self.seed)"
        var order = model.maxima.indices.filter(part.isOpen)
        maxima += order.count
        while true {
          let program = model.program(over: part, ceiling: ceiling)
          #expect(Self.excess(of: point, in: program) <= Self.tolerance, "\(place)")
          guard !order.isEmpty else { break }
          let next = order.remove(at: Int(random.uniform() * Double(order.count)))
          part.choose([leaders[next]], in: next)
          #expect(model.propagate(&part, ceiling: ceiling), "\(place)")
        }
      }
    }
    #expect(maxima > 100)
  }

  /// Rows of the root serve its parts, and cones that are computed once serve all.
  @Test func narrowedProgramsKeepEveryInput() throws {
    var random = SeededRandom(seed: Self.seed).stream("narrowed", 0)
    var model = try Self.model("MaxPool", .l1, within: 0.8, &random)
    #expect(model.maxima.count > 2)
    var root = model.ranges(ceiling: 0.8)
    #expect(model.propagate(&root, ceiling: 0.8))
    model.cones = DistortionCones(model, over: root, ceiling: 0.8)
    for _ in 0..<40 {
      let input = Self.input(of: model, within: 0.5, &random)
      var part = root
      for (maximum, leader) in model.leaders(at: input).enumerated() where random.uniform() < 0.5 {
        part.choose([leader], in: maximum)
      }
      #expect(model.propagate(&part, ceiling: 0.5))
      var simplex = DualSimplex(model.program(over: root, ceiling: 0.8))
      model.narrow(&simplex, to: part)
      let point = Self.point(of: input, in: model).columns
      #expect(Self.excess(of: point, in: simplex.program) <= Self.tolerance, "seed \(Self.seed)")
    }
  }

  /// On the ball of the sum of changes a cone touches its maximum at the sample and at every corner, so that no other
  /// concave function above the maximum is lower.
  @Test func conesTouchTheirMaximaAtTheCorners() throws {
    var corners = 0
    for index in 0..<8 {
      var random = SeededRandom(seed: Self.seed).stream("cones", index)
      let ceiling = 0.2
      let model = try Self.model("MaxPool", .l1, within: ceiling, &random)
      var ranges = model.ranges(ceiling: ceiling)
      #expect(model.propagate(&ranges, ceiling: ceiling))
      let cones = DistortionCones(model, over: ranges, ceiling: ceiling).cones
      for (maximum, cone) in cones.enumerated() where ranges.isOpen(maximum) {
        guard model.maxima[maximum].allSatisfy({ !$0.readsMaxima }) else { continue }
        let start = Self.point(of: model.sample, in: model).columns[model.firstMaximum + maximum]
        #expect(abs(cone.start - start) < 1e-7)
        for change in cone.slopes.indices {
          var input = model.sample
          input[change % 4] += change < 4 ? ceiling : -ceiling
          guard input[change % 4] >= 0, input[change % 4] <= 1 else { continue }
          let value = Self.point(of: input, in: model).columns[model.firstMaximum + maximum]
          #expect(
            abs(cone.start + cone.slopes[change] * ceiling - value) < 1e-7,
            "seed \(Self.seed), \(index)")
          corners += 1
        }
      }
    }
    #expect(corners > 20)
  }

  /// The range of a linear function on a ball, against the knapsack that is filled in the order of its factors.
  @Test(arguments: 0..<20)
  func rangesOnBallsAreKnapsacks(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("knapsack", index)
    let count = 1 + index
    let layer = Networks.layer(count, 1, &random)
    let start = (0..<count).map { _ in Float(random.uniform()) }
    let ceiling = random.uniform() * Double(count) / 3
    let constraint = SafetyProperty.LinearConstraint(
      inputs: [], outputs: [.init(index: 0, coefficient: 1)], constant: 0,
      location: SourceLocation(document: "test"))
    let model = try MinimalDistortion(
      Networks.dense([layer]), from: start, within: start.map { _ in 0 }, start.map { _ in 1 },
      to: [constraint], norm: .l1, holdingFor: .exact
    ).model(within: ceiling)
    let (sample, factors) = (model.sample, layer.weights.map { Double($0) })
    let rooms = sample.map { 1 - $0 } + sample
    let range = model.constraints[0].range(
      over: (rooms.map { _ in 0 }, rooms), inputs: count, ceiling: ceiling, norm: .l1)
    func filled(_ sign: Double) -> Double {
      var (left, sum) = (ceiling, 0.0)
      let gains = factors.map { sign * $0 } + factors.map { -sign * $0 }
      for place in gains.indices.sorted(by: { gains[$0] > gains[$1] }) where gains[place] > 0 {
        let taken = min(left, rooms[place])
        sum += gains[place] * taken
        left -= taken
      }
      return sum
    }
    let constant = model.constraints[0]
    #expect(abs(range.upper - constant.upper - filled(1)) < 1e-12, "seed \(Self.seed)")
    #expect(abs(range.lower - constant.lower + filled(-1)) < 1e-12, "seed \(Self.seed)")
  }
}
