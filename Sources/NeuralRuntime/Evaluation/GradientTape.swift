import EngineSupport
import TensorCore

/// What a recorded run leaves behind: the operators that ran, in order, whatever branches and loops they
/// stood in.
///
/// Source: Griewank, Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3.
struct GradientTape {
  struct Entry {
    var operation: any Operator
    var operands: [Execution.Held?]
    var results: [Execution.Held]
    var name: String
    var location: SourceLocation?
  }

  let path: KernelPath
  private var entries: [Entry] = []

  init(path: KernelPath) { self.path = path }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// The gradients of ⟨cotangent, value⟩ with respect to the values of these origins; nil where the value
  /// does not depend on one. Contributions are added from the last operator to the first.
  func gradients<S: KernelScalar>(
    of value: Execution.Held, cotangent: Tensor<S>, withRespectTo origins: [Int]
  ) throws(Diagnostic) -> [Tensor<S>?] {
    var gradients: [Int: Tensor<S>] = [value.origin: cotangent]
    for entry in entries.reversed() {
      // Labels and indices beside the reals have no gradient.
      let reals = entry.results.filter { $0.value.tensor is Tensor<S> }
      let given = reals.map { gradients.removeValue(forKey: $0.origin) }
      guard given.contains(where: { $0 != nil }) else { continue }
      let outputs = reals.compactMap { $0.value.tensor as? Tensor<S> }
      let operands = entry.operands.compactMap { $0?.value.tensor as? Tensor<S> }
      guard let operation = entry.operation as? any DifferentiableOperator,
        operands.count == entry.operands.count
      else {
        throw Diagnostic(
          "onnx.operator.not-differentiable", "\(entry.name) has no derivative here",
          at: entry.location)
      }
      let cotangents = zip(given, outputs).map { $0 ?? Tensor(repeating: 0, shape: $1.shape) }
      let needs = entry.operands.map { ($0?.origin ?? -1) >= 0 }
      let contributions = operation.vjp(
        cotangents,
        at: OperatorRecord(operands: operands, outputs: outputs, needsGradient: needs),
        by: path)
      for (operand, contribution) in zip(entry.operands, contributions) {
        guard let operand, operand.origin >= 0, let contribution else { continue }
        gradients[operand.origin] =
          gradients[operand.origin].map { sum($0, contribution) } ?? contribution
      }
    }
    return origins.map { gradients[$0] }
  }
}

/// Element by element.
@specialized(where S == Float)
@specialized(where S == Double)
func sum<S: KernelScalar>(_ left: Tensor<S>, _ right: Tensor<S>) -> Tensor<S> {
  let addend = right.elements
  var result = left.elements
  for i in result.indices { result[i] += addend[i] }
  return Tensor(shape: left.shape, elements: result)
}
