import EngineSupport
import TensorCore

/// A model's graph for inputs of known types and shapes: what only shapes decide was done once, work on reals runs
/// as a lowered program, and what must see other values first runs operator by operator.
///
/// Nothing is folded into weights, so every bit is that of the graph as its file says it.
struct SpecializedProgram: Sendable {
  /// Where a value of the lowered program comes from.
  enum Source: Sendable {
    /// An input of the model, by position.
    case input(Int)
    /// A result of the steps that run first, by position.
    case first(Int)
  }

  /// Where an output of the model comes from.
  enum Result: Sendable {
    case lowered(Int, shape: [Int])
    case known(RuntimeValue)
    case taken(Source)
  }

  /// The steps that run operator by operator.
  let first: EvaluationProgram
  let placeCount: Int
  let constants: [(place: Int, value: RuntimeValue)]
  /// For each input of the lowered program its source, and the shape it must have.
  let feeds: [(source: Source, shape: [Int])]
  let lowered: LoweredProgram
  let results: [Result]
  let path: KernelPath

  /// The model's outputs, or nil where a value has another shape than it had when this was made.
  func run(_ inputs: [RuntimeValue]) throws(Diagnostic) -> [RuntimeValue]? {
    var made: [RuntimeValue] = []
    if !first.steps.isEmpty {
      var execution = Execution(
        placeCount: placeCount, constants: constants, isRecording: false,
        limits: EvaluationBudget.Limits(), by: path)
      let held = inputs.map { execution.held($0) }
      made = try execution.run(first, on: held).map(\.value)
    }
    func value(_ source: Source) -> RuntimeValue {
      switch source {
      case .input(let position): inputs[position]
      case .first(let position): made[position]
      }
    }
    var workspace = Workspace(lowered, capacity: 1, KernelTable(Float.self, path))
    for (index, feed) in feeds.enumerated() {
      guard let tensor = value(feed.source).tensor as? Tensor<Float>, tensor.shape == feed.shape
      else { return nil }
      unsafe tensor.elements.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { unsafe workspace.write(base, toInput: index) }
      }
    }
    workspace.run(rows: 1)
    return results.map { result in
      switch result {
      case .known(let value): return value
      case .taken(let source): return value(source)
      case .lowered(let index, let shape):
        let elements = unsafe UnsafeBufferPointer(
          start: workspace.output(index).assumingMemoryBound(to: Float.self),
          count: shape.reduce(1, *))
        return unsafe .tensor(Tensor(shape: shape, elements: Array(elements)))
      }
    }
  }
}
