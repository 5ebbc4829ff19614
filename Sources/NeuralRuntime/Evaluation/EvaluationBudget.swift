package import EngineSupport

/// What one run of a model may still take: an operator asks here before it makes room, so that a model of a
/// few bytes cannot take all memory or run without end.
package struct EvaluationBudget: Sendable {
  /// What a run may take at most; tests and fuzzers set less.
  package struct Limits: Sendable {
    /// Elementary steps.
    package var work = NetworkLimits.work
    /// Elements of all values that are alive at one time.
    package var elements = NetworkLimits.activations

    package init() {}
  }

  private let limits: Limits
  /// Elements of the values that are alive.
  private var living = 0
  private var work = 0

  package init(_ limits: Limits = Limits()) { self.limits = limits }

  /// Asks for room for a result, and for `steps` elementary steps beside one for each element.
  ///
  /// Returns the elements of the result. Errors: `onnx.shape.mismatch` for a negative length,
  /// `onnx.shape.too-large`.
  @discardableResult
  package mutating func claim(
    _ shape: [Int], for node: OperatorNode, work steps: Int = 0
  ) throws(Diagnostic) -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw node.mismatch("the result would have the shape \(shape)")
    }
    guard let count = NetworkLimits.volume(shape), living + count <= limits.elements
    else {
      throw Diagnostic(
        "onnx.shape.too-large",
        "\(node.operation): a result of the shape \(shape.prefix(NetworkLimits.rank + 1)) is over "
          + "\(NetworkLimits.elements) elements, or with the others over "
          + "\(limits.elements)", at: node.location)
    }
    try spend(count, for: node)
    try spend(steps, for: node)
    return count
  }

  /// Counts elementary steps; too many end the run.
  package mutating func spend(_ steps: Int, for node: OperatorNode) throws(Diagnostic) {
    let (sum, overflow) = work.addingReportingOverflow(max(steps, 0))
    work = sum
    guard !overflow, work <= limits.work else {
      throw Diagnostic(
        "onnx.work.too-large", "one run takes over \(limits.work) steps", at: node.location)
    }
  }

  mutating func hold(_ value: RuntimeValue) { living += value.elementCount }

  mutating func release(_ value: RuntimeValue) { living -= value.elementCount }
}
