public import EngineSupport
import NeuralRuntime
import PropertyFormat

/// The search: a first example, ranges narrowed by programs, then rounds of splitting.
extension MinimalDistortion {
  /// One task of a round: independent of the others.
  public struct Task: Sendable {
    let distortion: MinimalDistortion
    let model: DistortionModel
    let node: DistortionNode
    let known: Double
    let gap: Double

    public func callAsFunction() -> Outcome {
      Outcome(exploration: distortion.explored(node, by: model, known: known, gap: gap))
    }
  }

  /// What a task gives.
  public struct Outcome: Sendable {
    let exploration: DistortionExploration
  }

  /// Tasks of one round: the same for any number of jobs, so that the result is.
  static let roundTasks = 4
  /// Most multiplications that the cones of every task may take; where they take more, those of the root serve all.
  static let coneWork = 1 << 20

  /// The bracket, one task after the other; see `bracket(within:schedule:isTimeLeft:)`.
  public func bracket(
    within effort: DistortionEffort = DistortionEffort(), isTimeLeft: () -> Bool = { true }
  ) throws(Diagnostic) -> DistortionBracket {
    try bracket(within: effort, schedule: { $0.map { $0() } }, isTimeLeft: isTimeLeft)
  }

  /// The bracket.
  ///
  /// The result does not depend on how tasks are scheduled; with the same `isTimeLeft`, nothing does.
  ///
  /// - Parameters:
  ///   - schedule: Runs tasks, side by side if it likes, and gives their outcomes in the order of the tasks.
  ///   - isTimeLeft: Asked before each round; false ends the search with what is known.
  /// - Throws: `onnx.operator.not-piecewise-linear` names the first operator that is neither affine nor piecewise
  ///   linear; `network.bounds.too-large`, `network.bounds.unbounded`.
  public func bracket(
    within effort: DistortionEffort = DistortionEffort(), schedule: ([Task]) -> [Outcome],
    isTimeLeft: () -> Bool = { true }
  ) throws(Diagnostic) -> DistortionBracket {
    var tree = DistortionTree(effort: effort, example: firstExample(within: effort), of: self)
    var model = try self.model(within: tree.known)
    var root = narrowed(&model, &tree, isTimeLeft)
    // The nearer the first example, the smaller the box over which the network is relaxed.
    for attempt in 0..<4 {
      guard let node = root else { break }
      guard isTimeLeft() else {
        tree.wait(node)
        break
      }
      let first = explored(node, by: model, known: tree.known, gap: effort.gap)
      guard attempt < 3, first.distance < 0.95 * tree.known else {
        tree.take(first)
        break
      }
      tree.takeExample(of: first)
      model = try self.model(within: tree.known)
      root = narrowed(&model, &tree, isTimeLeft)
    }
    tree.maxima =
      root.map { node in model.maxima.indices.count(where: node.ranges.isOpen) } ?? 0
    while tree.isOpen, tree.hasEffort, isTimeLeft() {
      let round = tree.next(Self.roundTasks)
      let tasks = round.map {
        Task(distortion: self, model: model, node: $0, known: tree.known, gap: effort.gap)
      }
      for outcome in schedule(tasks) { tree.take(outcome.exploration) }
    }
    return tree.bracket
  }

  /// The network over the box within a distance.
  func model(within distance: Double) throws(Diagnostic) -> DistortionModel {
    let box = box(within: distance)
    let state = propagation.relaxed(
      over: BoxBatch(lower: box.lower, upper: box.upper, count: 1))
    var outputs: [Double] = []
    var inputs: [Double] = []
    let constraints = property.cases[0].constraints
    for constraint in constraints {
      var row = [Double](repeating: 0, count: property.outputCount)
      for term in constraint.outputs { row[term.index] += term.coefficient }
      outputs += row
      row = [Double](repeating: 0, count: property.inputCount)
      for term in constraint.inputs { row[term.index] += term.coefficient }
      inputs += row
    }
    let form = try propagation.piecewiseLinear(
      over: state, outputs: outputs, inputs: inputs, constants: constraints.map(\.constant))
    let model = DistortionModel(form, from: start, norm: norm)
    guard model.programSize <= LinearProgram.sizeLimit else {
      throw Diagnostic(
        "network.bounds.too-large",
        "the linear programs of \(form.maxima.count) maxima would be too large",
        hint:
          "a narrower range leaves fewer of them open; boxes of one size are proved by properties")
    }
    return model
  }

  /// The root, with the ranges of its maxima narrowed by programs; nil where nothing fits.
  private func narrowed(
    _ model: inout DistortionModel, _ tree: inout DistortionTree, _ isTimeLeft: () -> Bool
  ) -> DistortionNode? {
    guard tree.known > 0 else { return nil }
    var ranges = model.ranges(ceiling: tree.known)
    if DistortionCones.work(of: model) > Self.coneWork {
      guard model.propagate(&ranges, ceiling: tree.known) else { return nil }
      model.cones = DistortionCones(model, over: ranges, ceiling: tree.known)
    }
    for _ in 0..<3 {
      guard model.propagate(&ranges, ceiling: tree.known),
        model.tighten(&ranges, ceiling: tree.known, pivots: &tree.pivots, while: isTimeLeft)
      else { return nil }
    }
    return DistortionNode(ranges: ranges, bound: 0, basis: [], number: 0)
  }
}
