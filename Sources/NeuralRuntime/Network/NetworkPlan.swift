import EngineSupport
import TensorCore

/// A checked model as operators over numbered values, ready to run in the file's order.
struct NetworkPlan: Sendable {
  /// Where an operand comes from.
  enum Source: Sendable {
    /// A value that depends on the input, by index.
    case value(Int)
    /// A constant, by index.
    case constant(Int)
  }

  /// One operator call.
  struct Step: Sendable {
    var name: String
    var operation: any RealOperator
    var operands: [Source]
    /// Indices of values.
    var results: [Int]
    var multiplyAdds: Int
    var location: SourceLocation
  }

  /// A value that depends on the input; the shape is that for one sample, with the batch axis if there is one.
  struct Value: Sendable {
    var name: String
    var shape: [Int]
  }

  var values: [Value] = []
  var constants: [DualTensor] = []
  /// The names in the file of constants that were not computed while planning.
  var parameterNames: [Int: String] = [:]
  var steps: [Step] = []
  /// Whether axis 0 of the input counts samples; otherwise a sample is the whole input.
  var hasBatchAxis = true
  var input = 0
  var output = 0

  /// The plan for one value, without the steps it does not need.
  func selecting(_ output: Int) -> NetworkPlan {
    var needed: Set<Int> = [output]
    var kept: [Step] = []
    for step in steps.reversed() where step.results.contains(where: needed.contains) {
      kept.append(step)
      for case .value(let index) in step.operands { needed.insert(index) }
    }
    var plan = self
    plan.steps = kept.reversed()
    plan.output = output
    return plan
  }

  /// The steps for any number of rows at once, or nil where some row would depend on others.
  var rowwiseSteps: [Step]? {
    guard hasBatchAxis else { return nil }
    var result: [Step] = []
    for var step in steps {
      let operands = step.operands.map { source in
        switch source {
        case .value(let index): OperandShape(values[index].shape, isBatched: true)
        case .constant(let index): OperandShape(constants[index].shape, isBatched: false)
        }
      }
      guard step.results.allSatisfy({ values[$0].shape.first == 1 }),
        let operation = step.operation.rowwise(operands)
      else { return nil }
      step.operation = operation
      result.append(step)
    }
    return result
  }

  /// The value before a Softmax at the end, looking through operators that pass their operand on.
  var valueBeforeFinalSoftmax: Int? {
    var index = output
    for step in steps.reversed() where step.results == [index] {
      guard case .value(let operand) = step.operands[0] else { return nil }
      if let softmax = step.operation as? Softmax, !softmax.isLogarithm { return operand }
      guard step.operation is Passing else { return nil }
      index = operand
    }
    return nil
  }

  /// The last step that reads each value, so that a forward pass can let go of it.
  static func lastUses(of steps: [Step]) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for (position, step) in steps.enumerated() {
      for case .value(let index) in step.operands { result[index] = position }
    }
    return result
  }
}
